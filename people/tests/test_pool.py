"""Who is on duty: the pool on a day, without those who are away all the time."""

from datetime import date

import pytest

from people.models import Absence, Auditor

pytestmark = pytest.mark.django_db
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def away(staff, first, last):
    Absence.objects.create(staff=staff, starts_on=first, ends_on=last, recorded_by=staff)


def test_two_absences_around_a_month_leave_the_auditor_on_duty(cast):
    away(cast.auditor, date(2026, 10, 1), date(2026, 10, 5))
    away(cast.auditor, date(2026, 12, 20), date(2026, 12, 31))
    assert Auditor.objects.on_duty(*NOVEMBER).filter(staff=cast.auditor).exists()


def test_an_absence_over_the_whole_month_does_not(cast):
    away(cast.auditor, date(2026, 10, 20), date(2026, 12, 1))
    assert not Auditor.objects.on_duty(*NOVEMBER).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("left_on", date(2026, 10, 31)), ("joined_on", date(2026, 11, 2)), ("suspended_from", date(2026, 10, 1))],
)
def test_the_pool_counts_the_first_day(field, value, cast):
    Auditor.objects.filter(staff=cast.auditor).update(**{field: value})
    assert not Auditor.objects.in_pool(NOVEMBER[0]).exists()
