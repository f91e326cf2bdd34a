"""Forms of a round: what is planned, why a frame is frozen again, a certificate to replay, breaks and reasons."""

from datetime import date

from crispy_forms_gds.layout import Field, Fluid
from django import forms

from allocations.models import Break, Draw
from allocations.months import month_name
from allocations.replays import MOST_BYTES, TOO_LARGE
from calendars.fields import DayField
from calendars.rules import today_in_london
from people.forms import VerbForm, choice, day, helper, line, pick

KINDS = {
    "month": "The month’s list, done by the end of the month",
    "no_notice": "Cases without notice, on one day",
    "day": "Cases on one day, with notice",
}
AS_MANY = "Empty: as many as the auditors on duty can take."


def wanted_field(hint: str) -> forms.IntegerField:
    """How many cases to draw."""
    sentence = "Give a whole number of cases, from 1 to 5,000, or leave it empty"
    return forms.IntegerField(
        label="How many cases?", required=False, min_value=1, max_value=5_000, help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
    )


class PlanForm(VerbForm):
    """A month, and what is audited in it: the month's list, or the cases of one day."""

    month = forms.ChoiceField(label="Month", error_messages={
        "required": "Choose a month to plan.",
        "invalid_choice": "That month cannot be planned now. Choose one of these.",
    })
    kind = forms.ChoiceField(label="What is audited?", choices=list(KINDS.items()), widget=forms.RadioSelect,
                             required=False, error_messages={"invalid_choice": "Choose what is audited"})
    audit_day = DayField(label="On which day?", required=False, example="16 12 2026",
                         help_text="Only for the cases of one day. For example, 16 12 2026")
    wanted = wanted_field(AS_MANY)

    def __init__(self, *args, months: list[date], hint: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(f"{month:%Y-%m}", month_name(month)) for month in months]
        self.fields["wanted"].help_text = f"{AS_MANY} {hint}".strip()
        self.initial.setdefault("kind", "month")
        self.helper = helper(pick("month"), choice("kind"), day("audit_day"), line("wanted", Fluid.ONE_QUARTER),
                             button="Plan this round")

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")

    def clean(self) -> dict:
        """One day needs its day, which is in the month and not over; a month has none."""
        data = super().clean()
        data["kind"] = kind = data.get("kind") or "month"
        on, month = data.get("audit_day"), data.get("month")
        if kind == "month":
            data["audit_day"] = None
        elif month and "audit_day" not in self.errors:
            if on is None or on.replace(day=1) != month:
                self.add_error("audit_day", f"Give a day in {month_name(month)}")
            elif on < today_in_london():
                self.add_error("audit_day", "Give a day that is not over")
        return data

    def values(self) -> dict:
        """As the verb takes them."""
        given = self.cleaned_data
        return {"month": given["month"], "audit_day": given["audit_day"], "wanted": given["wanted"],
                "is_no_notice": given["kind"] == "no_notice"}


class ReplayForm(forms.Form):
    """A certificate, of this installation or another."""

    file = forms.FileField(
        label="The certificate", help_text=f"A JSON file, at most {MOST_BYTES // 1024 // 1024} MB. It is not kept.",
        error_messages={"required": "Choose the certificate: the JSON file that the draw page gives",
                        "empty": "This file is empty. Choose the certificate of a draw."},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("file", context={"label_size": "govuk-label--s"}), button="Replay this certificate")

    def clean_file(self):
        """Size only; the rest is found by reading."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


class FreezeForm(forms.Form):
    """The reason for freezing the frame again; not asked the first time."""

    reason = forms.CharField(max_length=Draw._meta.get_field("reason").max_length, error_messages={
        "required": "Say why the frame is frozen again: the reason is on the certificate.",
        "max_length": "The reason must be 300 characters or fewer.",
    })

    def __init__(self, *args, again: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = again


class AskForm(forms.Form):
    """The month of a break, as it stands in addresses."""

    month = forms.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", error_messages={
        "required": "Choose a month for the break.", "invalid": "Choose a month for the break.",
    })

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")


class GrantForm(forms.Form):
    """Why a break is granted above the limit."""

    reason = forms.CharField(max_length=Break._meta.get_field("override_reason").max_length, error_messages={
        "required": "Say why the break is granted above the limit: the reason stays in the audit trail.",
        "max_length": "The reason must be 300 characters or fewer.",
    })


class MoveForm(forms.Form):
    """Who goes to which place in the waiting list, and why."""

    wish = forms.IntegerField(min_value=1)
    place = forms.IntegerField(min_value=1, max_value=10_000, error_messages={
        "required": "Choose the new place.", "invalid": "Choose the new place.",
        "min_value": "Choose the new place.", "max_value": "Choose the new place.",
    })
    reason = forms.CharField(max_length=300, error_messages={
        "required": "Say why the order changes: the reason stays in the audit trail.",
        "max_length": "The reason must be 300 characters or fewer.",
    })
