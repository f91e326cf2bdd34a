"""Given late: at least ten working days, and never later than the month where there is time enough (B5)."""

from datetime import date, time

import pytest

from allocations.due import due_when_given_late
from audit_portal.testing.factories import plan_round
from calendars.rules import at_london, end_of_day

pytestmark = pytest.mark.django_db


@pytest.mark.req("B5")
@pytest.mark.parametrize(("month", "day", "due"), [
    (date(2026, 11, 1), date(2026, 11, 3), date(2026, 11, 30)),
    (date(2026, 11, 1), date(2026, 11, 16), date(2026, 11, 30)),  # exactly ten are left
    (date(2026, 11, 1), date(2026, 11, 17), date(2026, 12, 1)),
    (date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 14)),
    (date(2026, 11, 1), date(2026, 12, 4), date(2026, 12, 18)),
    (date(2026, 12, 1), date(2026, 12, 17), date(2027, 1, 5)),  # 25 and 28 December, 1 January
    (date(2027, 2, 1), date(2027, 2, 12), date(2027, 2, 28)),  # the last day is a Sunday, and stays it
])
def test_with_under_ten_working_days_left_it_is_ten_from_now(month, day, due, cast, s1):
    round = plan_round(cast, s1, month)
    assert due_when_given_late(round, at_london(day, time(9))) == end_of_day(due)
