"""A day in three boxes and a time in one, in the GOV.UK pattern, with sentences that say what to do."""

import re
from collections.abc import Sequence
from datetime import date, time

from crispy_forms_gds.fields import DateInputField
from django import forms
from django.core.exceptions import ValidationError

CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.ASCII)


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


class ClockField(forms.CharField):
    """A time of day as people write it: 10:30am, 2pm, 14:00. One without am or pm is read as 24 hours."""

    def __init__(self, *, missing: str = "Give the time", example: str = "10:30am", **kwargs) -> None:
        super().__init__(max_length=20, **kwargs)
        self.wrong = f"This is not a time. For example, {example}"
        self.error_messages |= {"required": missing, "max_length": self.wrong}

    def clean(self, value: str) -> time | None:
        """The time; any nonsense gets one sentence."""
        given = super().clean(value)
        if not given:
            return None
        found = CLOCK.fullmatch(given.strip().lower())
        if found is None or not (found[2] or found[3]):
            raise ValidationError(self.wrong)
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3] and not 1 <= hour <= 12 or hour > 23 or minute > 59:
            raise ValidationError(self.wrong)
        return time(hour % 12 + 12 * (found[3] == "pm"), minute) if found[3] else time(hour, minute)
