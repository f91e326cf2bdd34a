"""The pages of a connection, a substitution and a cancellation: what they show, refuse and keep."""

import uuid

import pytest

from audit_portal.testing.factories import make_audit, make_audit_at, make_case, publish_round
from audits import workflow
from audits.models import Audit
from casefiles.models import CaseFile
from trail.once import FIELD

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def audit(cast, s1):
    """One audit with three reserves."""
    for number in range(4):
        make_case(f"900000{number}", cast.team, cast.worker, iro=cast.iro)
    publish_round(cast, s1)
    return Audit.objects.get()


def page_of(audit, what):
    return f"/audits/{audit.number}/{what}/"


def signed_in(client, person):
    client.force_login(person, backend=BACKEND)
    return client


def order_of(audit):
    return audit.allocation.round.draws.get().certificate["reserves"]["in_need"]


@pytest.mark.req("B4")
def test_the_connection_is_asked_for_in_a_sentence(audit, cast, client):
    signed_in(client, cast.auditor)
    answer = client.post(page_of(audit, "connection"), {"text": "x" * 301})
    assert answer.status_code == 422 and "x" * 301 in answer.content.decode()
    assert client.post(page_of(audit, "connection"), {"text": ""}).status_code == 422
    answer = client.post(page_of(audit, "connection"), {"text": "Our children share a class"}, follow=True)
    assert "You do not audit this case" in answer.content.decode()
    audit.refresh_from_db()
    assert audit.connection == "Our children share a class"


@pytest.mark.req("B4")
def test_pq_see_what_comes_next_what_is_stepped_over_and_why(audit, cast, client):
    first, second, _ = order_of(audit)
    CaseFile.objects.filter(reference=first).update(is_restricted=True)
    text = signed_in(client, cast.pq_lead).get(page_of(audit, "substitute")).content.decode()
    assert "Reserves stepped over (1)" in text and "Restricted" in text
    assert f'name="expects" value="{second}"' in text


@pytest.mark.req("B4")
def test_what_was_overtaken_is_shown_again_with_what_was_typed(audit, cast, client):
    first, second, _ = order_of(audit)
    body = {"why": "other", "text": "The case is in court", "expects": second}
    answer = signed_in(client, cast.pq_lead).post(page_of(audit, "substitute"), body)
    text = answer.content.decode()
    assert answer.status_code == 422 and "Another reserve comes next now" in text and "The case is in court" in text
    assert f'name="expects" value="{first}"' in text
    audit.refresh_from_db()
    assert audit.status == "allocated"


@pytest.mark.req("B4")
@pytest.mark.parametrize(("why", "status"), [("other", 422), ("", 422), ("closed", 302)])
def test_another_reason_is_said_in_words(why, status, audit, cast, client):
    body = {"why": why, "text": "", "expects": order_of(audit)[0]}
    assert signed_in(client, cast.pq_lead).post(page_of(audit, "substitute"), body).status_code == status


@pytest.mark.req("B4")
def test_pressed_twice_it_takes_one_reserve(audit, cast, client):
    body = {"why": "closed", "text": "", "expects": order_of(audit)[0], FIELD: str(uuid.uuid4())}
    signed_in(client, cast.pq_lead)
    answers = [client.post(page_of(audit, "substitute"), body) for _ in range(2)]
    assert {answer.url for answer in answers} == {"/audits/A-2026-11-0002/"}
    assert Audit.objects.count() == 2


@pytest.mark.req("B4")
def test_without_a_reserve_the_page_says_so(cast, s1, client):
    audit = make_audit(cast, s1)
    text = signed_in(client, cast.pq_lead).get(page_of(audit, "substitute")).content.decode()
    assert "No reserve is left" in text and "Take this case off the list" in text
    client.post(page_of(audit, "substitute"), {"why": "closed", "expects": ""})
    audit.refresh_from_db()
    assert audit.status == "substituted"


@pytest.mark.parametrize("status", ["shared", "substituted", "with_team_manager"])
def test_too_late_for_another_case_is_said(status, cast, s1, client):
    audit = make_audit_at(status, cast, s1)
    signed_in(client, cast.pq_lead)
    assert "cannot be substituted any more" in client.get(page_of(audit, "substitute")).content.decode()
    assert client.post(page_of(audit, "substitute"), {"why": "closed", "expects": ""}).status_code == 422


@pytest.mark.req("B4")
def test_the_round_lists_the_audits_that_need_another_case(audit, cast, client):
    link = page_of(audit, "substitute")
    here = f"/rounds/{audit.month:%Y-%m}/progress/"
    signed_in(client, cast.pq_lead)
    assert link not in client.get(here).content.decode()
    workflow.report_connection(audit=audit, text="My niece", by=cast.auditor, at=audit.allocated_at)
    text = client.get(here).content.decode()
    assert link in text and "My niece" not in text


@pytest.mark.req("S1-66")
def test_who_may_cancel_is_shown_the_way_and_nobody_else(audit, cast, client):
    link = page_of(audit, "cancel")
    for person in (cast.pq_lead, cast.head_of_service, cast.team_manager, cast.worker, cast.auditor):
        assert link not in signed_in(client, person).get(f"/audits/{audit.number}/").content.decode(), person
        assert client.get(link).status_code == 403 and client.post(link, {"reason": "x"}).status_code == 403
    assert link in signed_in(client, cast.assistant_director).get(f"/audits/{audit.number}/").content.decode()


@pytest.mark.req("S1-66")
def test_a_cancellation_needs_a_reason(audit, cast, client):
    signed_in(client, cast.assistant_director)
    assert client.post(page_of(audit, "cancel"), {"reason": ""}).status_code == 422
    assert client.post(page_of(audit, "cancel"), {"reason": "Moved away"}).status_code == 302
    assert "This audit is cancelled." in client.get(page_of(audit, "cancel")).content.decode()
    assert client.post(page_of(audit, "cancel"), {"reason": "Again"}).status_code == 422


@pytest.mark.req("S1-66")
def test_the_strategic_lead_cancels_the_audit_of_an_auditor_of_theirs(audit, cast, client):
    assert signed_in(client, cast.strategic_lead).get(page_of(audit, "cancel")).status_code == 404
    type(cast.auditor).objects.filter(pk=cast.auditor.pk).update(unit=cast.quality)
    assert client.get(page_of(audit, "cancel")).status_code == 200
    assert client.get(f"/audits/{audit.number}/").status_code == 404
