"""Twenty people ask for the last place at once: one has it. The same without the lock gives too many (the control)."""

import pytest
from django.db import IntegrityError, OperationalError

from allocations.breaks import workflow
from allocations.models import Break, BreakMonth
from allocations.tests.break_pools import FEBRUARY, JANUARY_5, ask, make_pool
from audit_portal.testing.factories import load_s1, make_cast
from duties.models import Notice
from duties.tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE, ROUNDS, PLACES = 20, 10, 5


@pytest.fixture
def pool(transactional_db):
    """Twenty-five auditors, so five places."""
    load_s1()
    make_cast()
    return make_pool(25)


def race(pool):
    """Four places are taken, then twenty ask at the same moment: how many are granted and how many wait."""
    Notice.objects.all().delete()
    Break.objects.all().delete()
    BreakMonth.objects.all().delete()
    for person in pool[: PLACES - 1]:
        ask(person)
    waiting = list(pool[PLACES - 1 : PLACES - 1 + AT_ONCE])
    at_once(AT_ONCE, lambda: _try(waiting.pop()))
    wishes = Break.objects.filter(month=FEBRUARY)
    return wishes.filter(status="granted").count(), wishes.filter(status="waiting").count()


def _try(person):
    try:
        return ask(person)
    except (IntegrityError, OperationalError):  # two at one place in line, or in a ring: only without the lock
        return None


@pytest.mark.req("S1-07", "S1-08", "A7")
def test_of_twenty_at_once_one_gets_the_last_place_and_the_limit_is_told_once(pool):
    for _ in range(ROUNDS):
        assert race(pool) == (PLACES, AT_ONCE - 1)
        told = Notice.objects.filter(event_key="breaks:2027-02:limit", channel="inbox")
        assert told.count() == told.values("recipient").distinct().count() > 0


def test_without_the_lock_the_same_race_goes_wrong(pool, monkeypatch):
    monkeypatch.setattr(workflow, "lock_month", lambda month: BreakMonth.objects.get_or_create(month=month)[0])
    assert any(race(pool) != (PLACES, AT_ONCE - 1) for _ in range(ROUNDS))


@pytest.mark.req("S1-07", "A5")
def test_the_database_alone_lets_no_more_through(pool):
    """Rows written past every verb, each in a transaction of its own: the last net counts them one at a time."""
    BreakMonth.objects.create(month=FEBRUARY)
    people = list(pool[:AT_ONCE])
    assert sorted(at_once(AT_ONCE, lambda: _write(people.pop()))) == [False] * (AT_ONCE - PLACES) + [True] * PLACES
    assert Break.objects.granted().count() == PLACES


def _write(person):
    try:
        Break.objects.create(auditor=person, month=FEBRUARY, status="granted", asked_at=JANUARY_5, asked_by=person,
                             granted_at=JANUARY_5, granted_by=person)
    except IntegrityError:
        return False
    return True
