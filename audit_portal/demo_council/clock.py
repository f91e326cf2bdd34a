"""Moments of the demo: in office hours, in order, never after the moment at which the demo begins."""

import random
from datetime import date, datetime, time, timedelta

from calendars.rules import LONDON, add_working_days, at_london, is_working_day, london_date

OPENS, CLOSES = 9, 17


def office(moment: datetime) -> datetime:
    """The latest moment in office hours that is not after `moment`; keeps the order of two moments."""
    local = moment.astimezone(LONDON)
    day = local.date()
    if is_working_day(day) and OPENS <= local.hour < CLOSES:
        return moment
    if not is_working_day(day) or local.hour < OPENS:
        day = add_working_days(day, -1)
    return at_london(day, time(CLOSES - 1, 59))


def on_day(day: date, rng: random.Random) -> datetime:
    """Some time in office hours."""
    return at_london(day, time(rng.randint(OPENS, CLOSES - 1), rng.randint(0, 59)))


def later(moment: datetime, rng: random.Random, fewest: int, most: int) -> datetime:
    """Some working days after `moment`, in office hours."""
    return on_day(add_working_days(london_date(moment), rng.randint(max(fewest, 1), max(most, 1))), rng)


def spread(start: datetime, end: datetime, count: int) -> list[datetime]:
    """`count` moments in order from after `start` to `end`, in office hours where there are any."""
    step = (end - start) / count
    return [max(office(start + step * (number + 1)), start) for number in range(count)]


def working_days_before(moment: datetime, days: int) -> datetime:
    """The same time of day, so many working days earlier, in office hours."""
    local = office(moment).astimezone(LONDON)
    return at_london(add_working_days(local.date(), -days), local.time()) if days else office(moment)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months earlier; later where it is negative."""
    year, index = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(year, index + 1, 1)


A_MINUTE = timedelta(minutes=1)
