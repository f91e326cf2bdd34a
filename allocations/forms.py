"""Forms of a round: which month, and why a frame is frozen again."""

from datetime import date

from django import forms

from allocations.models import Draw
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
