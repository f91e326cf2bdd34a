"""Whoever a duty comes to can do it: where managers, checkers or readers are missing nothing stands still."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, make_audit_at, make_staff, walk
from audit_portal.testing.liveness import missing_duties
from audits import workflow
from audits.models import Audit
from duties.models import Duty
from duties.workflow import staff_left
from people.models import Absence, Unit

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=8)


def test_a_concern_without_any_manager_is_answered_by_whom_it_came_to(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    staff_left(staff=cast.team_manager, by=cast.pq_lead, at=LATER)
    Unit.objects.update(manager=None)
    concern = workflow.raise_concern(audit=audit, text="Worried", by=cast.auditor, at=LATER)
    assert Duty.objects.open().get(kind="concern.acknowledge").holder == cast.pq_lead
    concern = workflow.acknowledge_concern(concern=concern, by=cast.pq_lead, at=LATER)
    concern = workflow.confirm_concern(
        concern=concern, action_taken="Seen", record_reference="Note", by=cast.pq_lead, at=LATER
    )
    assert concern.status == "confirmed"


def test_a_check_never_comes_to_the_auditor_while_somebody_else_is_in_pq(cast, s1):
    third = make_staff("Xena Third", cast.quality, roles=("qa_officer",))
    audit = make_audit_at("shared", cast, s1)
    Audit.objects.filter(pk=audit.pk).update(auditor=cast.pq_lead)
    audit = walk(audit, ["respond"], cast)
    workflow.finalise(audit=audit, by=cast.pq_lead, at=LATER)
    duty = Duty.objects.open().get(kind="audit.check")
    assert duty.holder == cast.pq_officer
    staff_left(staff=cast.pq_officer, by=cast.pq_lead, at=LATER)
    duty.refresh_from_db()
    assert duty.holder == third


def test_after_a_dispute_who_had_not_answered_is_asked_again(cast, s1):
    audit = make_audit_at("in_dispute", cast, s1)
    audit = workflow.resume(audit=audit, by=cast.pq_lead, at=LATER)
    assert missing_duties() == []
    assert workflow.lapse_windows(audit.respond_by + timedelta(minutes=1)) == 1
    assert missing_duties() == []
    assert cast.auditor.duties.open().get().kind == "audit.finalise"


def test_after_a_dispute_that_everybody_answered_the_auditor_makes_it_final(cast, s1):
    audit = walk(make_audit_at("shared", cast, s1), ["respond", "dispute"], cast)
    workflow.resume(audit=audit, by=cast.pq_lead, at=LATER)
    assert missing_duties() == []
    assert workflow.finalise(audit=audit, by=cast.auditor, at=LATER).status == "quality_check"


def test_one_window_that_cannot_be_closed_keeps_no_other_waiting(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    workflow.sharing.open_finalising(audit, LATER)  # the duty is there already: closing the window fails
    assert workflow.lapse_windows(audit.respond_by + timedelta(minutes=1)) == 1
    assert audit.responses.filter(verdict="waiting").count() == 3


def test_a_cover_who_may_not_know_of_the_audit_hears_nothing_of_its_concern(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    Absence.objects.create(
        staff=cast.team_manager,
        starts_on=START.date(),
        ends_on=LATER.date(),
        cover=cast.other_manager,
        recorded_by=cast.pq_lead,
    )
    workflow.raise_concern(audit=audit, text="Worried", by=cast.auditor, at=LATER)
    assert not cast.other_manager.notices.exists()
    for person in (cast.pq_lead, cast.group_manager):
        assert person.notices.filter(title__icontains="concern").exists()
