"""The progress page of a round: every audit once, late ones first, for P&Q alone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from allocations.models import Allocation, Round
from audit_portal.testing.factories import (
    START,
    fill_in,
    make_audit_at,
    make_auditor,
    make_case,
    plan_round,
    publish_round,
)
from audits import workflow
from audits.models import Audit
from audits.progress import round_half
from duties.models import Duty

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HERE = "/rounds/2026-11/progress/"


@pytest.fixture
def pq(cast, client):
    client.force_login(cast.pq_officer, backend=BACKEND)
    return client


def set_clock(**later):
    """Due dates relative to now: the page goes by the real clock."""
    Duty.objects.update(due_at=timezone.now() + timedelta(**later))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("allocated", "Not opened (1)"),
        ("in_progress", "0 domains judged"),
        ("shared", "0 of 3 answered"),
        ("in_dispute", "Moderation to be arranged"),
        ("quality_check", "Check to be done"),
        ("returned", "Returned to its auditor"),
        ("with_team_manager", "Actions and supervision to confirm"),
        ("closed", "Checking and after (1)"),
    ],
)
def test_each_state_has_its_card(status, words, cast, s1, pq):
    audit = make_audit_at(status, cast, s1)
    text = pq.get(HERE).text
    assert words in text and audit.number in text
    assert "Where the 1 audits are" in text


@pytest.mark.parametrize("status", ["substituted", "cancelled"])
def test_a_withdrawn_audit_is_counted_apart(status, cast, s1, pq):
    make_audit_at(status, cast, s1)
    text = pq.get(HERE).text
    assert "1 more substituted or cancelled" in text and "No audit fits this filter" in text


def test_a_late_step_stands_first_with_a_word(cast, s1, pq):
    audit = make_audit_at("in_progress", cast, s1)
    set_clock(days=3)
    assert "nothing is late" in pq.get(HERE).text
    set_clock(days=-3)
    text = pq.get(HERE).text
    assert "portal-card--late" in text and "Overdue</strong>" in text
    workflow.raise_concern(audit=audit, text="The plan relies on him staying away.", by=cast.auditor, at=START)
    assert "Immediate concern</strong>" in pq.get(HERE).text


def test_the_filter_finds_by_service_auditor_and_lateness(cast, s1, pq):
    make_audit_at("in_progress", cast, s1)
    set_clock(days=3)
    found = {
        "": True,
        "?service=Children+in+Need": True,
        "?service=Fostering": False,
        "?auditor=adeyemi": True,
        "?auditor=kapoor": False,
        "?show=overdue": False,
    }
    assert {query: "No audit fits" not in pq.get(HERE + query).text for query in found} == found


def test_before_publishing_the_page_says_what_will_be_here(cast, s1, pq):
    plan_round(cast, s1)
    assert "Nothing is out yet" in pq.get(HERE).text


@pytest.mark.req("S1-63")
def test_after_the_month_missed_audits_are_counted_and_late_ones_too(cast, s1, pq):
    audit = make_audit_at("shared", cast, s1)
    Round.objects.update(due_at=START + timedelta(days=1))
    Audit.objects.update(due_at=START + timedelta(days=1))
    Allocation.objects.update(due_at=START + timedelta(days=1))
    text = pq.get(HERE).text
    assert "in time; 1 done since" in text
    assert "Close the round of November 2026" in text
    Audit.objects.filter(pk=audit.pk).update(due_at=START + timedelta(days=30))
    Allocation.objects.update(due_at=START + timedelta(days=30))
    assert "in time; 0 done since" in pq.get(HERE).text


@pytest.mark.req("S1-67")
def test_a_missed_audit_is_still_owed_when_the_round_is_closed(cast, s1, pq):
    audit = make_audit_at("in_progress", cast, s1)
    Round.objects.update(due_at=START + timedelta(days=1))
    Audit.objects.update(due_at=START + timedelta(days=1))
    Allocation.objects.update(due_at=START + timedelta(days=1))
    pq.post("/rounds/2026-11/close/")
    assert Round.objects.get().status == Round.Status.CLOSED
    assert Duty.objects.open().filter(kind="audit.complete", holder=cast.auditor).count() == 1
    fill_in(audit, START + timedelta(days=20))
    workflow.share(audit=audit, by=cast.auditor, at=START + timedelta(days=20))
    assert "in time; 1 done since" in pq.get(HERE).text


@pytest.mark.parametrize("who", ["auditor", "team_manager", "head_of_service", "leader"])
def test_progress_is_for_performance_and_quality(who, cast, s1, client):
    publish = make_audit_at("allocated", cast, s1)
    client.force_login(getattr(cast, who), backend=BACKEND)
    assert client.get(HERE).status_code == 404
    assert publish.number


def test_the_page_asks_as_often_for_twenty_as_for_one(cast, s1, pq, django_assert_max_num_queries):
    make_audit_at("in_progress", cast, s1)
    with django_assert_max_num_queries(25) as few:
        pq.get(HERE)
    for number in range(20):
        make_case(f"30800{number:02}", cast.team, cast.worker, iro=cast.iro)
        make_auditor(f"Auditor {number}", cast.other_team)
    publish_round(cast, s1, month=date(2026, 12, 1), at=START + timedelta(days=29))
    with django_assert_max_num_queries(len(few)):
        text = pq.get("/rounds/2026-12/progress/").text
    assert "Show all 20" in text and "Where the 20 audits are" in text


def test_a_share_is_rounded_half_up():
    assert [round_half(1, 8), round_half(26, 64), round_half(0, 5), round_half(5, 5)] == [13, 41, 0, 100]
