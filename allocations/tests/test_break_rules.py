"""The arithmetic of breaks, with the values of DOMAIN.md; no database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from allocations.breaks.rules import allows, is_too_small, must_break, places
from calendars.rules import in_time_for_break

CAPS = {0: 0, 1: 0, 4: 0, 5: 1, 7: 1, 9: 1, 10: 2, 14: 2, 15: 3, 19: 3, 20: 4, 24: 4, 25: 5, 49: 9, 50: 10}


@pytest.mark.req("S1-07", "A5")
@pytest.mark.parametrize(("pool", "expected"), CAPS.items())
def test_a_fifth_of_the_pool_rounded_down(pool, expected):
    assert places(pool) == expected
    assert allows(expected, pool)
    assert not allows(expected + 1, pool)


@pytest.mark.req("A5")
def test_the_limit_is_counted_in_whole_numbers():
    assert all(places(pool) == pool // 5 for pool in range(10_000))
    assert places(100, 29) == 29  # in floating point 0.29 * 100 is 28.999…


@pytest.mark.req("A4", "S1-04")
def test_the_pools_in_which_two_breaks_for_all_and_the_limit_cannot_both_hold():
    assert [pool for pool in range(1, 61) if is_too_small(pool)] == [1, 2, 3, 4, 7, 8, 9, 13, 14, 19]
    assert not any(is_too_small(pool) for pool in range(20, 2000))


@pytest.mark.req("A4")
@pytest.mark.parametrize(("months", "breaks", "must"), [
    (2, 2, True), (1, 2, True), (1, 1, True), (0, 1, True), (3, 2, False), (2, 1, False), (0, 0, False), (4, 0, False),
])
def test_who_has_as_many_breaks_as_months_left_must_take_them(months, breaks, must):
    assert must_break(months, breaks) == must


@pytest.mark.req("A6", "S1-05", "S1-06")
@pytest.mark.parametrize(("last_second_utc", "month"), [
    (datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC), date(2027, 2, 1)),
    (datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC), date(2026, 4, 1)),  # summer time by then
    (datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), date(2026, 11, 1)),  # back in winter time
])
def test_breaks_close_with_the_last_second_of_the_month_before_in_london(last_second_utc, month):
    assert in_time_for_break(last_second_utc, month.year, month.month)
    assert not in_time_for_break(last_second_utc + timedelta(seconds=1), month.year, month.month)
