"""The pages of contact and escalation: what they show, refuse and keep."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from audit_portal.testing.factories import START, escalated, make_audit, make_audit_on, try_twice, walk
from audits import workflow
from audits.models import ContactAttempt, Escalation
from calendars.rules import today_in_london
from trail.once import FIELD

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BUTTON = "Escalate to the group manager"


@pytest.fixture
def audit(cast, s1):
    return make_audit(cast, s1)


@pytest.fixture
def grace(client, cast):
    client.force_login(cast.auditor, backend=BACKEND)
    return client


def page(client, audit, more=""):
    return client.get(f"/audits/{audit.number}/contact/{more}").content.decode()


def body(person, **more):
    day = today_in_london()
    return {"person": person.pk, "made_on_0": day.day, "made_on_1": day.month, "made_on_2": day.year,
            "method": "phone", "outcome": "no_answer", **more}


def test_the_page_names_who_is_to_be_contacted_with_a_way_to_each(audit, cast, grace):
    shown = page(grace, audit)
    for person in (cast.worker, cast.team_manager, cast.iro):
        assert person.name in shown and f"attempt/?person={person.pk}" in shown
    assert "No attempt yet" in shown and BUTTON not in shown


@pytest.mark.req("S1-22")
def test_the_button_is_absent_after_one_attempt_there_after_two_and_gone_after_an_answer(audit, cast, grace):
    first, second = START + timedelta(days=1), START + timedelta(days=2)
    record = {"audit": audit, "person": cast.worker, "method": "phone", "by": cast.auditor}
    workflow.record_attempt(**record, made_on=first.date(), outcome="no_answer", at=first)
    shown = page(grace, audit)
    assert BUTTON not in shown and "after 1 more attempt without an answer, on another day" in shown
    workflow.record_attempt(**record, made_on=second.date(), outcome="no_answer", at=second)
    assert page(grace, audit).count(BUTTON) == 1
    workflow.record_attempt(**record, made_on=second.date(), outcome="answered", at=second)
    assert BUTTON not in page(grace, audit)


def test_an_attempt_is_written_down_once_however_often_it_is_sent(audit, cast, grace):
    sent = body(cast.iro, note="Rings back", **{FIELD: str(uuid.uuid4())})
    for _ in range(2):
        assert grace.post(f"/audits/{audit.number}/contact/attempt/", sent).status_code == 302
    row = ContactAttempt.objects.get()
    assert (row.person, row.made_on, row.note) == (cast.iro, today_in_london(), "Rings back")
    assert "Rings back" in page(grace, audit)


@pytest.mark.parametrize(("wrong", "said"), [
    ({"person": ""}, "Choose a person"), ({"person": "0"}, "Choose a person"),
    ({"method": "pigeon"}, "Say how you tried"),
    ({"outcome": ""}, "Say whether they answered"), ({"made_on_0": "x"}, "This is not a date"),
    ({"made_on_2": "2020"}, "until today"), ({"note": "x" * 301}, "Use 300 characters or fewer")])  # fmt: skip
def test_what_is_missing_is_said_beside_the_field(wrong, said, audit, cast, grace):
    answer = grace.post(f"/audits/{audit.number}/contact/attempt/", body(cast.iro) | wrong)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not ContactAttempt.objects.exists()


def test_the_link_of_a_person_chooses_them(audit, cast, grace):
    shown = page(grace, audit, f"attempt/?person={cast.iro.pk}")
    chosen = shown.partition("checked")[0].rpartition("<input")[2]
    assert f'value="{cast.iro.pk}"' in chosen


def test_one_click_escalates_and_leads_back(audit, cast, grace):
    try_twice(audit, cast.worker)
    answer = grace.post(f"/audits/{audit.number}/contact/escalate/", {"person": cast.worker.pk}, follow=True)
    assert "Colin Beckett is told" in answer.content.decode()
    assert Escalation.objects.get().person == cast.worker
    assert BUTTON not in page(grace, audit)


def test_too_early_an_escalation_says_what_is_missing(audit, cast, grace):
    answer = grace.post(f"/audits/{audit.number}/contact/escalate/", {"person": cast.worker.pk}, follow=True)
    assert "nothing to escalate" in answer.content.decode()
    assert grace.post(f"/audits/{audit.number}/contact/escalate/", {"person": "x"}).status_code == 400


@pytest.mark.req("S1-22")
def test_the_group_manager_reads_what_was_tried_and_resolves(audit, cast, client):
    row = escalated(audit, cast.worker)
    client.force_login(cast.group_manager, backend=BACKEND)
    shown = client.get(row.get_absolute_url()).content.decode()
    assert "What was tried" in shown and "i left a message" in shown
    assert client.post(row.get_absolute_url(), {"outcome": ""}).status_code == 422
    done = client.post(row.get_absolute_url(), {"outcome": "Back on Monday"}, follow=True).content.decode()
    assert "Back on Monday" in done and "Resolve this escalation" not in done


def test_a_shared_audit_asks_for_nobody(audit, cast, grace):
    try_twice(audit, cast.worker)
    walk(audit, ["open", "write", "share"], cast)
    shown = page(grace, audit)
    assert BUTTON not in shown and "Record an attempt" not in shown and "3 November" in shown
    assert grace.get(f"/audits/{audit.number}/contact/attempt/").status_code == 403


def test_before_the_day_of_a_no_notice_case_the_page_says_when(cast, s1, grace):
    day = timezone.now() + timedelta(days=20)
    audit = make_audit_on(day.date(), cast, s1, at=timezone.now(), is_no_notice=True)
    shown = page(grace, audit)
    assert "Contact them from then on" in shown and "Record an attempt" not in shown


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>"])
def test_notes_and_outcomes_come_back_harmless(attack, audit, cast, client):
    row = escalated(audit, cast.worker)
    ContactAttempt.objects.update(note=attack)
    Escalation.objects.update(status="resolved", outcome=attack, ended_at=START, ended_by=cast.group_manager)
    client.force_login(cast.group_manager, backend=BACKEND)
    shown = client.get(row.get_absolute_url()).content.decode()
    assert attack not in shown and shown.count(escape(attack)) == 3


def test_the_page_costs_the_same_for_one_attempt_and_for_twenty(audit, cast, grace):
    page(grace, audit)
    costs = []
    grace.get("/help/")
    for more in (1, 19):
        ContactAttempt.objects.bulk_create(ContactAttempt(
            audit=audit, person=cast.worker, capacity="worker", made_on=START.date(), method="phone",
            outcome="answered", recorded_at=START, recorded_by=cast.auditor) for _ in range(more))
        with CaptureQueriesContext(connection) as caught:
            page(grace, audit)
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 25
