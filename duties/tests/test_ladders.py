"""When the rungs of a ladder go off: pure arithmetic at fixed moments."""

from datetime import UTC, date, datetime

import pytest

from calendars.rules import end_of_day
from duties.ladders import gone_off, next_moment, rungs_of

DUE = end_of_day(date(2026, 11, 30))  # a Monday


def rung(name, when, offset, unit="working_days", tell=("holder",)):
    """A row of a stored ladder."""
    return {"name": name, "when": when, "offset": offset, "unit": unit, "tell": list(tell)}


def moment(row, due_at=DUE, extra=frozenset()):
    """When one rung goes off."""
    return rungs_of([row])[0].moment(due_at, extra)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (rung("two before", "before", 2), datetime(2026, 11, 26, 8, tzinfo=UTC)),
        (rung("on", "on", 0), datetime(2026, 11, 30, 8, tzinfo=UTC)),
        (rung("one after", "after", 1), datetime(2026, 12, 1, 8, tzinfo=UTC)),
        (rung("a week after", "after", 7, "calendar_days"), datetime(2026, 12, 7, 8, tzinfo=UTC)),
        (rung("two hours after", "after", 2, "hours"), datetime(2026, 12, 1, 1, 59, 59, tzinfo=UTC)),
    ],
)
def test_days_go_off_at_eight_in_the_morning_and_hours_to_the_second(row, expected):
    assert moment(row) == expected


def test_eight_in_the_morning_is_london_time_before_and_after_the_clocks_change():
    row = rung("one after", "after", 1, "calendar_days")
    assert moment(row, end_of_day(date(2026, 10, 23))) == datetime(2026, 10, 24, 7, tzinfo=UTC)
    assert moment(row, end_of_day(date(2026, 10, 24))) == datetime(2026, 10, 25, 8, tzinfo=UTC)


def test_a_closure_day_of_the_council_is_no_working_day():
    row = rung("two before", "before", 2)
    assert moment(row, extra=frozenset({date(2026, 11, 27)})) == datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_the_next_moment_is_later_than_the_one_given():
    rungs = rungs_of([rung("on", "on", 0), rung("one after", "after", 1)])
    first = datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert next_moment(rungs, DUE, datetime(2026, 11, 2, tzinfo=UTC)) == first
    assert next_moment(rungs, DUE, first) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert next_moment(rungs, DUE, datetime(2026, 12, 1, 8, tzinfo=UTC)) is None


def test_what_has_gone_off_comes_oldest_first():
    rungs = rungs_of([rung("late", "after", 1), rung("early", "before", 2), rung("never", "after", 9)])
    since, now = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
    assert [each.name for each in gone_off(rungs, DUE, since, now)] == ["early", "late"]
