"""Two auditors on one audit: both write in it, neither checks it, P&Q name the second (S4-11)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START, make_audit_at, make_auditor
from audits import workflow
from audits.models import Audit
from audits.permissions import check_can_check
from audits.workflow.checkers import checker_for
from duties.models import Notice
from people.models import RoleGrant
from people.refusals import Refused

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AT = START + timedelta(days=2)


@pytest.fixture
def pair(cast, s1):
    audit, second = make_audit_at("in_progress", cast, s1), make_auditor("Nadia Frost", cast.other_team)
    workflow.add_co_auditor(audit=audit, person=second, by=cast.pq_lead, at=AT)
    return audit, second


@pytest.mark.req("S4-11")
def test_both_write_in_the_same_audit_and_both_are_told(pair, cast, client):
    audit, second = pair
    client.force_login(second, backend=BACKEND)
    page = f"/audits/{audit.number}/"
    assert client.get(page).status_code == client.get(f"{page}domains/safety/").status_code == 200
    sent = {"field": "strengths", "value": "Steady", "version": "0"}
    assert client.post(f"{page}answers/", sent).json()["version"] == 1
    assert audit.answers.get(field="strengths").saved_by == second
    told = Notice.objects.filter(event_key__endswith=":paired").values_list("recipient__name", flat=True)
    assert set(told) == {cast.auditor.name, second.name}


@pytest.mark.req("S4-11", "A37")
def test_the_second_auditor_has_no_connection_with_the_case_and_there_are_two_at_most(pair, cast, s1):
    audit, second = pair
    third = make_auditor("Omar Field", cast.other_team)
    with pytest.raises(Refused, match="has two auditors"):
        workflow.add_co_auditor(audit=audit, person=third, by=cast.pq_lead, at=AT)
    workflow.remove_co_auditor(audit=audit, by=cast.pq_lead, at=AT)
    near = make_auditor("Petra Lane", cast.team)
    with pytest.raises(Refused, match="Petra Lane cannot audit this case"):
        workflow.add_co_auditor(audit=audit, person=near, by=cast.pq_lead, at=AT)
    with pytest.raises(PermissionDenied):
        workflow.add_co_auditor(audit=audit, person=third, by=cast.auditor, at=AT)


def test_who_was_taken_out_sees_it_no_more_and_what_they_wrote_stays(pair, cast, client):
    audit, second = pair
    workflow.save_answer(audit=audit, field="strengths", value="Steady", version=0, by=second, at=AT)
    workflow.remove_co_auditor(audit=audit, by=cast.pq_lead, at=AT + timedelta(hours=1))
    client.force_login(second, backend=BACKEND)
    assert client.get(f"/audits/{audit.number}/").status_code == 404
    assert audit.answers.get(field="strengths").value == "Steady"
    with pytest.raises(Refused, match="one auditor"):
        workflow.remove_co_auditor(audit=audit, by=cast.pq_lead, at=AT)


@pytest.mark.req("A16", "S4-11")
def test_neither_of_the_two_checks_it(pair, cast):
    audit, second = pair
    RoleGrant.objects.create(staff=second, role="qa_officer", starts_on=START.date(), granted_by=cast.pq_lead)
    second = type(second).objects.get(pk=second.pk)
    with pytest.raises(PermissionDenied, match="a colleague checks it"):
        check_can_check(second, audit)
    assert checker_for(audit, AT) not in (second, cast.auditor)


def test_pq_name_and_take_out_the_second_auditor_on_its_page(cast, s1, client):
    audit, second = make_audit_at("in_progress", cast, s1), make_auditor("Nadia Frost", cast.other_team)
    client.force_login(cast.pq_lead, backend=BACKEND)
    page = f"/audits/{audit.number}/co-auditor/"
    refused = client.post(page, {})
    assert refused.status_code == 422 and "Choose who joins the auditor" in refused.content.decode()
    client.post(page, {"person": str(second.pk)})
    assert Audit.objects.written_by(second).get() == audit
    client.post(f"{page}remove/")
    assert not Audit.objects.written_by(second).exists()
