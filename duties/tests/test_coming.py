"""What happens if a duty is not done, in words: who besides its holder is told next, and when."""

from datetime import UTC, date, datetime

import pytest

from calendars.rules import end_of_day
from calendars.words import Moment
from duties.coming import in_words, who
from duties.models import Duty, Ladder

DUE = end_of_day(date(2026, 11, 30))  # a Monday


def rung(name, when, offset, *tell, unit="working_days", **more):
    return {"name": name, "when": when, "offset": offset, "unit": unit, "tell": list(tell), **more}


def said(now, *rungs, **options):
    """What stands beside a duty due on 30 November that was opened on the second."""
    duty = Duty(due_at=DUE, opened_at=datetime(2026, 11, 2, 9, tzinfo=UTC), ladder=Ladder(rungs=list(rungs)))
    return in_words(duty, Moment(now), **options)


CLIMBS = (
    rung("early", "before", 2, "holder"),
    rung("late", "after", 1, "holder", "pq"),
    rung("later", "after", 5, "holder", "pq", "line_manager"),
)


@pytest.mark.parametrize(("day", "expected"), [
    (24, "On Tuesday 1 December Performance and Quality are told"),
    (30, "Tomorrow Performance and Quality are told"),
])
def test_the_first_who_is_not_the_holder(day, expected):
    assert said(datetime(2026, 11, day, 12, tzinfo=UTC), *CLIMBS) == expected


def test_early_on_the_day_itself():
    assert said(datetime(2026, 12, 1, 7, tzinfo=UTC), *CLIMBS) == "Today Performance and Quality are told"


def test_after_that_those_who_have_not_been_told():
    assert said(datetime(2026, 12, 1, 12, tzinfo=UTC), *CLIMBS) == "On Monday 7 December your line manager is told"
    assert said(datetime(2026, 12, 1, 12, tzinfo=UTC), *CLIMBS, is_mine=False).endswith("the line manager is told")


def test_nobody_is_left():
    assert said(datetime(2026, 12, 9, tzinfo=UTC), *CLIMBS) == ""
    assert said(datetime(2026, 11, 9, tzinfo=UTC), CLIMBS[0]) == ""
    assert in_words(Duty(due_at=DUE, ladder=None), Moment(DUE)) == ""


def test_a_rung_that_repeats_tells_the_same_again():
    again = rung("again", "after", 1, "holder", "pq", repeat=5)
    assert said(datetime(2026, 12, 2, tzinfo=UTC), again) == "On Tuesday 8 December Performance and Quality are told"


def test_the_leaders_digest_is_nobody_who_is_told():
    counted = rung("late", "after", 1, "holder", "pq", "slt_digest")
    assert said(datetime(2026, 11, 30, 12, tzinfo=UTC), counted) == "Tomorrow Performance and Quality are told"
    assert said(datetime(2026, 11, 30, 12, tzinfo=UTC), rung("late", "after", 1, "holder", "slt_digest")) == ""


def test_hours_name_the_clock():
    hour = rung("one hour", "on", 0, "holder", "group_manager", unit="hours")
    assert said(datetime(2026, 11, 30, 12, tzinfo=UTC), hour) == "Today at 11:59pm the group manager is told"


def test_the_next_year_is_named():
    late = rung("long", "after", 40, "pq", unit="calendar_days")
    expected = "On Saturday 9 January 2027 Performance and Quality are told"
    assert said(datetime(2026, 12, 2, tzinfo=UTC), late) == expected


def test_several_are_joined():
    assert who(["holder", "pq", "group_manager"], is_mine=True) == "you, Performance and Quality and the group manager"
