"""Dates, times and due dates in words, as every page and e-mail says them. London time throughout."""

from datetime import date, datetime
from typing import NamedTuple

from calendars.rules import LONDON, NO_DAYS, Days, ends_its_day, is_late, london_date, working_days_between

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Moment(NamedTuple):
    """Now, and the closure days that a council counts as holidays (calendars.calendar.this_moment)."""

    now: datetime
    extra: Days = NO_DAYS


def day_of(value: date | datetime) -> date:
    """The London day of a date or a moment."""
    return london_date(value) if isinstance(value, datetime) else value


def long_date(value: date | datetime) -> str:
    """ "Monday 30 November 2026": in records, and where the year is not this one."""
    return f"{day_and_month(value)} {day_of(value).year}"


def day_and_month(value: date | datetime) -> str:
    """ "Monday 30 November"."""
    day = day_of(value)
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def clock(moment: datetime) -> str:
    """ "10:41am", "2pm", "midday", "midnight": London, never 24 hours."""
    local = moment.astimezone(LONDON)
    if local.hour % 12 == 0 and local.minute == 0:
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def due_in_words(due_at: datetime, now: datetime, extra: Days = NO_DAYS) -> str:
    """A due time in a sentence of its own: "Due Monday 30 November, in 8 working days".

    Working days are counted from tomorrow. Something due at the end of a day shows no time.
    """
    when = when_in_words(due_at, now, extra)
    if london_date(due_at) == london_date(now):
        return "Due today" if when == "Today" else when
    return when if when.startswith("Was due") else f"Due {when}"


def when_in_words(due_at: datetime, now: datetime, extra: Days = NO_DAYS) -> str:
    """The same where the place already says that it is due: "Monday 30 November, in 8 working days"."""
    due, today = london_date(due_at), london_date(now)
    if due == today:
        return f"{'Was due today' if is_late(now, due_at) else 'Today'}{_at(due_at)}"
    day = day_and_month(due) if due.year == today.year else long_date(due)
    distance = _distance(working_days_between(today, due, extra), due < today)
    return f"{'Was due ' if due < today else ''}{day}{_at(due_at)}{distance}"


def due_by(due_at: datetime) -> str:
    """ "due Monday 30 November 2026": true whenever it is read, so in e-mails."""
    return f"due {long_date(due_at)}{_at(due_at)}"


def group_of(due_at: datetime, now: datetime) -> str:
    """Where a duty stands in a list: "overdue", "today", "week" (until Sunday) or "later"."""
    if is_late(now, due_at):
        return "overdue"
    due, today = london_date(due_at), london_date(now)
    if due == today:
        return "today"
    return "week" if due.isocalendar()[:2] == today.isocalendar()[:2] else "later"


def count(n: int, noun: str) -> str:
    """ "1 working day", "8 working days"."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _at(due_at: datetime) -> str:
    """ " at 2pm", and nothing for the end of the day."""
    return "" if ends_its_day(due_at) else f" at {clock(due_at)}"


def _distance(working_days: int, is_past: bool) -> str:
    """How far away, in working days; over a week-end there may be none between."""
    if working_days == 0:
        return "" if is_past else ", before the next working day"
    distance = count(abs(working_days), "working day")
    return f", {distance} ago" if is_past else f", in {distance}"
