"""The trigger under the lock counts the pool as the verbs do: with a fifth auditor there is a place, with four none."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from allocations.break_models import Break, BreakMonth
from allocations.breaks.pool import pool_on
from allocations.tests.break_pools import FEBRUARY, JANUARY_5, make_pool
from people.models import Absence, Auditor, Staff

pytestmark = pytest.mark.django_db
LAST, BEFORE, AFTER = date(2027, 2, 28), date(2027, 1, 31), date(2027, 3, 1)
FIRST = FEBRUARY


def away(starts_on, ends_on):
    return lambda entry: Absence.objects.create(staff=entry.staff, recorded_by=entry.staff, starts_on=starts_on,
                                                ends_on=ends_on)


def entry(**fields):
    return lambda entry: Auditor.objects.filter(pk=entry.pk).update(**fields)


def person(**fields):
    return lambda entry: Staff.objects.filter(pk=entry.staff_id).update(**fields)


CASES = {
    "here": lambda entry: None,
    "left before": entry(left_on=BEFORE), "leaves on the first": entry(left_on=FIRST),
    "leaves later": entry(left_on=LAST),
    "joins on the first": entry(joined_on=FIRST), "joins later": entry(joined_on=date(2027, 2, 2)),
    "only asked to join": entry(joined_on=None),
    "suspended": entry(suspended_from=BEFORE), "suspended from the first": entry(suspended_from=FIRST),
    "suspended later": entry(suspended_from=date(2027, 2, 2)),
    "suspended until before": entry(suspended_from=date(2027, 1, 1), suspended_until=BEFORE),
    "suspended until the first": entry(suspended_from=date(2027, 1, 1), suspended_until=FIRST),
    "account ended": person(is_active=False, left_on=LAST),
    "last day before": person(left_on=BEFORE), "last day on the first": person(left_on=FIRST),
    "access over": person(access_ends_on=BEFORE), "access on the first": person(access_ends_on=FIRST),
    "away all month": away(FIRST, LAST), "away longer": away(BEFORE, AFTER),
    "away but a day": away(FIRST, date(2027, 2, 27)), "away from the second": away(date(2027, 2, 2), AFTER),
}


@pytest.mark.req("A5", "S1-07")
@pytest.mark.parametrize("case", CASES)
def test_the_net_counts_the_pool_as_the_verbs_do(case, cast, s1):
    *others, last = make_pool(5)
    CASES[case](last.auditor)
    counts = pool_on(FEBRUARY).filter(staff=last).exists()
    assert pool_on(FEBRUARY).count() == 4 + counts
    assert is_let_through(others[0]) == counts


@pytest.mark.req("A5")
def test_an_override_with_its_reason_is_let_through(cast, s1):
    people = make_pool(4)
    assert not is_let_through(people[0])
    assert is_let_through(people[0], override_reason="The only one who knows fostering is needed in March")


@pytest.mark.req("B7")
def test_a_break_that_was_granted_stays_when_the_pool_shrinks(cast, s1):
    people = make_pool(5)
    assert is_let_through(people[0])
    Auditor.objects.filter(staff=people[4]).update(left_on=BEFORE)
    wish = Break.objects.get()
    wish.granted_at = JANUARY_5.replace(hour=10)
    wish.save(update_fields=["granted_at"])
    connection.check_constraints()
    assert Break.objects.granted().count() == 1 and not is_let_through(people[1])


def is_let_through(auditor, **fields):
    """Whether the row is still there after what a commit checks."""
    BreakMonth.objects.get_or_create(month=FEBRUARY)
    try:
        with transaction.atomic():
            Break.objects.create(auditor=auditor, month=FEBRUARY, status="granted", asked_at=JANUARY_5,
                                 granted_at=JANUARY_5, asked_by=auditor, granted_by=auditor, **fields)
            connection.check_constraints()
    except IntegrityError:
        return False
    return True
