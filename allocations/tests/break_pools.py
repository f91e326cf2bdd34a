"""Pools of auditors for the tests of breaks."""

from datetime import UTC, date, datetime

from allocations.breaks import workflow
from audit_portal.testing.factories import LONG_AGO
from people.models import Auditor, Staff

FEBRUARY = date(2027, 2, 1)
JANUARY_5 = datetime(2027, 1, 5, 9, tzinfo=UTC)
FEBRUARY_1 = datetime(2027, 2, 1, 9, tzinfo=UTC)


def make_pool(size, unit=None):
    """So many auditors in all, those who are there already counted."""
    first = Staff.objects.filter(password="!", is_system=False).count()
    missing = size - Auditor.objects.count()
    people = Staff.objects.bulk_create(
        Staff(name=f"Auditor {n:03}", folded_name=f"auditor {n:03}", email=f"a{n:03}@northbrook.example",
              reference=f"a{n:03}", unit=unit, password="!") for n in range(first, first + missing))
    Auditor.objects.bulk_create(Auditor(staff=each, joined_on=LONG_AGO, trained_on=LONG_AGO) for each in people)
    return list(Staff.objects.filter(auditor__isnull=False).order_by("reference"))


def ask(auditor, month=FEBRUARY, at=JANUARY_5):
    return workflow.ask(auditor=auditor, month=month, by=auditor, at=at)
