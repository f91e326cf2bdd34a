"""Local closures: only those that count as holidays move a deadline."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from calendars import calendar
from calendars.models import LocalClosure

pytestmark = pytest.mark.django_db


def test_a_closure_does_not_count_as_a_holiday_unless_it_says_so():
    LocalClosure.objects.create(day=date(2026, 12, 29), name="Offices closed")
    LocalClosure.objects.create(day=date(2026, 12, 30), name="Extra holiday", counts_as_holiday=True)
    assert calendar.local_extra_days() == {date(2026, 12, 30)}
    assert calendar.this_moment().extra == {date(2026, 12, 30)}


def test_local_extra_days_take_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar.local_extra_days()


@pytest.mark.req("S1-48")
def test_working_days_after_a_moment_end_with_the_day_and_skip_such_closures():
    returned = datetime(2026, 11, 20, 14, tzinfo=UTC)
    assert calendar.working_days_after(returned, 3) == datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC)
    LocalClosure.objects.create(day=date(2026, 11, 23), name="Extra holiday", counts_as_holiday=True)
    assert calendar.working_days_after(returned, 3) == datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)


def test_a_day_closes_once():
    LocalClosure.objects.create(day=date(2026, 12, 29), name="Offices closed")
    with pytest.raises(IntegrityError):
        LocalClosure.objects.create(day=date(2026, 12, 29), name="Again")


def test_a_closure_says_its_name_and_day():
    closure = LocalClosure(day=date(2026, 12, 29), name="Offices closed")
    assert str(closure) == "Offices closed, Tuesday 29 December 2026"
