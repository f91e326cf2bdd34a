"""The pages of an audit: each opens for whom it is, says what is missing, and loses nothing."""

import pytest

from audit_portal.testing.factories import START, fill_in, make_audit_at
from audits.models import Audit

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = (
    "",
    "timeline/",
    "period/",
    "contact/",
    "family/",
    "overall/",
    "learning/",
    "plan/",
    "plan/add/",
    "check/",
    "domains/relationships/",
    "concerns/new/",
)


@pytest.fixture
def signed_in(client):
    def sign_in(person):
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


@pytest.mark.parametrize("place", PAGES)
def test_every_page_opens_for_the_auditor(place, cast, s1, signed_in):
    audit = make_audit_at("in_progress", cast, s1)
    assert signed_in(cast.auditor).get(f"/audits/{audit.number}/{place}").status_code == 200


@pytest.mark.parametrize("status", ["shared", "quality_check", "returned", "with_team_manager", "closed"])
def test_the_task_list_and_the_document_open_in_every_state(status, cast, s1, signed_in):
    audit = make_audit_at(status, cast, s1)
    client = signed_in(cast.auditor)
    assert client.get(f"/audits/{audit.number}/").status_code == 200
    assert client.get(f"/audits/{audit.number}/check/").status_code == 200
    assert client.get(f"/audits/{audit.number}/read/").status_code == 200


def test_a_domain_is_saved_and_leads_to_the_next(cast, s1, signed_in):
    audit = make_audit_at("in_progress", cast, s1)
    answer = signed_in(cast.auditor).post(
        f"/audits/{audit.number}/domains/relationships/",
        {
            "evidence": "Case note 4 June",
            "evidence-version": "0",
            "judgement": "met",
            "judgement-version": "0",
            "not_applicable_because": "",
            "not_applicable_because-version": "0",
        },
    )
    assert answer.url == f"/audits/{audit.number}/domains/{s1.domains.get(position=2).slug}/"
    assert set(audit.answers.values_list("field", "value")) == {("evidence", "Case note 4 June"), ("judgement", "met")}


def test_a_text_changed_elsewhere_is_kept_beside_what_was_typed(cast, s1, signed_in):
    audit = make_audit_at("in_progress", cast, s1)
    url = f"/audits/{audit.number}/domains/relationships/"
    client = signed_in(cast.auditor)
    client.post(url, {"evidence": "First window", "evidence-version": "0"})
    answer = client.post(url, {"evidence": "Second window", "evidence-version": "0"})
    assert answer.status_code == 409
    assert "First window" in answer.text and "[put in: </span>Second " in answer.text
    assert audit.answers.get(field="evidence").value == "First window"
    client.post(url, {"evidence": "Second window", "evidence-version": "1"})
    assert audit.answers.get(field="evidence").value == "Second window"


def test_autosave_keeps_an_answer_and_says_when(cast, s1, signed_in):
    audit = make_audit_at("in_progress", cast, s1)
    url = f"/audits/{audit.number}/answers/"
    sent = {"field": "evidence", "domain": "relationships", "value": "As one types", "version": "0"}
    answer = signed_in(cast.auditor).post(url, sent)
    assert answer.json()["version"] == 1
    refused = signed_in(cast.auditor).post(url, sent | {"value": "Other"})
    assert refused.status_code == 409
    assert "As one types" not in refused.text and "changed somewhere else" in refused.json()["error"]


@pytest.mark.req("S1-32", "S1-33", "S1-34", "S1-43")
def test_sharing_an_unfinished_audit_says_what_is_missing(cast, s1, signed_in):
    audit = make_audit_at("in_progress", cast, s1)
    answer = signed_in(cast.auditor).post(f"/audits/{audit.number}/share/")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text and "1 Relationships" in answer.text
    audit.refresh_from_db()
    assert audit.status == Audit.Status.IN_PROGRESS


def test_a_complete_audit_is_shared_with_the_people_of_the_case(cast, s1, signed_in):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, START)
    assert signed_in(cast.auditor).post(f"/audits/{audit.number}/share/").status_code == 302
    assert signed_in(cast.worker).get(f"/audits/{audit.number}/read/").status_code == 200


def test_a_reader_sees_no_draft(cast, s1, signed_in):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, START)
    client = signed_in(cast.worker)
    assert client.get(f"/audits/{audit.number}/read/").status_code == 404
    assert "Life story work" not in client.get(f"/audits/{audit.number}/").text


@pytest.mark.req("S1-26")
@pytest.mark.parametrize("status", ["allocated", "shared", "closed"])
def test_a_concern_takes_one_field_in_any_state(status, cast, s1, signed_in):
    audit = make_audit_at(status, cast, s1)
    client = signed_in(cast.auditor)
    answer = client.post(f"/audits/{audit.number}/concerns/new/", {"text": "The plan relies on him staying away."})
    assert answer.status_code == 302
    assert "Ring the team manager now" in client.get(answer.url).text
    assert cast.team_manager.duties.open().filter(kind="concern.acknowledge").exists()


def test_the_case_is_a_link_only_for_who_may_open_it(cast, s1, signed_in):
    audit = make_audit_at("closed", cast, s1, grade=s1.grades.get(is_inadequate=True).slug)
    link = f'href="/cases/{audit.case_file.reference}/"'
    assert link in signed_in(cast.team_manager).get(f"/audits/{audit.number}/read/").text
    assert link not in signed_in(cast.director).get(f"/audits/{audit.number}/read/").text
