"""Contact with the people of the case, escalating to the group manager, resolving (S1-20 to S1-22, A49, B2)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit_portal.testing.factories import START, escalated, make_audit, make_audit_at, make_audit_on, try_twice, walk
from audits import workflow
from audits.contacts import contacts_of, people_of_audits, unanswered_of
from audits.models import ContactAttempt, Escalation
from calendars.rules import end_of_day
from duties.models import Duty, Notice
from duties.tick import tick
from people.models import Unit
from people.refusals import Refused

pytestmark = pytest.mark.django_db
DAY = [START + timedelta(days=days) for days in range(5)]


@pytest.fixture
def audit(cast, s1):
    return make_audit(cast, s1)


def attempt(audit, person, at=START, outcome="no_answer", **fields):
    fields = {"made_on": at.date(), "method": "phone", "by": audit.auditor, **fields}
    return workflow.record_attempt(audit=audit, person=person, outcome=outcome, at=at, **fields)


def contact(audit, person):
    return next(each for each in contacts_of(audit) if each.person == person)


def duty(kind):
    return Duty.objects.open().get(kind=kind)


def told_at(moment, kind):
    """Who is told by the rungs that have come since the last tick."""
    before = set(Notice.objects.values_list("pk", flat=True))
    tick(moment)
    rows = Notice.objects.filter(duty__kind=kind, channel="inbox").exclude(pk__in=before)
    return {row.recipient.name: row.title for row in rows.select_related("recipient")}


@pytest.mark.req("S1-20")
def test_the_auditor_owes_first_contact_within_five_working_days_of_the_allocation(audit, cast):
    found = duty("audit.contact")
    assert (found.holder, found.due_at) == (cast.auditor, end_of_day(date(2026, 11, 9)))
    assert [each.person for each in contacts_of(audit)] == [cast.worker, cast.team_manager, cast.iro]


@pytest.mark.req("S1-20")
@pytest.mark.parametrize("outcome", ContactAttempt.Outcome.values)
def test_the_first_recorded_attempt_is_the_start(outcome, audit, cast):
    row = attempt(audit, cast.iro, outcome=outcome, note="Rings back")
    assert not Duty.objects.open().filter(kind="audit.contact").exists()
    assert (row.capacity, row.made_on, row.recorded_by) == ("iro", START.date(), cast.auditor)


@pytest.mark.req("S1-21")
def test_without_contact_the_people_of_the_case_are_encouraged_to_contact_the_auditor(audit, cast):
    told_at(end_of_day(date(2026, 11, 9)), "audit.contact")
    told = told_at(end_of_day(date(2026, 11, 10)), "audit.contact")
    assert set(told) == {"Grace Adeyemi", "Tomasz Nowak", "Farah Siddiqui", "Maureen Doyle"}
    assert told["Tomasz Nowak"].endswith("please contact them yourself") and "Grace Adeyemi" in told["Tomasz Nowak"]
    assert "Naomi Clarke" in told_at(end_of_day(date(2026, 11, 12)), "audit.contact")


@pytest.mark.req("S1-21")
def test_the_people_of_many_audits_are_asked_for_at_once(audit, cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = people_of_audits([audit.pk, 0])
    assert {key: set(people) for key, people in found.items()} == {
        audit.pk: {cast.worker, cast.team_manager, cast.iro}}


@pytest.mark.req("S1-20")
def test_another_auditor_makes_contact_anew(audit, cast):
    attempt(audit, cast.worker)
    audit = walk(audit, ["reallocate"], cast)
    assert duty("audit.contact").holder == audit.auditor != cast.auditor
    assert contact(audit, cast.worker).unanswered == 0


@pytest.mark.req("S1-20")
def test_sharing_ends_contact(audit, cast):
    walk(audit, ["open", "write", "share"], cast)
    assert not Duty.objects.open().filter(kind="audit.contact").exists()
    with pytest.raises(PermissionDenied, match="nobody has to be contacted"):
        attempt(audit, cast.worker)


@pytest.mark.req("S0-14")
def test_nobody_of_a_no_notice_case_is_contacted_before_its_day(cast, s1):
    audit = make_audit_on(date(2026, 11, 16), cast, s1, is_no_notice=True)
    assert duty("audit.contact").due_at == end_of_day(date(2026, 11, 23))
    with pytest.raises(PermissionDenied, match="16 November"):
        attempt(audit, cast.worker)


ATTEMPTS = [
    ("1 no_answer", 1), ("1 left_message", 1), ("1 no_answer, 1 no_answer", 1), ("1 no_answer, 2 no_answer", 2),
    ("1 no_answer, 2 left_message", 2), ("1 no_answer, 2 answered", 0), ("1 answered", 0), ("", 0),
    ("1 no_answer, 2 answered, 3 no_answer", 1), ("1 no_answer, 2 no_answer, 3 no_answer", 3),
]  # fmt: skip


@pytest.mark.req("A49")
@pytest.mark.parametrize(("made", "counted"), ATTEMPTS)
def test_attempts_in_a_row_on_different_days_count(made, counted):
    words = [each.split() for each in made.split(", ") if each]
    rows = [ContactAttempt(made_on=date(2026, 11, int(day)), outcome=outcome) for day, outcome in words]
    assert unanswered_of(rows, on_different_days=True) == counted


def test_where_the_days_do_not_matter_each_attempt_counts():
    rows = [ContactAttempt(made_on=START.date(), outcome="no_answer")] * 2
    assert unanswered_of(rows, on_different_days=False) == 2


@pytest.mark.req("S1-22", "A49")
def test_one_unanswered_attempt_is_too_few_and_two_are_enough(audit, cast):
    attempt(audit, cast.worker, DAY[1])
    attempt(audit, cast.team_manager, DAY[2])  # the counter is each person's own
    with pytest.raises(Refused, match="after 1 more attempt without an answer, on another day"):
        workflow.escalate(audit=audit, person=cast.worker, by=cast.auditor, at=DAY[2])
    attempt(audit, cast.worker, DAY[2], "left_message")
    found = duty("contact.escalate")
    assert (found.slot, found.holder) == (str(cast.worker.pk), cast.auditor)
    assert found.due_at == end_of_day(date(2026, 11, 6))
    row = workflow.escalate(audit=audit, person=cast.worker, by=cast.auditor, at=DAY[3])
    assert (row.status, row.opened_by, row.sent_to) == ("open", cast.auditor, cast.group_manager)
    assert not Duty.objects.open().filter(kind="contact.escalate").exists()


@pytest.mark.req("S1-22")
def test_an_answer_closes_the_counter(audit, cast):
    try_twice(audit, cast.worker)
    attempt(audit, cast.worker, DAY[3], "answered")
    assert not Duty.objects.open().filter(kind="contact.escalate").exists()
    assert contact(audit, cast.worker).unanswered == 0
    with pytest.raises(Refused, match="nothing to escalate"):
        workflow.escalate(audit=audit, person=cast.worker, by=cast.auditor, at=DAY[3])


@pytest.mark.req("B2")
def test_performance_and_quality_are_told_where_nobody_escalates(audit, cast):
    try_twice(audit, cast.worker)  # due on 6 November, a Friday
    assert set(told_at(end_of_day(date(2026, 11, 6)), "contact.escalate")) == {"Grace Adeyemi"}
    assert set(told_at(end_of_day(date(2026, 11, 9)), "contact.escalate")) == {"Grace Adeyemi", "Naomi Clarke"}


@pytest.mark.req("S1-22")
def test_the_group_manager_owes_a_resolution_and_the_ladder_never_ends(audit, cast):
    escalated(audit, cast.worker)
    found = duty("contact.resolve")
    assert (found.holder, found.due_at) == (cast.group_manager, end_of_day(date(2026, 11, 9)))
    assert "Colin Beckett" in told_at(end_of_day(date(2026, 11, 9)), "contact.resolve")
    assert "Naomi Clarke" in told_at(end_of_day(date(2026, 11, 10)), "contact.resolve")
    for day in (16, 23, 30):  # every week
        assert "Ruth Okafor" in told_at(end_of_day(date(2026, 11, day)), "contact.resolve"), day


@pytest.mark.req("S1-22")
def test_what_came_of_it_is_told_to_the_auditor_and_the_counter_begins_anew(audit, cast):
    row = escalated(audit, cast.worker)
    row = workflow.resolve_escalation(escalation=row, outcome="Back on Monday", by=cast.group_manager, at=DAY[4])
    assert (row.status, row.outcome, row.ended_by, row.ended_at) == (
        "resolved", "Back on Monday", cast.group_manager, DAY[4])
    assert not Duty.objects.open().filter(kind="contact.resolve").exists()
    told = Notice.objects.filter(event="contact.resolved", channel="inbox").values_list("recipient__name", flat=True)
    assert list(told) == ["Grace Adeyemi"]
    assert contact(audit, cast.worker).unanswered == 0


@pytest.mark.parametrize(("persona", "may"), [
    ("group_manager", True), ("head_of_service", True), ("assistant_director", True), ("team_manager", False),
    ("worker", False), ("iro", False), ("auditor", False), ("pq_lead", False), ("other_manager", False)])
def test_who_resolves_an_escalation(persona, may, audit, cast):
    row = escalated(audit, cast.worker)
    resolve = {"escalation": row, "outcome": "On leave", "by": getattr(cast, persona), "at": DAY[4]}
    if may:
        assert workflow.resolve_escalation(**resolve).status == "resolved"
    else:
        with pytest.raises(PermissionDenied):
            workflow.resolve_escalation(**resolve)


def test_an_escalation_about_the_group_manager_goes_further_up(audit, cast):
    """Who manages team and group in one person never resolves what is about themselves."""
    row = escalated(audit, cast.team_manager)
    Unit.objects.filter(pk=cast.group.pk).update(manager=cast.team_manager)
    with pytest.raises(PermissionDenied):
        workflow.resolve_escalation(escalation=row, outcome="I am here", by=cast.team_manager, at=DAY[4])


def test_performance_and_quality_resolve_what_came_to_them(audit, cast):
    Unit.objects.filter(pk__in=[cast.group.pk, cast.service.pk, cast.care.pk]).update(manager=None)
    row = escalated(audit, cast.worker)
    assert row.sent_to == cast.pq_lead
    assert workflow.resolve_escalation(escalation=row, outcome="Left", by=cast.pq_lead, at=DAY[4]).status == "resolved"


@pytest.mark.parametrize(("persona", "sees"), [
    ("auditor", True), ("team_manager", True), ("group_manager", True), ("head_of_service", True), ("pq_officer", True),
    ("worker", False), ("iro", False), ("other_manager", False), ("board_viewer", False), ("administrator", False)])
def test_who_sees_an_escalation(persona, sees, audit, cast):
    escalated(audit, cast.worker)
    assert Escalation.objects.visible_to(getattr(cast, persona)).exists() == sees


def test_somebody_is_escalated_once_at_a_time(audit, cast):
    escalated(audit, cast.worker)
    attempt(audit, cast.worker, DAY[3])
    attempt(audit, cast.worker, DAY[4])
    with pytest.raises(Refused):
        workflow.escalate(audit=audit, person=cast.worker, by=cast.auditor, at=DAY[4])
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.create(audit=audit, person=cast.worker, opened_at=START, opened_by=cast.auditor)


@pytest.mark.parametrize("step", ["cancel", "substitute"])
def test_an_audit_that_is_not_done_needs_no_answer(step, audit, cast):
    row = escalated(audit, cast.worker)
    walk(audit, [step], cast)
    row.refresh_from_db()
    assert row.status == "withdrawn"
    assert not Duty.objects.open().filter(kind="contact.resolve").exists()


def test_an_escalation_stays_with_the_group_manager_when_the_audit_is_shared(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    escalated(audit, cast.iro)
    walk(audit, ["write", "share"], cast)
    assert duty("contact.resolve").holder == cast.group_manager


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 11, 4)])
def test_an_attempt_lies_between_the_allocation_and_today(day, audit, cast):
    with pytest.raises(Refused, match="until today"):
        attempt(audit, cast.worker, DAY[1], made_on=day)


def test_only_the_auditor_records_and_only_people_of_the_case_are_contacted(audit, cast):
    with pytest.raises(PermissionDenied):
        attempt(audit, cast.worker, by=cast.pq_lead)
    with pytest.raises(Refused, match="does not take part"):
        attempt(audit, cast.other_worker)
