"""Template filters for dates and due times: `{% load dates %}`."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from calendars import words

register = template.Library()


@register.filter
def long_date(value: date | datetime | None) -> str:
    """ "Monday 30 November 2026"; nothing for nothing."""
    return words.long_date(value) if value else ""


@register.filter
def day_month(value: date | datetime | None) -> str:
    """ "Monday 30 November"; nothing for nothing."""
    return words.day_and_month(value) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """ "10:41am" in London; nothing for nothing."""
    return words.clock(value) if value else ""


@register.filter
def due_words(due_at: datetime | None, moment: words.Moment | datetime | None = None) -> str:
    """ "Due Monday 30 November, in 8 working days".

    The argument is the page's `Moment`, or a datetime; without one it is now and the council's
    own closure days are not counted.
    """
    if not due_at:
        return ""
    if not isinstance(moment, words.Moment):
        moment = words.Moment(moment or timezone.now())
    return words.due_in_words(due_at, *moment)
