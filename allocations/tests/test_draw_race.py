"""Two people press “Draw the list” at once: one draw. The same without the lock goes wrong (the control)."""

from contextlib import suppress

import pytest
from django.db import IntegrityError
from django.test import Client

from allocations import workflow
from allocations.models import Allocation, Round
from audit_portal.testing.factories import START, load_s1, make_auditor, make_case, make_cast, plan_round
from duties.tests.together import at_once
from trail.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TRIES = 5


@pytest.fixture
def council(transactional_db):
    s1, cast = load_s1(), make_cast()
    for number in range(6):
        make_auditor(f"Auditor Number{number}", cast.other_team)
        make_case(f"307000{number}", cast.team, cast.worker)
    return s1, cast


def race(s1, cast, month):
    """A frozen round, and two people who press at the same moment; what they were answered, and draws made."""
    round = plan_round(cast, s1, month=month)
    workflow.freeze_frame(round=round, by=cast.pq_lead, at=START)
    people = [cast.pq_lead, cast.pq_officer]
    clients = [Client(raise_request_exception=True) for _ in people]
    for client, person in zip(clients, people, strict=True):
        client.force_login(person, backend=BACKEND)
    answers = at_once(2, lambda: _press(clients.pop(), round))
    drawn = Event.objects.filter(verb="round.drawn", target_id=str(round.pk)).count()
    listed = Allocation.objects.filter(round=round)
    assert listed.values("case_file").distinct().count() == listed.count()
    listed.delete()  # so that the next round has its cases again
    return sorted(map(str, answers)), drawn


def _press(client, round):
    with suppress(IntegrityError):
        return client.post(f"/rounds/{round.slug}/draw/").status_code
    return "broken"


def months(count):
    return [START.date().replace(year=2027, month=number + 1, day=1) for number in range(count)]


@pytest.mark.req("A30")
def test_of_two_who_press_draw_at_once_one_draws(council):
    for month in months(TRIES):
        assert race(*council, month) == (["302", "302"], 1)
    assert set(Round.objects.values_list("status", flat=True)) == {"drawn"}


def test_without_the_lock_the_same_press_goes_wrong(council, monkeypatch):
    monkeypatch.setattr(workflow, "_locked", lambda round: Round.objects.select_related("version__programme").get(
        pk=round.pk))
    assert any(race(*council, month) != (["302", "302"], 1) for month in months(TRIES))
