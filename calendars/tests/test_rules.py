"""Every value for dates in the domain notes (sections 2 and 8.1), and the edges beside them. No database."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import rules
from calendars.rules import LONDON


def at(*parts: int) -> datetime:
    """A moment given by the clock on a London wall."""
    return datetime(*parts, tzinfo=LONDON)


HOLIDAYS = {
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],
    2028: ["01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"],
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_bank_holidays_on_weekdays_with_their_substitutes(year):
    found = sorted(f"{day:%m-%d}" for day in rules.bank_holidays(year) if day.weekday() < 5)
    assert found == HOLIDAYS[year]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 18), True),  # a Wednesday
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2028, 1, 3), False),  # the substitute for New Year's Day
        (date(2026, 8, 3), True),  # a holiday in Scotland only
    ],
)
def test_working_days(day, expected):
    assert rules.is_working_day(day) is expected


FIRST_WORKING_DAYS = [
    "2026-01-02", "2026-02-02", "2026-03-02", "2026-04-01", "2026-05-01", "2026-06-01",
    "2026-07-01", "2026-08-03", "2026-09-01", "2026-10-01", "2026-11-02", "2026-12-01",
    "2027-01-04", "2027-02-01", "2027-03-01", "2027-04-01", "2027-05-04", "2027-06-01",
    "2027-07-01", "2027-08-02", "2027-09-01", "2027-10-01", "2027-11-01", "2027-12-01",
    "2028-01-04", "2028-04-03",
]  # fmt: skip


@pytest.mark.req("S1-02")
@pytest.mark.parametrize("expected", [date.fromisoformat(text) for text in FIRST_WORKING_DAYS])
def test_the_list_goes_out_by_the_first_working_day(expected):
    assert rules.first_working_day(expected.year, expected.month) == expected


@pytest.mark.req("S1-02")
def test_a_closure_day_that_counts_as_a_holiday_moves_the_first_working_day():
    closed = frozenset({date(2026, 12, 1)})
    assert rules.first_working_day(2026, 12, closed) == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("asked", "year", "month", "in_time"),
    [
        (at(2026, 1, 31, 23, 59, 59), 2026, 2, True),
        (at(2026, 1, 31, 23, 59, 59, 999_999), 2026, 2, True),
        (at(2026, 2, 1, 0, 0, 0), 2026, 2, False),
        # April: the clocks went forward on 29 March, so midnight in London is 23:00 UTC.
        (datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC), 2026, 4, True),
        (datetime(2026, 3, 31, 23, 0, 0, tzinfo=UTC), 2026, 4, False),
        # November: the clocks went back on 25 October, so London is on UTC again.
        (datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), 2026, 11, True),
        (datetime(2026, 11, 1, 0, 0, 0, tzinfo=UTC), 2026, 11, False),
        (at(2026, 12, 31, 23, 59, 59), 2027, 1, True),
    ],
)
def test_a_break_is_asked_for_before_the_month_begins_in_london(asked, year, month, in_time):
    assert rules.in_time_for_break(asked, year, month) is in_time


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2026, 2, datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)),
        (2026, 4, datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)),
        (2026, 11, datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)),
        (2027, 1, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_break_deadline_is_the_last_second_of_the_month_before(year, month, expected):
    assert rules.break_deadline(year, month) == expected
    assert rules.break_deadline(year, month).tzinfo is UTC


@pytest.mark.req("S1-15", "A12")
@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2027, 2, datetime(2027, 2, 28, 23, 59, 59, tzinfo=UTC)),  # a Sunday, and it stays one
        (2028, 2, datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)),
        (2026, 11, datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)),
        (2026, 12, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (2026, 8, datetime(2026, 8, 31, 22, 59, 59, tzinfo=UTC)),  # a bank holiday, in summer time
        (2026, 3, datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)),
        (2026, 10, datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_audits_are_due_at_the_end_of_the_last_calendar_day(year, month, expected):
    assert rules.month_end_due(year, month) == expected
    assert rules.month_end_due(year, month).tzinfo is UTC


@pytest.mark.req("S1-48")
@pytest.mark.parametrize(
    ("returned", "due"),
    [
        (date(2026, 12, 24), date(2026, 12, 31)),
        (date(2026, 4, 1), date(2026, 4, 8)),
        (date(2026, 11, 20), date(2026, 11, 25)),
        (date(2027, 3, 25), date(2027, 4, 1)),
    ],
)
def test_a_returned_audit_is_due_back_on_the_third_working_day(returned, due):
    assert rules.add_working_days(returned, 3) == due


@pytest.mark.req("S2-81")
@pytest.mark.parametrize(
    ("told", "due"),
    [
        (date(2026, 12, 24), date(2027, 1, 5)),
        (date(2026, 4, 1), date(2026, 4, 10)),
        (date(2026, 11, 20), date(2026, 11, 27)),
        (date(2027, 3, 25), date(2027, 4, 5)),
    ],
)
def test_part_b_of_an_inadequate_audit_is_due_on_the_fifth_working_day(told, due):
    assert rules.add_working_days(told, 5) == due


@pytest.mark.parametrize(
    ("confirmed", "due"),
    [
        (date(2026, 12, 30), date(2027, 2, 28)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2026, 11, 20), date(2027, 1, 20)),
        (date(2026, 8, 31), date(2026, 10, 31)),
        (date(2027, 12, 31), date(2028, 2, 29)),
    ],
)
def test_a_re_audit_is_due_two_calendar_months_after_confirmation(confirmed, due):
    assert rules.re_audit_due(confirmed) == due


@pytest.mark.parametrize(
    ("confirmed", "due"),
    [
        (date(2026, 12, 30), date(2027, 1, 27)),
        (date(2026, 11, 20), date(2026, 12, 18)),
        (date(2026, 8, 31), date(2026, 9, 28)),
        (date(2026, 12, 4), date(2027, 1, 4)),  # day 28 is New Year's Day, a Friday
    ],
)
def test_the_review_is_due_after_28_days_or_on_the_next_working_day(confirmed, due):
    assert rules.four_weeks_review(confirmed) == due


@pytest.mark.req("S1-30")
@pytest.mark.parametrize(
    ("audit_day", "start"),
    [(date(2026, 11, 15), date(2026, 5, 15)), (date(2026, 8, 31), date(2026, 2, 28))],
)
def test_the_audited_period_is_the_last_six_months(audit_day, start):
    assert rules.audited_period_start(audit_day) == start


@pytest.mark.parametrize(
    ("referral", "start"),
    [
        (date(2026, 9, 1), date(2026, 9, 1)),  # the later referral makes the period shorter
        (date(2026, 1, 5), date(2026, 5, 15)),  # six months are the shorter period
        (date(2026, 11, 20), date(2026, 5, 15)),  # after the audit: not in the period at all
        (None, date(2026, 5, 15)),
    ],
)
def test_the_period_is_since_the_latest_referral_where_that_is_shorter(referral, start):
    assert rules.audited_period_start(date(2026, 11, 15), referral) == start


@pytest.mark.req("S1-03", "A3")
@pytest.mark.parametrize(
    ("day", "first_month", "year"),
    [
        (date(2026, 3, 31), 4, 2025),
        (date(2026, 4, 1), 4, 2026),
        (date(2026, 12, 31), 4, 2026),
        (date(2026, 1, 1), 1, 2026),
        (date(2026, 8, 31), 9, 2025),
    ],
)
def test_the_audit_year_begins_with_its_first_month(day, first_month, year):
    assert rules.audit_year(day, first_month) == year
    first, last = rules.audit_year_bounds(year, first_month)
    assert first <= day <= last


def test_the_bounds_of_the_financial_year():
    assert rules.audit_year_bounds(2026) == (date(2026, 4, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("n", "expected"),
    [(0, date(2027, 2, 28)), (-1, date(2027, 2, 26)), (-2, date(2027, 2, 25)), (1, date(2027, 3, 1))],
)
def test_working_days_count_both_ways_from_a_sunday(n, expected):
    assert rules.add_working_days(date(2027, 2, 28), n) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (date(2026, 11, 18), date(2026, 11, 30), 8),
        (date(2026, 11, 18), date(2026, 11, 16), -2),
        (date(2026, 11, 18), date(2026, 11, 18), 0),
        (date(2026, 11, 20), date(2026, 11, 22), 0),
        (date(2026, 12, 24), date(2027, 1, 5), 5),
    ],
)
def test_working_days_between_count_from_tomorrow(a, b, expected):
    assert rules.working_days_between(a, b) == expected


def test_local_closures_lengthen_a_period_only_where_given():
    closed = frozenset({date(2026, 11, 23)})
    assert rules.add_working_days(date(2026, 11, 20), 3, closed) == date(2026, 11, 26)
    assert rules.working_days_between(date(2026, 11, 18), date(2026, 11, 30), closed) == 7


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_added_with_the_end_of_a_short_month_as_limit(day, n, expected):
    assert rules.add_months_clamped(day, n) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), date(2026, 11, 30)),
    ],
)
def test_the_day_is_the_one_in_london(moment, expected):
    assert rules.london_date(moment) == expected


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        rules.london_date(datetime(2026, 11, 30, 12))


def test_today_in_london_is_a_date_of_now():
    assert abs(rules.today_in_london() - datetime.now(UTC).date()) <= timedelta(days=1)


@pytest.mark.parametrize(("second", "late"), [(time(23, 59, 59), False), (time(23, 59, 59, 900_000), False)])
def test_the_last_second_of_the_day_is_still_in_time(second, late):
    assert rules.is_late(rules.at_london(date(2026, 11, 30), second), rules.month_end_due(2026, 11)) is late


def test_midnight_is_late():
    assert rules.is_late(at(2026, 12, 1, 0, 0), rules.month_end_due(2026, 11))


DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(DAYS, st.integers(1, 60))
def test_adding_working_days_and_counting_them_agree(day, n):
    end = rules.add_working_days(day, n)
    assert rules.is_working_day(end)
    assert rules.working_days_between(day, end) == n


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_working_days_add_up_over_a_day_in_between(day, first, second):
    middle, end = day + timedelta(days=first), day + timedelta(days=first + second)
    parts = rules.working_days_between(day, middle) + rules.working_days_between(middle, end)
    assert parts == rules.working_days_between(day, end)


@given(DAYS)
def test_the_end_of_a_day_is_its_last_second_in_london(day):
    assert rules.london_date(rules.end_of_day(day)) == day
    assert rules.london_date(rules.end_of_day(day) + timedelta(seconds=1)) == day + timedelta(days=1)
