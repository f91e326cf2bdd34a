"""Months in addresses and in words: 2026-12 is "December 2026"."""

from datetime import date

from django.urls import register_converter

from calendars.words import MONTHS


class MonthConverter:
    """A month in an address, as the first day of it."""

    regex = r"20\d\d-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        """2026-12 is the first of December 2026."""
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        """The first of December 2026 is 2026-12."""
        return f"{value:%Y-%m}"


register_converter(MonthConverter, "month")


def month_name(month: date) -> str:
    """ "December 2026"."""
    return f"{MONTHS[month.month - 1]} {month.year}"
