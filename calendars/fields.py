"""A day in three boxes, in the GOV.UK pattern, with sentences that say what to do."""

from collections.abc import Sequence
from datetime import date

from crispy_forms_gds.fields import DateInputField
from django.core.exceptions import ValidationError


class DayField(DateInputField):
    """Day, month and year. `missing` is said when nothing is given, `example` when it is no date."""

    def __init__(self, *, missing: str = "Give the day, month and year", example: str = "30 11 2026", **kwargs) -> None:
        super().__init__(**kwargs)
        self.wrong = f"This is not a date. Give day, month and year. For example, {example}"
        self.error_messages |= {"required": missing, "incomplete": missing}

    def clean(self, value: Sequence[str]) -> date | None:
        """The day; any nonsense gets one sentence."""
        if not any(value or ()) and not self.required:
            return None
        if not any(value or ()):
            raise ValidationError(self.error_messages["required"])
        try:
            day, month, year = (int(part) for part in value)
            if year < 1900:
                raise ValueError
            return date(year, month, day)
        except (TypeError, ValueError, OverflowError):
            raise ValidationError(self.wrong) from None
