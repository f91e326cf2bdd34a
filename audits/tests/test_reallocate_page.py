"""The page on which P&Q give an audit to another auditor, and the ways that lead there."""

from datetime import date

import pytest

from allocations.exemptions.workflow import decide
from audit_portal.testing.factories import START, ask_exemption, make_audit, make_audit_at, make_auditor, walk
from audits.models import Audit
from duties.models import Duty
from duties.workflow import staff_left
from people.models import Auditor

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def audit(cast, s1):
    """It waits for an auditor; twelve others could take it."""
    audit = walk(make_audit(cast, s1), ["exempt"], cast)
    for number in range(12):
        make_auditor(f"Able Auditor{number:02}", cast.other_team)
    make_auditor("Team Colleague", cast.team)
    return audit


@pytest.fixture
def pq(client, cast):
    client.force_login(cast.pq_officer, backend=BACKEND)
    return client


def address(audit):
    return f"/audits/{audit.number}/reallocate/"


@pytest.mark.req("S1-13")
def test_ten_are_suggested_and_a_search_finds_the_others_with_why_not(audit, pq):
    page = pq.get(address(audit))
    assert len(page.context["suggested"]) == 10
    text = page.content.decode()
    assert "2 more could take it" in text
    assert "Had this audit before" in text and "Knows the case, or belongs to its team or group" in text
    assert "No audit this month; 0 of 10 this year" in text
    found = pq.get(address(audit), {"q": "auditor11"})
    assert [taker.entry.staff.name for taker in found.context["more"]] == ["Able Auditor11"]
    assert len(found.context["page"].object_list) == 0


@pytest.mark.req("S1-13")
def test_the_audit_is_given_to_whoever_is_chosen_and_only_by_the_rules(audit, pq, cast):
    names = ("Able Auditor11", "Team Colleague")
    chosen, colleague = (Auditor.objects.get(staff__name=name).staff_id for name in names)
    for body in ({}, {"auditor": "x"}, {"auditor": "999999"}, {"auditor": str(2**70)}):
        assert pq.post(address(audit), body).status_code == 422
    answer = pq.post(address(audit), {"auditor": colleague})
    assert answer.status_code == 422 and "cannot take this audit over" in answer.content.decode()
    assert pq.post(address(audit), {"auditor": chosen}).url == f"/audits/{audit.number}/"
    audit.refresh_from_db()
    assert audit.auditor_id == chosen
    assert pq.post(address(audit), {"auditor": chosen}).status_code in {302, 422}
    assert Audit.objects.get().allocation.replaces.status == "exempted"


def test_without_an_exemption_it_asks_why(cast, s1, pq):
    audit = make_audit_at("in_progress", cast, s1)
    marcus = make_auditor("Marcus Bell", cast.other_team)
    answer = pq.post(address(audit), {"auditor": marcus.pk, "because": ""})
    assert answer.status_code == 422 and "Say why the audit goes to somebody else" in answer.content.decode()
    assert answer.context["chosen"] == marcus.pk
    assert pq.post(address(audit), {"auditor": marcus.pk, "because": "In hospital"}).status_code == 302


def test_nobody_can_take_it_is_said_in_words(cast, s1, pq):
    audit = walk(make_audit(cast, s1), ["exempt"], cast)
    assert "Nobody in the register can take this audit over." in pq.get(address(audit)).content.decode()


def test_what_is_closed_leads_back_with_a_sentence(cast, s1, pq):
    audit = make_audit_at("with_team_manager", cast, s1)
    answer = pq.get(address(audit), follow=True)
    assert "so it stays with its auditor" in answer.content.decode()


@pytest.mark.parametrize(("status", "kind"), [
    ("allocated", "audit.complete"), ("in_progress", "audit.complete"), ("shared", "audit.finalise"),
    ("returned", "audit.amend")])
def test_from_the_duty_of_a_leaver_quality_finds_the_page(status, kind, cast, s1, client):
    audit = make_audit_at(status, cast, s1)
    if status == "shared":
        walk(audit, ["respond"], cast)
    make_auditor("Marcus Bell", cast.other_team)
    staff_left(staff=cast.auditor, by=cast.pq_lead, at=START)
    duty = Duty.objects.open().get(kind=kind)
    assert duty.holder == cast.pq_lead
    client.force_login(cast.pq_lead, backend=BACKEND)
    answer = client.get(duty.url, follow=True)
    assert answer.status_code == 200
    assert address(audit) in answer.content.decode() or answer.request["PATH_INFO"] == address(audit)


@pytest.mark.req("S1-13")
def test_lists_say_that_it_waits_and_the_old_auditor_finds_it_nowhere(audit, pq, cast, client):
    assert "Waits for an auditor" in pq.get("/audits/").content.decode()
    assert "waits for an auditor" in pq.get("/audits/?export=csv").content.decode()
    board = pq.get("/rounds/2026-11/progress/?show=waiting").content.decode()
    assert "1 audit waits for an auditor" in board and "No auditor yet" in board and audit.number in board
    client.force_login(cast.auditor, backend=BACKEND)
    for page in ("/", "/audits/", "/cases/", "/team/", "/search/?q=3071846"):
        answer = client.get(page)
        assert audit.number not in answer.content.decode() and "3071846</a>" not in answer.content.decode()
    for page in ("", "timeline/", "domains/relationships/", "check/", "plan/"):
        assert client.get(f"/audits/{audit.number}/{page}").status_code == 404


@pytest.mark.req("B6")
def test_a_request_is_shown_apart_as_awaiting_decision(cast, s1, pq):
    audit = make_audit(cast, s1, month=date(2026, 11, 1))
    ask_exemption(audit.allocation)
    text = pq.get("/rounds/2026-11/progress/").content.decode()
    assert "agreed; 1 awaits a decision" in text and "Asked to be exempt." in text
    assert "Awaiting decision" in pq.get("/audits/").content.decode()


def test_an_exempted_p_and_q_auditor_does_not_work_on_it_any_more(cast, s1, client):
    Auditor.objects.filter(staff=cast.auditor).update(trained_on=None)
    Auditor.objects.create(staff=cast.pq_officer, joined_on=date(2024, 4, 1), trained_on=date(2024, 4, 1))
    audit = make_audit(cast, s1)
    ask_exemption(audit.allocation)
    decide(exemption=audit.allocation.exemptions.get(), agrees=True, note="", by=cast.strategic_lead, at=START)
    client.force_login(cast.pq_officer, backend=BACKEND)
    assert "Another auditor is being found" in client.get(f"/audits/{audit.number}/").content.decode()
    assert client.get(f"/audits/{audit.number}/domains/relationships/").status_code == 404
