"""Template filters for dates and due times: `{% load dates %}`."""

from datetime import UTC, date, datetime

from django import template

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
    """ "Due Monday 30 November, in 8 working days"; nothing for nothing.

    The argument is the page's `Moment`, or a datetime; without one it is now and the council's
    own closure days are not counted.
    """
    return words.due_in_words(due_at, *as_moment(moment)) if due_at else ""


@register.filter
def when_words(due_at: datetime | None, moment: words.Moment | datetime | None = None) -> str:
    """The same without "Due", for lists and tables under such a heading."""
    return words.when_in_words(due_at, *as_moment(moment)) if due_at else ""


def as_moment(moment: words.Moment | datetime | None) -> words.Moment:
    """The filter's argument as a `Moment`."""
    return moment if isinstance(moment, words.Moment) else words.Moment(moment or datetime.now(UTC))
