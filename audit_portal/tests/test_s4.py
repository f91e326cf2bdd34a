"""Practice days (S4): the form without grades, with lines of enquiry, done by two, all the way to its end."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, fill_in, load_programme, make_audit_at
from audits import workflow
from audits.completeness import missing_before, parts_of
from audits.content import content_of
from audits.terms import terms_of
from programmes.policy import PolicyError
from programmes.preset import FOLDER, parse_preset, read_preset

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AT = START + timedelta(days=2)


@pytest.fixture
def s4(db):
    return load_programme("s4")


@pytest.mark.req("S4-12", "S4-15")
def test_it_is_shared_only_with_lines_of_enquiry_and_what_the_discussion_brought(cast, s4):
    audit = make_audit_at("in_progress", cast, s4)
    fill_in(audit, AT)
    workflow.save_answer(audit=audit, field="staff_discussion", value="", version=1, by=audit.auditor, at=AT)
    missing = missing_before(parts_of(content_of(audit), terms_of(audit)), "share")
    assert [(part.slug, part.why) for part in missing] == [
        ("enquiry", "Still to write: what the discussion brought")]
    with pytest.raises(workflow.NotComplete, match="Lines of enquiry"):
        workflow.share(audit=audit, by=audit.auditor, at=AT)


@pytest.mark.req("S4-14", "S4-13")
def test_without_a_grade_it_becomes_final_and_closes(cast, s4, client):
    audit = make_audit_at("closed", cast, s4)
    assert audit.grade is None and not audit.is_graded
    client.force_login(cast.team_manager, backend=BACKEND)
    page = client.get(f"/audits/{audit.number}/read/").content.decode()
    assert "What life is like for the child" in page and "Not graded yet" not in page


@pytest.mark.req("S4-14")
def test_figures_count_it_as_not_graded(cast, s4, client):
    audit = make_audit_at("closed", cast, s4)
    client.force_login(cast.pq_lead, backend=BACKEND)
    answer = client.get(f"/reports/{audit.month:%Y-%m}/")
    assert "0 of the 1 finished are final and graded; 1 is final and not graded." in answer.content.decode()


@pytest.mark.req("S4-26")
def test_the_ground_rules_are_shown_where_the_discussion_is_prepared(cast, s4, client):
    audit = make_audit_at("in_progress", cast, s4)
    client.force_login(cast.auditor, backend=BACKEND)
    page = client.get(f"/audits/{audit.number}/enquiry/").content.decode()
    assert "not about the practitioner" in page and "Nobody is blamed" in page
    overall = client.get(f"/audits/{audit.number}/overall/").content.decode()
    assert "There is no grade" in overall and "Outstanding" not in overall


def test_its_ladders_are_like_those_of_the_monthly_audits():
    s1, s4 = read_preset(FOLDER / "s1.yaml"), read_preset(FOLDER / "s4.yaml")
    assert s4.ladders == s1.ladders
    with pytest.raises(PolicyError, match="there is no preset “s9”"):
        parse_preset("ladders_like: s9")
