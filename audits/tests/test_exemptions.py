"""Exemptions: who decides by the auditor's service, who may ask, what becomes of the audit and of the year."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from allocations.exemptions import workflow
from allocations.exemptions.figures import is_late
from allocations.frame import audits_in_year, recently_audited
from allocations.models import Allocation, Exemption
from audit_portal.testing.factories import (
    LONG_AGO,
    START,
    ask_exemption,
    line_manager_first,
    make_audit,
    make_audit_at,
    make_staff,
    make_unit,
    plan_round,
    walk,
)
from audits import workflow as audits
from audits.models import Audit
from calendars.rules import month_end_due
from duties.models import Duty, Notice
from duties.tick import tick
from people.models import Auditor, RoleGrant, Unit
from people.refusals import Refused
from people.roles import Role
from trail.models import Event

pytestmark = pytest.mark.django_db
Status = Exemption.Status
LATER = START + timedelta(days=2)


def given_to(staff, cast, s1):
    """An audit of which `staff` is the auditor: the only one in the pool."""
    Auditor.objects.exclude(staff=staff).update(left_on=LONG_AGO)
    Auditor.objects.get_or_create(staff=staff, defaults={"joined_on": LONG_AGO, "trained_on": LONG_AGO})
    return make_audit(cast, s1)


def decide(exemption, by, agrees=True, note="Read", at=LATER):
    return workflow.decide(exemption=exemption, agrees=agrees, note=note, by=by, at=at)


def told(person, subject="allocations.exemption"):
    rows = Notice.objects.filter(recipient=person, channel="inbox", subject_type=subject)
    return list(rows.order_by("pk").values_list("title", flat=True))


AUTHORITY = [
    ("auditor", "assistant_director", True), ("auditor", "strategic_lead", False),
    ("auditor", "head_of_service", False), ("auditor", "director", False), ("auditor", "pq_lead", False),
    ("pq_officer", "strategic_lead", True), ("pq_officer", "assistant_director", False),
    ("assistant_director", "assistant_director", False), ("assistant_director", "strategic_lead", True),
    ("assistant_director", "director", True), ("strategic_lead", "strategic_lead", False),
    ("strategic_lead", "assistant_director", True),
]  # fmt: skip


@pytest.mark.req("S1-10", "S1-11", "A9")
@pytest.mark.parametrize(("auditor", "by", "may"), AUTHORITY)
def test_the_auditors_service_says_who_decides_and_nobody_decides_their_own(auditor, by, may, cast, s1):
    exemption = ask_exemption(given_to(getattr(cast, auditor), cast, s1).allocation)
    if not may:
        with pytest.raises(PermissionDenied):
            decide(exemption, getattr(cast, by))
        return
    assert decide(exemption, getattr(cast, by)).status == Status.AGREED


@pytest.mark.req("A10", "B6")
@pytest.mark.parametrize(("ends_on", "may"), [(None, True), (date(2024, 5, 1), False)])
def test_an_acting_assistant_director_is_a_role_with_dates(ends_on, may, cast, s1):
    acting = make_staff("Acting Director", cast.service)
    RoleGrant.objects.create(staff=acting, role=Role.ASSISTANT_DIRECTOR, starts_on=LONG_AGO, ends_on=ends_on,
                             granted_by=acting, reason="Acting for the assistant director")
    exemption = ask_exemption(make_audit(cast, s1).allocation)
    assert Exemption.objects.visible_to(acting).exists() is may
    if not may:
        with pytest.raises(PermissionDenied, match="Only the assistant director can decide"):
            decide(exemption, acting)
        return
    assert decide(exemption, acting).decided_by == acting


def holder(kind="exemption.decide"):
    return Duty.objects.open().get(kind=kind).holder


@pytest.mark.req("S1-10", "A9")
def test_the_duty_goes_to_the_nearest_who_may_decide_then_to_a_holder_of_the_role_then_to_quality(cast, s1):
    allocation = make_audit(cast, s1).allocation
    exemption = ask_exemption(allocation)
    assert holder() == cast.assistant_director
    workflow.withdraw(exemption=exemption, by=cast.auditor, at=START)
    Unit.objects.filter(pk=cast.care.pk).update(manager=None)
    exemption = ask_exemption(allocation, at=LATER)
    assert holder() == cast.pq_lead
    workflow.withdraw(exemption=exemption, by=cast.auditor, at=LATER)
    elsewhere = make_staff("Elsewhere Director", make_unit("Education", "directorate"))
    Unit.objects.filter(name="Education").update(manager=elsewhere)
    ask_exemption(allocation, at=LATER)
    assert holder() == elsewhere
    assert Exemption.objects.visible_to(elsewhere).count() == 1


@pytest.mark.req("A9")
def test_the_strategic_lead_decides_for_the_assistant_director(cast, s1):
    ask_exemption(given_to(cast.assistant_director, cast, s1).allocation)
    assert holder() == cast.strategic_lead


@pytest.mark.req("S1-09", "B6")
@pytest.mark.parametrize(("by", "may"), [
    ("auditor", True), ("other_manager", True), ("assistant_director", True), ("pq_officer", True),
    ("worker", False), ("team_manager", False), ("head_of_service", False), ("strategic_lead", False),
])
def test_the_auditor_asks_or_their_line_or_quality_for_them(by, may, cast, s1):
    allocation = make_audit(cast, s1).allocation
    person = getattr(cast, by)
    assert Allocation.objects.of_people_of(person).filter(pk=allocation.pk).exists() is may
    if not may:
        with pytest.raises(PermissionDenied, match="Only Grace Adeyemi, their manager"):
            ask_exemption(allocation, person)
        return
    assert ask_exemption(allocation, person).asked_by == person


@pytest.mark.req("B6")
def test_the_line_manager_named_for_the_auditor_may_ask(cast, s1):
    cast.auditor.line_manager = cast.other_worker
    cast.auditor.save()
    assert ask_exemption(make_audit(cast, s1).allocation, cast.other_worker).status == Status.AWAITING_DECISION
    assert told(cast.auditor) == ["An exemption was asked for: Grace Adeyemi, November 2026"]


def test_one_request_at_a_time_and_its_database_says_so_too(cast, s1):
    allocation = make_audit(cast, s1).allocation
    first = ask_exemption(allocation)
    with pytest.raises(Refused, match="has been asked for already"):
        ask_exemption(allocation)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.create(allocation=allocation, reason="other", explanation="x", status="awaiting_decision",
                                 asked_at=START, asked_by=cast.auditor)
    decide(first, cast.assistant_director, agrees=False)
    assert ask_exemption(allocation, at=LATER).is_pending


def test_a_request_says_why(cast, s1):
    with pytest.raises(Refused, match="Say in a few words"):
        ask_exemption(make_audit(cast, s1).allocation, explanation="  ")


@pytest.mark.req("S1-64")
@pytest.mark.parametrize("status", ["shared", "closed", "cancelled", "substituted"])
def test_only_what_is_still_to_be_completed_can_be_exempted(status, cast, s1):
    audit = make_audit_at(status, cast, s1)
    with pytest.raises(Refused, match="nothing to be exempted from"):
        ask_exemption(Allocation.objects.get(pk=audit.allocation_id), cast.auditor, at=LATER)


@pytest.mark.req("S1-09", "S1-13", "A2")
def test_agreed_the_audit_goes_back_and_its_auditor_neither_sees_nor_owes_it(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    used = plan_round(cast, s1, date(2026, 12, 1))
    assert audits_in_year(used)[cast.auditor.pk] == 1
    decide(ask_exemption(audit.allocation), cast.assistant_director)
    audit.refresh_from_db()
    assert (audit.allocation.status, audit.awaits_auditor_since, audit.status) == ("exempted", LATER, "in_progress")
    assert audits_in_year(used)[cast.auditor.pk] == 0
    assert not Audit.objects.visible_to(cast.auditor).exists()
    assert not cast.auditor.duties.open().exists()
    assert holder("audit.reallocate") == cast.pq_lead
    with pytest.raises(PermissionDenied, match="waits until it is given to another"):
        audits.save_answer(audit=audit, field="strengths", value="x", version=0, by=cast.auditor, at=LATER)
    assert told(cast.auditor) == ["The exemption was agreed: Grace Adeyemi, November 2026"]


@pytest.mark.req("S1-13")
def test_a_case_that_waits_for_an_auditor_is_not_drawn_again(cast, s1):
    audit = walk(make_audit(cast, s1), ["exempt"], cast)
    assert recently_audited(plan_round(cast, s1, date(2026, 12, 1))) == {audit.case_file_id}


@pytest.mark.req("S1-65")
def test_refused_the_audit_stays_and_the_reason_is_on_the_page_not_in_the_notice(cast, s1):
    audit = make_audit(cast, s1)
    exemption = ask_exemption(audit.allocation, cast.other_manager)
    with pytest.raises(Refused, match="Say why it is refused"):
        decide(exemption, cast.assistant_director, agrees=False, note=" ")
    decide(exemption, cast.assistant_director, agrees=False, note="Two weeks are left")
    exemption.refresh_from_db()
    audit.refresh_from_db()
    assert (exemption.status, exemption.decision_note) == ("refused", "Two weeks are left")
    assert (audit.allocation.status, audit.awaits_auditor_since) == ("allocated", None)
    for person in (cast.auditor, cast.other_manager):
        assert told(person)[-1] == "The exemption was refused: Grace Adeyemi, November 2026"
    assert not Notice.objects.filter(title__contains="weeks").exists()
    assert cast.auditor.duties.open().filter(kind="audit.complete").exists()


def test_a_decision_is_made_once(cast, s1):
    exemption = ask_exemption(make_audit(cast, s1).allocation)
    decide(exemption, cast.assistant_director, agrees=False)
    with pytest.raises(Exception, match="Refused"):
        decide(exemption, cast.assistant_director)


@pytest.mark.req("S2-33")
def test_where_the_programme_says_so_the_line_manager_speaks_first(cast, s1):
    with line_manager_first(s1):
        exemption = ask_exemption(make_audit(cast, s1).allocation)
    assert (exemption.status, holder("exemption.support")) == ("with_line_manager", cast.other_manager)
    with pytest.raises(Exception, match="With the line manager"):
        decide(exemption, cast.assistant_director)
    with pytest.raises(PermissionDenied, match="Only the line manager of Grace Adeyemi"):
        workflow.support(exemption=exemption, supports=True, note="", by=cast.worker, at=LATER)
    with pytest.raises(Refused, match="do not support"):
        workflow.support(exemption=exemption, supports=False, note="", by=cast.other_manager, at=LATER)
    exemption = workflow.support(exemption=exemption, supports=False, note="Can do it", by=cast.other_manager, at=LATER)
    assert (exemption.status, exemption.manager_by) == ("awaiting_decision", cast.other_manager)
    assert holder() == cast.assistant_director
    assert decide(exemption, cast.assistant_director).status == Status.AGREED


@pytest.mark.req("S2-33", "B6")
def test_a_line_manager_who_asks_for_somebody_has_spoken(cast, s1):
    with line_manager_first(s1):
        exemption = ask_exemption(make_audit(cast, s1).allocation, cast.other_manager)
    assert (exemption.status, exemption.manager_supports) == ("awaiting_decision", True)


@pytest.mark.parametrize(("by", "may"), [
    ("auditor", True), ("other_manager", True), ("pq_officer", True), ("assistant_director", False)])
def test_who_asked_the_auditor_and_quality_withdraw(by, may, cast, s1):
    exemption = ask_exemption(make_audit(cast, s1).allocation, cast.other_manager)
    if not may:
        with pytest.raises(PermissionDenied, match="Only who asked"):
            workflow.withdraw(exemption=exemption, by=getattr(cast, by), at=LATER)
        return
    assert workflow.withdraw(exemption=exemption, by=getattr(cast, by), at=LATER).status == Status.WITHDRAWN
    assert not Duty.objects.open().filter(kind="exemption.decide").exists()


def test_an_audit_that_is_shared_or_cancelled_needs_no_decision_any_more(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    exemption = ask_exemption(audit.allocation)
    audits.cancel(audit=audit, reason="Moved away", by=cast.assistant_director, at=LATER)
    exemption.refresh_from_db()
    assert (exemption.status, exemption.decision_note) == ("withdrawn", "The audit was cancelled.")
    assert not Duty.objects.open().filter(kind="exemption.decide").exists()


@pytest.mark.req("B6")
@pytest.mark.parametrize(("persona", "sees"), [
    ("auditor", True), ("other_manager", True), ("assistant_director", True), ("pq_officer", True),
    ("strategic_lead", False), ("worker", False), ("team_manager", False), ("leader", False), ("director", False)])
def test_a_request_is_seen_by_the_auditor_their_line_who_decides_and_quality(persona, sees, cast, s1):
    ask_exemption(make_audit(cast, s1).allocation)
    assert Exemption.objects.visible_to(getattr(cast, persona)).exists() is sees


def test_every_step_is_on_the_trail_of_the_request(cast, s1):
    exemption = ask_exemption(make_audit(cast, s1).allocation)
    decide(exemption, cast.assistant_director)
    verbs = Event.objects.filter(target_type="allocations.exemption").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["exemption.asked", "exemption.agreed"]


@pytest.mark.req("S1-12")
@pytest.mark.parametrize(("day", "late"), [(2, False), (16, False), (17, True), (30, True)])
def test_late_means_fewer_than_ten_working_days_left(day, late):
    asked_at = START + timedelta(days=day - 2)
    assert is_late(asked_at, month_end_due(2026, 11), 10, frozenset()) is late


@pytest.mark.req("S1-14")
def test_auditors_are_reminded_that_asking_early_helps(cast, s1):
    make_audit(cast, s1)
    tick(month_end_due(2026, 11) - timedelta(days=13))
    reminder = Notice.objects.filter(recipient=cast.auditor, channel="inbox").last()
    assert reminder.title == ("Reminder: finish and share your November audit. If you cannot do it, ask for an "
                              "exemption now: the sooner, the better")
    assert reminder.url == f"/audits/{Audit.objects.get().number}/"


@pytest.mark.req("S1-06", "A8")
def test_a_break_asked_for_too_late_becomes_a_request_for_exemption(cast, s1, client):
    audit = make_audit(cast, s1)
    client.force_login(cast.auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/rounds/my-year/ask/", {"month": "2026-11"})
    assert answer.url == f"/rounds/exemptions/ask/{audit.number}/?reason=late_break"
    answer = client.get(answer.url)
    assert "It is an exemption now" in answer.content.decode()
    assert answer.context["form"]["reason"].value() == "late_break"
