"""An audit changes hands: number, text and trail stay, what the person owes and confirms begins anew (S1-13, B5)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from allocations.exemptions.workflow import decide
from allocations.models import Allocation
from audit_portal.testing.factories import (
    START,
    ask_exemption,
    make_audit,
    make_audit_at,
    make_auditor,
    walk,
)
from audit_portal.testing.liveness import missing_duties
from audits import workflow
from audits.models import AnswerRevision, Audit
from audits.timeline import timeline
from calendars.rules import end_of_day
from duties.models import Duty, Notice
from duties.workflow import staff_left
from people.models import Auditor
from people.refusals import Refused
from workflows import InvalidTransition

pytestmark = pytest.mark.django_db
NOVEMBER_5, NOVEMBER_20 = START + timedelta(days=3), START + timedelta(days=18)


@pytest.fixture
def marcus(cast):
    """In the register from now on, so that no draw of a test gives the audit to him."""
    staff = make_auditor("Marcus Bell", cast.other_team)
    Auditor.objects.filter(staff=staff).update(joined_on=date(2026, 11, 3))
    return staff


def give(audit, to, by, at=NOVEMBER_5, because=""):
    return workflow.reallocate(audit=audit, auditor=to, by=by, at=at, because=because)


def told(person):
    return list(Notice.objects.filter(recipient=person, channel="inbox").order_by("pk").values_list("title", flat=True))


@pytest.mark.req("S1-13", "A2")
def test_the_audit_goes_on_under_its_number_with_a_new_allocation(marcus, cast, s1):
    audit = walk(make_audit(cast, s1), ["exempt"], cast)
    number, old = audit.number, audit.allocation
    audit = give(audit, marcus, cast.pq_officer)
    given = audit.allocation
    assert (audit.number, given.number, given.replaces, given.auditor) == (number, number, old, marcus)
    assert (audit.auditor, audit.awaits_auditor_since, audit.status) == (marcus, None, "allocated")
    assert (given.round, given.case_file, given.allocated_by) == (old.round, old.case_file, cast.pq_officer)
    assert Allocation.objects.counted().get().auditor == marcus
    assert Duty.objects.open().get(kind="audit.complete").holder == marcus
    assert not Duty.objects.open().filter(kind="audit.reallocate").exists()


@pytest.mark.req("B5")
@pytest.mark.parametrize(("at", "due"), [(NOVEMBER_5, date(2026, 11, 30)), (NOVEMBER_20, date(2026, 12, 4))])
def test_given_late_it_is_due_ten_working_days_later_for_the_person(at, due, marcus, cast, s1):
    audit = give(walk(make_audit(cast, s1), ["exempt"], cast), marcus, cast.pq_lead, at)
    assert audit.due_at == audit.allocation.due_at == end_of_day(due)
    assert audit.allocation.round.due_at == end_of_day(date(2026, 11, 30))


@pytest.mark.req("S1-13")
def test_what_is_written_stays_with_its_author_and_the_new_auditor_confirms_anew(marcus, cast, s1):
    audit = walk(make_audit(cast, s1), ["open", "write", "exempt"], cast)
    audit = give(audit, marcus, cast.pq_lead)
    assert (audit.status, audit.no_connection_at, audit.opened_at) == ("allocated", None, None)
    audit = workflow.open_audit(audit=audit, by=marcus, at=NOVEMBER_20)
    assert audit.no_connection_at == NOVEMBER_20
    answer = audit.answers.get(field="strengths")
    assert answer.saved_by == cast.auditor
    workflow.save_answer(audit=audit, field="strengths", value="Seen anew", version=answer.version, by=marcus,
                         at=NOVEMBER_20)
    revisions = AnswerRevision.objects.filter(answer=answer).order_by("version")
    assert list(revisions.values_list("saved_by__name", "value")) == [
        ("Grace Adeyemi", "A steady relationship."), ("Marcus Bell", "Seen anew")]


@pytest.mark.req("S1-13")
def test_only_the_new_auditor_sees_and_writes(marcus, cast, s1):
    audit = walk(make_audit(cast, s1), ["open", "write", "exempt"], cast)
    assert not Audit.objects.visible_to(marcus).exists()
    audit = give(audit, marcus, cast.pq_lead)
    seen = {person: Audit.objects.content_visible_to(person).exists() for person in (cast.auditor, marcus, cast.worker)}
    assert seen == {cast.auditor: False, marcus: True, cast.worker: False}
    with pytest.raises(PermissionDenied, match="Only the auditor, Marcus Bell"):
        workflow.open_audit(audit=audit, by=cast.auditor, at=NOVEMBER_5)


@pytest.mark.req("S1-13")
def test_the_people_of_the_case_hear_who_audits_now(marcus, cast, s1):
    give(walk(make_audit(cast, s1), ["exempt"], cast), marcus, cast.pq_lead)
    for person in (cast.worker, cast.team_manager, cast.iro):
        assert told(person)[-1] == "A case of yours is now being audited by Marcus Bell"
    assert told(marcus) == ["Finish and share your November audit"]


def test_of_a_no_notice_case_nobody_hears_before_its_day(marcus, cast, s1):
    audit = walk(make_audit(cast, s1), ["exempt"], cast)
    Audit.objects.update(visible_from=NOVEMBER_20)
    Notice.objects.all().delete()
    give(audit, marcus, cast.pq_lead)
    assert set(Notice.objects.values_list("recipient__name", flat=True)) == {"Marcus Bell"}


def test_the_timeline_names_each_auditor_at_their_time(marcus, cast, s1):
    audit = give(walk(make_audit(cast, s1), ["exempt"], cast), marcus, cast.pq_lead)
    assert [happening.text for happening in timeline(audit)] == [
        "Given to Marcus Bell", "Waits for another auditor", "Allocated to Grace Adeyemi"]


def test_only_quality_gives_an_audit_to_another(marcus, cast, s1):
    audit = walk(make_audit(cast, s1), ["exempt"], cast)
    for person in (cast.auditor, cast.team_manager, cast.assistant_director, marcus):
        with pytest.raises(PermissionDenied, match="Only Performance and Quality"):
            give(audit, marcus, person)


@pytest.mark.req("S1-13", "S2-05")
def test_the_verb_refuses_whom_the_rules_refuse(marcus, cast, s1):
    audit = walk(make_audit(cast, s1), ["exempt"], cast)
    colleague = make_auditor("Team Colleague", cast.team)
    for person, why in ((colleague, "Knows the case"), (cast.auditor, "Had this audit"), (cast.worker, "register")):
        with pytest.raises(Refused, match=why):
            give(audit, person, cast.pq_lead)
    assert Allocation.objects.count() == 1


def test_who_takes_part_in_the_audit_cannot_audit_it(marcus, cast, s1):
    audit = walk(make_audit(cast, s1), ["exempt"], cast)
    audit.participations.filter(capacity="iro").update(staff=marcus)
    with pytest.raises(Refused, match="Takes part in this audit"):
        give(audit, marcus, cast.pq_lead)


@pytest.mark.parametrize("status", ["allocated", "in_progress"])
def test_somebody_away_for_long_loses_the_audit_with_a_reason_and_is_told(status, marcus, cast, s1):
    audit = make_audit_at(status, cast, s1)
    request = ask_exemption(audit.allocation)
    with pytest.raises(Refused, match="Say why the audit goes to somebody else"):
        give(audit, marcus, cast.pq_lead)
    audit = give(audit, marcus, cast.pq_lead, because="In hospital")
    old = audit.allocation.replaces
    old.refresh_from_db()
    request.refresh_from_db()
    assert (old.status, old.ended_because, audit.status) == ("reallocated", "In hospital", "allocated")
    assert request.status == "withdrawn"
    assert told(cast.auditor)[-1] == "Marcus Bell audits this case now: you have nothing to do"
    assert missing_duties() == []


LAST_STEPS = [("shared", "audit.respond"), ("in_dispute", "audit.dispute"), ("returned", "audit.amend")]


@pytest.mark.parametrize(("status", "kind"), LAST_STEPS)
def test_of_a_leaver_the_last_steps_go_to_somebody_else_and_the_state_stays(status, kind, marcus, cast, s1):
    audit = make_audit_at(status, cast, s1)
    with pytest.raises(Refused, match="so it stays with its auditor"):
        give(audit, marcus, cast.pq_lead, because="Busy")
    staff_left(staff=cast.auditor, by=cast.pq_lead, at=NOVEMBER_20)
    audit = give(audit, marcus, cast.pq_lead, NOVEMBER_20, because="Left")
    assert (audit.status, audit.auditor, audit.due_at) == (status, marcus, audit.allocation.replaces.due_at)
    assert Duty.objects.open().filter(kind=kind).exists()
    assert not Duty.objects.open().filter(owner=cast.auditor).exists()
    assert "You take over the last steps of an audit" in told(marcus)
    assert missing_duties() == []


def test_a_leavers_returned_audit_is_amended_by_whoever_took_over(marcus, cast, s1):
    audit = make_audit_at("returned", cast, s1)
    staff_left(staff=cast.auditor, by=cast.pq_lead, at=NOVEMBER_20)
    audit = give(audit, marcus, cast.pq_lead, NOVEMBER_20, because="Left")
    assert Duty.objects.open().get(kind="audit.amend").holder == marcus
    assert workflow.resubmit(audit=audit, by=marcus, at=NOVEMBER_20).status == "quality_check"


@pytest.mark.parametrize("status", ["quality_check", "with_team_manager", "closed", "cancelled"])
def test_what_needs_no_auditor_changes_no_hands(status, marcus, cast, s1):
    audit = make_audit_at(status, cast, s1)
    with pytest.raises(Refused, match="so it stays with its auditor"):
        give(audit, marcus, cast.pq_lead, NOVEMBER_20, because="x")


def test_a_waiting_audit_can_be_cancelled_and_stays_exempted(cast, s1):
    audit = walk(make_audit(cast, s1), ["exempt"], cast)
    audit = workflow.cancel(audit=audit, reason="x", by=cast.assistant_director, at=NOVEMBER_5)
    assert (audit.status, audit.allocation.status, audit.awaits_auditor_since) == ("cancelled", "exempted", None)
    with pytest.raises(InvalidTransition):
        workflow.cancel(audit=audit, reason="x", by=cast.assistant_director, at=NOVEMBER_5)


def test_a_second_exemption_follows_the_first(marcus, cast, s1):
    audit = give(walk(make_audit(cast, s1), ["exempt"], cast), marcus, cast.pq_lead)
    request = ask_exemption(audit.allocation, at=NOVEMBER_20)
    decide(exemption=request, agrees=True, note="", by=cast.assistant_director, at=NOVEMBER_20)
    third = make_auditor("Third Auditor", cast.other_team)
    audit = give(audit, third, cast.pq_lead, NOVEMBER_20)
    assert Allocation.objects.filter(number=audit.number).count() == 3
    assert Allocation.objects.filter(status="exempted").values("number").distinct().count() == 1
    with pytest.raises(Refused, match="Had this audit before"):
        give(audit, cast.auditor, cast.pq_lead, NOVEMBER_20, because="x")
