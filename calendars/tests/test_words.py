"""Dates and due times in words, as the prototype shows them at 10:43am on Wednesday 18 November 2026."""

from datetime import UTC, date, datetime

import pytest

from calendars import words
from calendars.rules import LONDON, end_of_day, month_end_due
from calendars.templatetags import dates

NOW = datetime(2026, 11, 18, 10, 43, tzinfo=LONDON)


def at(*parts: int) -> datetime:
    """A moment given by the clock on a London wall."""
    return datetime(*parts, tzinfo=LONDON)


def test_dates():
    assert words.long_date(date(2026, 11, 30)) == "Monday 30 November 2026"
    assert words.day_and_month(date(2026, 11, 30)) == "Monday 30 November"


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (month_end_due(2026, 11), "due Monday 30 November 2026"),
        (at(2026, 11, 18, 14), "due Wednesday 18 November 2026 at 2pm"),
    ],
)
def test_by_when_in_an_email_is_true_whenever_it_is_read(due_at, expected):
    assert words.due_by(due_at) == expected


def test_a_moment_is_written_with_its_day_in_london():
    assert words.long_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wednesday 1 July 2026"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(2026, 11, 18, 10, 41), "10:41am"),
        (at(2026, 11, 18, 14), "2pm"),
        (at(2026, 11, 18, 14, 5), "2:05pm"),
        (at(2026, 11, 18, 12), "midday"),
        (at(2026, 11, 18, 0), "midnight"),
        (at(2026, 11, 18, 12, 30), "12:30pm"),
        (at(2026, 11, 18, 0, 5), "12:05am"),
        (datetime(2026, 7, 1, 13, 0, tzinfo=UTC), "2pm"),
    ],
)
def test_times_are_never_24_hours_and_always_london(moment, expected):
    assert words.clock(moment) == expected


SAYINGS = [
    (month_end_due(2026, 11), "Due Monday 30 November, in 8 working days"),
    (end_of_day(date(2026, 11, 16)), "Was due Monday 16 November, 2 working days ago"),
    (at(2026, 11, 18, 14), "Today at 2pm"),
    (at(2026, 11, 18, 9), "Was due today at 9am"),
    (end_of_day(date(2026, 11, 18)), "Due today"),
    (end_of_day(date(2026, 11, 19)), "Due Thursday 19 November, in 1 working day"),
    (at(2026, 11, 19, 14), "Due Thursday 19 November at 2pm, in 1 working day"),
    (end_of_day(date(2026, 11, 28)), "Due Saturday 28 November, in 7 working days"),
    (end_of_day(date(2026, 12, 11)), "Due Friday 11 December, in 17 working days"),
    (end_of_day(date(2027, 1, 4)), "Due Monday 4 January 2027, in 30 working days"),
    (end_of_day(date(2025, 12, 31)), "Was due Wednesday 31 December 2025, 224 working days ago"),
]


@pytest.mark.parametrize(("due", "expected"), SAYINGS)
def test_due_in_words(due, expected):
    assert words.due_in_words(due, NOW) == expected


@pytest.mark.parametrize(
    ("due", "now", "expected"),
    [
        (date(2026, 11, 29), at(2026, 11, 27, 17), "Due Sunday 29 November, before the next working day"),
        (date(2026, 11, 27), at(2026, 11, 29, 9), "Was due Friday 27 November"),
    ],
)
def test_over_a_week_end_there_is_no_working_day_to_count(due, now, expected):
    assert words.due_in_words(end_of_day(due), now) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (month_end_due(2026, 11), "Monday 30 November, in 8 working days"),
        (end_of_day(date(2026, 11, 16)), "Was due Monday 16 November, 2 working days ago"),
        (end_of_day(date(2026, 11, 18)), "Today"),
        (at(2026, 11, 18, 14), "Today at 2pm"),
    ],
)
def test_when_in_words_leaves_out_due(due, expected):
    assert words.when_in_words(due, NOW) == expected


def test_closure_days_that_count_as_holidays_are_not_counted():
    closed = frozenset({date(2026, 11, 20)})
    assert words.due_in_words(month_end_due(2026, 11), NOW, closed).endswith("in 7 working days")


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (at(2026, 11, 18, 10, 42), "overdue"),
        (end_of_day(date(2026, 11, 17)), "overdue"),
        (at(2026, 11, 18, 14), "today"),
        (end_of_day(date(2026, 11, 18)), "today"),
        (end_of_day(date(2026, 11, 19)), "week"),
        (end_of_day(date(2026, 11, 22)), "week"),
        (end_of_day(date(2026, 11, 23)), "later"),
        (month_end_due(2026, 12), "later"),
    ],
)
def test_groups(due, group):
    assert words.group_of(due, NOW) == group


def test_the_week_runs_over_the_new_year():
    assert words.group_of(end_of_day(date(2027, 1, 3)), at(2026, 12, 30, 9)) == "week"


def test_counts():
    assert [words.count(n, "working day") for n in (0, 1, 2)] == ["0 working days", "1 working day", "2 working days"]


def test_filters_say_the_same():
    due, moment = month_end_due(2026, 11), words.Moment(NOW)
    assert dates.due_words(due, moment) == dates.due_words(due, NOW) == SAYINGS[0][1]
    assert dates.when_words(due, moment) == "Monday 30 November, in 8 working days"
    assert dates.long_date(due) == "Monday 30 November 2026"
    assert dates.day_month(due) == "Monday 30 November"
    assert dates.clock(NOW) == "10:43am"


def test_a_filter_without_an_argument_takes_now():
    assert dates.due_words(month_end_due(2020, 1)).startswith("Was due")


@pytest.mark.parametrize("name", ["long_date", "day_month", "clock", "due_words", "when_words"])
def test_filters_of_nothing_are_nothing(name):
    assert getattr(dates, name)(None) == ""
