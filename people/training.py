"""Until when a training counts (S4-34)."""

from datetime import date

from django.conf import settings

from calendars.rules import add_months_clamped


def expiry_of(trained_on: date | None) -> date | None:
    """So many months after the training as the council has set; never, where it set none."""
    months = settings.TRAINING_COUNTS_MONTHS
    return add_months_clamped(trained_on, months) if trained_on and months else None
