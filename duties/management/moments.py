"""`--now` of the commands: a moment with its zone."""

from datetime import datetime

from django.core.management.base import CommandError
from django.utils import timezone

EXAMPLE = "For example 2026-11-30T09:00:00+00:00."


def moment_of(given: str | None) -> datetime:
    """The moment that was given, or now. Anything else, and a time without a zone, is refused with a sentence."""
    if not given:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise CommandError(f"--now is not a date and time: {error}. {EXAMPLE}") from error
    if moment.tzinfo is None:
        raise CommandError(f"--now needs an offset. {EXAMPLE}")
    return moment
