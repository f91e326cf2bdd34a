"""Forms of Part B: an action confirmed, an action that cannot be done, the supervision record."""

from datetime import date

from django import forms
from django.utils import timezone

from calendars.fields import DayField
from calendars.rules import london_date
from followup.models import PartB
from followup.workflow import REFLECTIONS


def not_in_the_future(day, example: str):
    """A day that has come."""
    if day and day > london_date(timezone.now()):
        raise forms.ValidationError(f"The date must be today or in the past. For example, {example}.")
    return day


class ConfirmForm(forms.Form):
    """What shows that an action is done, and when it was (S1-53)."""

    evidence = forms.CharField(
        label="What shows that it is done?",
        max_length=10_000,
        error_messages={"required": "Say what shows that it is done"},
    )
    done_on = DayField(
        label="When was it done?",
        example="18 11 2026",
        missing="Give the day on which it was done. For example, 18 11 2026",
    )

    def clean_done_on(self):
        """Done means done."""
        return not_in_the_future(self.cleaned_data["done_on"], "18 11 2026")


class GiveUpForm(forms.Form):
    """Why an action cannot be done as written."""

    because = forms.CharField(
        label="Why can it not be done?",
        max_length=10_000,
        error_messages={"required": "Say why it cannot be done as written"},
    )


class SupervisionForm(forms.ModelForm):
    """The discussion of the findings, and looking back (S1-56, S2-82, S2-85)."""

    supervision_on = DayField(
        label="Date of the supervision",
        example="18 11 2026",
        missing="Give the date of the supervision. For example, 18 11 2026",
    )

    class Meta:
        model = PartB
        fields = ["discussion", *REFLECTIONS]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["supervision_on"] = self.instance.supervision_on
        self.fields["discussion"].required = True
        self.fields["discussion"].error_messages["required"] = "Say what you discussed"

    def clean_supervision_on(self):
        """A supervision that was held."""
        return not_in_the_future(self.cleaned_data["supervision_on"], "18 11 2026")

    @property
    def supervision_parts(self) -> list:
        """Day, month and year as typed, or as recorded."""
        value = self["supervision_on"].value()
        return [value.day, value.month, value.year] if isinstance(value, date) else value or []

    def values(self) -> dict:
        """The fields of record_supervision."""
        data = dict(self.cleaned_data)
        return {"on": data.pop("supervision_on"), **data}
