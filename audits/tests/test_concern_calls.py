"""Ringing about an immediate concern, the list of open ones, and that one transaction holds all of it (B3, S1-27)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from audit_portal.testing.factories import START, make_audit_at
from audits import workflow
from audits.concern_forms import CallForm
from audits.models import Concern, ConcernCall
from audits.ringing import numbers_to_ring
from calendars.words import clock
from duties.models import Duty, Notice
from people.models import Unit
from people.workflow import add_absence

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = pytest.mark.django_db


@pytest.fixture
def raised(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    Unit.objects.filter(pk=cast.team.pk).update(out_of_hours_phone="01632 960199")
    for number, person in enumerate((cast.team_manager, cast.group_manager, cast.head_of_service)):
        type(person).objects.filter(pk=person.pk).update(phone=f"01632 96010{number}")
    audit.refresh_from_db()
    return workflow.raise_concern(audit=audit, text="Not safe tonight", by=cast.auditor, at=timezone.now())


def page_of(concern):
    return f"/audits/{concern.audit.number}/concerns/{concern.pk}/"


@pytest.mark.req("B3")
def test_the_numbers_are_those_of_the_manager_the_group_manager_who_covers_and_out_of_hours(raised, cast):
    assert [(row.name, row.phone) for row in numbers_to_ring(raised.audit)] == [
        (cast.team_manager.name, "01632 960100"), (cast.group_manager.name, "01632 960101"), ("", "01632 960199")]
    now = timezone.now()
    add_absence(staff=cast.team_manager, starts_on=timezone.localdate(), ends_on=timezone.localdate(),
                cover=cast.head_of_service, by=cast.team_manager, at=now)
    rows = numbers_to_ring(raised.audit)
    assert rows[0].role.endswith(", away today")
    assert (rows[1].role, rows[1].phone) == (f"Covers for {cast.team_manager.name}", "01632 960102")


@pytest.mark.req("B3", "S1-27")
def test_who_was_rung_when_and_whether_they_were_spoken_to_is_written_down(raised, cast, client):
    client.force_login(cast.auditor, backend=BACKEND)
    client.post(f"{page_of(raised)}ring/", {"who": str(cast.team_manager.pk), "spoke": "no"})
    client.post(f"{page_of(raised)}ring/", {"who": "else", "somebody_else": "The duty desk", "spoke": "yes"})
    client.post(f"{page_of(raised)}ring/", {"who": "Out of hours", "spoke": "yes"})
    calls = [(call.who, call.was_spoken_to) for call in ConcernCall.objects.order_by("pk")]
    assert calls == [(cast.team_manager.name, False), ("The duty desk", True), ("Out of hours", True)]
    page = client.get(page_of(raised)).content.decode()
    assert "The duty desk" in page and "no answer" in page
    assert Concern.objects.get().status == "raised"  # a call answers nothing


@pytest.mark.parametrize(("sent", "said"), [
    ({}, "Say whom you rang"),
    ({"who": "else", "spoke": "yes"}, "Say whom you rang"),
    ({"who": "Out of hours"}, "Say whether you spoke with them"),
    ({"who": "Out of hours", "spoke": "yes", "rung_at": "noon"}, "This is not a time. For example, 10:30am"),
    ({"who": "99999", "spoke": "yes"}, "Say whom you rang"),
])
def test_a_call_half_written_down_says_what_is_missing_and_keeps_the_rest(sent, said, raised, cast, client):
    client.force_login(cast.auditor, backend=BACKEND)
    answer = client.post(f"{page_of(raised)}ring/", sent)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not ConcernCall.objects.exists()


def test_a_call_is_neither_before_the_concern_nor_ahead_of_now(raised, cast, client):
    Concern.objects.update(raised_at=timezone.now() - timedelta(minutes=3))
    client.force_login(cast.auditor, backend=BACKEND)
    for minutes in (-20, 20):
        at = timezone.localtime(timezone.now() + timedelta(minutes=minutes))
        answer = client.post(f"{page_of(raised)}ring/", {"who": "Out of hours", "spoke": "yes",
                                                         "rung_at": f"{at:%H:%M}"})
        assert "between the raising of the concern and now" in answer.content.decode()


def test_a_call_before_midnight_is_written_down_after_it():
    raised_at = datetime(2026, 11, 21, 23, 50, tzinfo=UTC)
    form = CallForm({"who": "else", "somebody_else": "The duty desk", "spoke": "yes", "rung_at": "11:55pm"},
                    numbers=[], raised_at=raised_at, now=raised_at + timedelta(minutes=15))
    assert form.is_valid(), form.errors
    assert form.values()["rung_at"] == raised_at + timedelta(minutes=5)


@pytest.mark.req("B3", "S1-27")
def test_whoever_raised_it_sees_when_it_climbs_until_somebody_answers(raised, cast, client):
    client.force_login(cast.auditor, backend=BACKEND)
    steps = [f"{clock(raised.raised_at + timedelta(hours=hours))}</strong> {role}"
             for hours, role in ((1, "group manager"), (2, "head of service"), (4, "assistant director"))]
    page = client.get(page_of(raised)).content.decode()
    assert all(step in page for step in steps)
    workflow.acknowledge_concern(concern=raised, by=cast.team_manager, at=timezone.now())
    page = client.get(page_of(raised)).content.decode()
    assert not any(step in page for step in steps)


@pytest.mark.req("S1-29", "B3")
def test_quality_see_every_open_concern_until_it_is_recorded(raised, cast, client):
    client.force_login(cast.pq_officer, backend=BACKEND)
    assert raised.audit.number in client.get("/audits/concerns/").content.decode()
    at = timezone.now()
    workflow.acknowledge_concern(concern=raised, by=cast.team_manager, at=at)
    assert raised.audit.number in client.get("/audits/concerns/").content.decode()
    workflow.confirm_concern(concern=raised, action_taken="Seen", record_reference="CN 4", by=cast.team_manager, at=at)
    page = client.get("/audits/concerns/").content.decode()
    assert raised.audit.number not in page and "No concern here" in page
    for state in ("confirmed", "all"):
        assert raised.audit.number in client.get(f"/audits/concerns/?state={state}").content.decode()
    file = client.get("/audits/concerns/?state=all&export=csv").content.decode()
    assert raised.audit.number in file and "Not safe tonight" not in file


def test_nobody_else_sees_a_concern_in_the_list(raised, cast, client):
    client.force_login(cast.other_worker, backend=BACKEND)
    assert raised.audit.number not in client.get("/audits/concerns/?state=all").content.decode()


def test_the_list_costs_the_same_for_one_and_for_twenty(raised, cast, client, django_assert_max_num_queries):
    client.force_login(cast.pq_lead, backend=BACKEND)
    client.get("/audits/concerns/")
    costs = []
    for _ in range(2):
        with django_assert_max_num_queries(25) as captured:
            client.get("/audits/concerns/")
        costs.append(len(captured))
        for _ in range(19):
            workflow.raise_concern(audit=raised.audit, text="Again", by=cast.auditor, at=START)
    assert costs[0] == costs[1]


@pytest.mark.req("S1-27", "B3")
def test_from_the_click_to_the_managers_inbox_it_is_one_transaction(raised, cast):
    """Undone as a whole, kept as a whole: concern, duty, notice in the inbox, trail."""
    audit = raised.audit
    before = (Concern.objects.count(), Duty.objects.count(), Notice.objects.count())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        workflow.raise_concern(audit=audit, text="Not safe", by=cast.auditor, at=START)
        inbox = Notice.objects.filter(channel="inbox", recipient=cast.team_manager, created_at=START)
        assert inbox.filter(url__contains="/concerns/").exists()
        raise ZeroDivisionError
    assert (Concern.objects.count(), Duty.objects.count(), Notice.objects.count()) == before


@pytest.mark.parametrize("status", ["allocated", "in_progress", "shared", "quality_check", "returned",
                                    "with_team_manager", "closed", "in_dispute"])
@pytest.mark.req("S1-26", "A25")
def test_one_field_in_any_state_is_enough(status, cast, s1, client):
    audit = make_audit_at(status, cast, s1)
    client.force_login(cast.iro, backend=BACKEND)
    client.post(f"/audits/{audit.number}/concerns/new/", {"text": "Worried"})
    assert Concern.objects.get().audit == audit
