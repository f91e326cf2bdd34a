"""Rounds in addresses, and months one after the other: /rounds/2026-12/ is the round of December 2026."""

from datetime import date
from typing import NamedTuple

from django.urls import register_converter

from calendars.months import MonthConverter, month_name
from calendars.rules import add_months_clamped

__all__ = ["NO_NOTICE", "MonthConverter", "RoundConverter", "RoundKey", "month_name", "months_between", "months_from"]
NO_NOTICE = "-no-notice"


class RoundKey(NamedTuple):
    """What tells one round from another in addresses: its month, and whether nobody hears of it before the day."""

    month: date
    is_no_notice: bool = False

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}{NO_NOTICE if self.is_no_notice else ''}"


class RoundConverter:
    """A round in an address: 2026-12, or 2026-12-no-notice."""

    regex = rf"{MonthConverter.regex}(?:{NO_NOTICE})?"

    def to_python(self, value: str) -> RoundKey:
        """2026-12-no-notice is the round of December 2026 that nobody hears of."""
        return RoundKey(date.fromisoformat(f"{value[:7]}-01"), value.endswith(NO_NOTICE))

    def to_url(self, value: RoundKey | str) -> str:
        """A key, or a round's slug."""
        return str(value)


register_converter(RoundConverter, "round")


def months_between(first: date, last: date) -> list[date]:
    """The months of all days between two."""
    return months_from(first, (last.year - first.year) * 12 + last.month - first.month + 1)


def months_from(first: date, count: int) -> list[date]:
    """So many months, the first one included."""
    return [add_months_clamped(first.replace(day=1), step) for step in range(count)]
