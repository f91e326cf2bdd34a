"""What no browser sends and an attacker does: refused or cleaned, never a page that fails."""

import pytest

from audit_portal.testing.factories import make_audit_at

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def audit(cast, s1, client):
    client.force_login(cast.auditor, backend=BACKEND)
    return make_audit_at("in_progress", cast, s1)


REFUSED = [
    ({"field": "judgement", "domain": "relationships", "value": "splendid", "version": "0"}, 400),
    ({"field": "grade", "value": "splendid", "version": "0"}, 400),
    ({"field": "manager_input", "value": "perhaps", "version": "0"}, 400),
    ({"field": "strengths", "value": "x", "version": "²"}, 400),
    ({"field": "strengths", "value": "x", "version": "9" * 5000}, 400),
    ({"field": "evidence", "domain": "no\0where", "value": "x", "version": "0"}, 404),
]


@pytest.mark.parametrize(("body", "status"), REFUSED)
def test_an_answer_that_no_form_offers_is_refused_and_the_audit_still_opens(body, status, audit, client):
    assert client.post(f"/audits/{audit.number}/answers/", body).status_code == status
    assert client.get(f"/audits/{audit.number}/").status_code == 200
    assert not audit.answers.exists()


def test_a_choice_of_the_form_is_saved_by_itself(audit, client):
    body = {"field": "judgement", "domain": "relationships", "value": "met", "version": "0"}
    assert client.post(f"/audits/{audit.number}/answers/", body).status_code == 200
    assert audit.answers.get().value == "met"


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", ""])
def test_a_page_with_a_made_up_version_is_refused(version, audit, client):
    body = {"evidence": "Case note", "evidence-version": version}
    assert client.post(f"/audits/{audit.number}/domains/relationships/", body).status_code == 400


def test_a_text_is_kept_without_the_sign_that_the_database_cannot_hold(audit, client):
    client.post(f"/audits/{audit.number}/answers/", {"field": "strengths", "value": "Stea\0dy", "version": "0"})
    client.post(f"/audits/{audit.number}/learning/", {"good_practice": "Life\0 story work"})
    assert {answer.value for answer in audit.answers.all()} == {"Steady", "Life story work"}


@pytest.mark.parametrize("month", ["²-1", "0-1", "99999-1", "2026-13", "2026-11-1", "9" * 5000 + "-1"])
def test_a_month_that_is_none_finds_nothing(month, audit, client):
    answer = client.get(f"/audits/?month={month}")
    assert answer.status_code == 200 and audit.number not in answer.text


def test_the_list_of_one_month(audit, client):
    assert audit.number in client.get("/audits/?month=2026-11").text


@pytest.mark.parametrize(("year", "status"), [("9999", 422), ("2027", 302)])
def test_an_action_is_due_while_somebody_can_still_see_to_it(year, status, audit, client):
    body = {"what": "Write it again", "due_on_0": "31", "due_on_1": "12", "due_on_2": year}
    assert client.post(f"/audits/{audit.number}/plan/add/", body).status_code == status
