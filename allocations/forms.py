"""Forms of a round: which month, why a frame is frozen again, breaks and their reasons."""

from datetime import date

from django import forms

from allocations.models import Break, Draw
from allocations.months import month_name


class PlanForm(forms.Form):
    """One of the months that can be planned now."""

    month = forms.ChoiceField(error_messages={
        "required": "Choose a month to plan.",
        "invalid_choice": "That month cannot be planned now. Choose one of these.",
    })

    def __init__(self, *args, months: list[date], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(f"{month:%Y-%m}", month_name(month)) for month in months]

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")


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
