"""Dates and deadlines as pure arithmetic: working days in England, month ends, the audit year.

Days are `date`s of the London calendar; moments are aware `datetime`s, returned in UTC. A working
day is Monday to Friday and no bank holiday of England and Wales; `extra` holds the local closure
days that a council counts as holidays too (calendars.calendar). The day of an event is day 0.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
LAST_SECOND = time(23, 59, 59)
SATURDAY = 5
FOUR_WEEKS = timedelta(days=28)
RE_AUDIT_MONTHS = 2

Days = frozenset[date]
NO_DAYS: Days = frozenset()


def london_date(moment: datetime) -> date:
    """The calendar day in London at a moment. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(LONDON).date()


def today_in_london() -> date:
    """Today's date in London. Only at the edges: rules and verbs are given their day."""
    return datetime.now(LONDON).date()


def at_london(day: date, at: time) -> datetime:
    """A London wall-clock time as a moment in UTC; in the hour that comes twice, the first."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def exists_in_london(day: date, at: time) -> bool:
    """Whether a clock in London shows this time on this day: in March an hour is left out."""
    return at_london(day, at).astimezone(LONDON).time() == at


def end_of_day(day: date) -> datetime:
    """The last second of a London day, in UTC: when something due "on" a day falls due."""
    return at_london(day, LAST_SECOND)


def ends_its_day(moment: datetime) -> bool:
    """Whether a moment is the last second of its London day: what is due then is due "on" the day."""
    return moment.astimezone(LONDON).time().replace(microsecond=0) == LAST_SECOND


def is_late(moment: datetime, due_at: datetime) -> bool:
    """Whether `moment` lies after the second in which something was due: 23:59:59.9 is still in time."""
    return moment.replace(microsecond=0) > due_at


@cache
def bank_holidays(year: int) -> Days:
    """Bank holidays of England and Wales in a year, substitute days included (DOMAIN 8.1)."""
    return frozenset(holidays.country_holidays("UK", subdiv="ENG", years=year))


def is_working_day(day: date, extra: Days = NO_DAYS) -> bool:
    """Monday to Friday, no bank holiday, none of the `extra` closure days."""
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year) and day not in extra


def next_working_day(day: date, extra: Days = NO_DAYS) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while not is_working_day(day, extra):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, n: int, extra: Days = NO_DAYS) -> date:
    """The nth working day after `day`, or before it where n is negative.

    `day` is day 0 whatever it is, so 0 gives it back; the timescales of S1-48, S2-81 and the rest.
    """
    step = timedelta(days=1 if n > 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day, extra)
    return day


def working_days_between(a: date, b: date, extra: Days = NO_DAYS) -> int:
    """Working days after `a` up to and including `b`; negative when `b` lies before `a`."""
    if b < a:
        return -working_days_between(b, a, extra)
    days = (a + timedelta(days=n) for n in range(1, (b - a).days + 1))
    return sum(is_working_day(day, extra) for day in days)


def first_working_day(year: int, month: int, extra: Days = NO_DAYS) -> date:
    """By when the month's list of cases goes out (S1-02)."""
    return next_working_day(date(year, month, 1), extra)


def last_day_of_month(year: int, month: int) -> date:
    """The last calendar day of a month, whatever day of the week it is."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months_clamped(day: date, n: int) -> date:
    """The same day n months on (or back), the last day of a shorter month in its place."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), last_day_of_month(year, month + 1))


def month_end_due(year: int, month: int) -> datetime:
    """When a month's audits fall due: the last second of its last calendar day, a Sunday too (S1-15)."""
    return end_of_day(last_day_of_month(year, month))


def break_deadline(year: int, month: int) -> datetime:
    """The last second in which a break in a month can be asked for: the end of the month before (S1-05)."""
    return end_of_day(date(year, month, 1) - timedelta(days=1))


def in_time_for_break(moment: datetime, year: int, month: int) -> bool:
    """Whether a break asked for at `moment` counts as one; later it is an exemption's matter (S1-06)."""
    return not is_late(moment, break_deadline(year, month))


def four_weeks_review(day: date, extra: Days = NO_DAYS) -> date:
    """The progress review of an inadequate case: 28 days after confirmation, or the next working day (S1-59)."""
    return next_working_day(day + FOUR_WEEKS, extra)


def re_audit_due(day: date, months: int = RE_AUDIT_MONTHS) -> date:
    """The last day for the re-audit of a case whose grade was confirmed on `day` (S1-58)."""
    return add_months_clamped(day, months)


def audit_year(day: date, first_month: int = 4) -> int:
    """The audit year of a day, named by the calendar year in which it began (DOMAIN A3, S1-03)."""
    return day.year if day.month >= first_month else day.year - 1


def audit_year_bounds(year: int, first_month: int = 4) -> tuple[date, date]:
    """First and last day of an audit year."""
    start = date(year, first_month, 1)
    return start, add_months_clamped(start, 12) - timedelta(days=1)


def audited_period_start(audit_day: date, referral: date | None = None, months: int = 6) -> date:
    """Where the audited period begins: so many months back (S1-30).

    Under a programme that says so the caller gives the latest referral, and the shorter period
    counts (S2-34). A referral after `audit_day` is ignored: it cannot be in the period.
    """
    start = add_months_clamped(audit_day, -months)
    if referral is None or referral > audit_day:
        return start
    return max(start, referral)
