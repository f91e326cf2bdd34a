"""Opening, closing, moving and handing on duties; their invariants in the database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit_portal.testing.factories import START, make_audit, make_audit_at, make_staff
from calendars.models import LocalClosure
from duties import workflow
from duties.models import Duty, Ladder, Notice
from people.models import Staff
from people.roles import Role

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
RUNG = {"name": "two days left", "when": "before", "offset": 2, "unit": "working_days", "tell": ["holder"]}


@pytest.fixture
def audit(cast, s1):
    """An audit that has just been allocated."""
    return make_audit(cast, s1)


def open_duty(audit, kind="audit.dispute", **fields):
    """A duty about the audit, P&Q's unless somebody owns it."""
    given = {"role": Role.QA_LEAD, "due_at": DUE, "at": START, "unit": audit.team, "audit_number": audit.number}
    return workflow.open_duty(kind, audit, **(given | fields))


def pending(person):
    """What is not sent yet."""
    return Notice.objects.pending_email().filter(recipient=person)


def test_only_one_duty_of_a_kind_is_open_in_a_slot(audit):
    open_duty(audit)
    with pytest.raises(IntegrityError), transaction.atomic():
        open_duty(audit)
    assert open_duty(audit, slot="2").pk


def test_a_closed_slot_can_be_opened_again(audit, cast):
    open_duty(audit)
    assert workflow.close_duty("audit.dispute", audit, by=cast.pq_lead, at=START) == 1
    assert open_duty(audit).is_open
    assert Duty.objects.of(audit, "audit.dispute").count() == 2


def test_the_holder_is_told_in_the_same_transaction_by_inbox_and_by_mail(audit, cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        open_duty(audit)
        raise RuntimeError
    assert not Notice.objects.filter(duty__kind="audit.dispute").exists()
    duty = open_duty(audit)
    assert sorted(duty.notices.values_list("channel", "recipient")) == [
        ("email", cast.pq_lead.pk),
        ("inbox", cast.pq_lead.pk),
    ]


def test_a_duty_can_be_opened_quietly(audit):
    assert not open_duty(audit, tell=False).notices.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"closed_at": START},
        {"outcome": "done"},
        {"closed_at": START - timedelta(days=1), "outcome": "done", "next_rung_at": None},
    ],
)
def test_the_database_refuses_a_half_closed_duty(broken, audit, cast):
    duty = open_duty(audit)
    with pytest.raises(DatabaseError), transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(closed_by=cast.pq_lead, **broken)


def test_closing_cancels_what_is_not_sent_and_leaves_the_inbox(audit, cast):
    duty = open_duty(audit)
    workflow.close_duty("audit.dispute", audit, by=cast.pq_lead, at=START, outcome="settled")
    duty.refresh_from_db()
    assert (duty.outcome, duty.closed_by, duty.next_rung_at) == ("settled", cast.pq_lead, None)
    assert set(duty.notices.values_list("channel", "state")) == {("email", "cancelled"), ("inbox", "shown")}


def test_closing_one_slot_leaves_the_others(audit, cast):
    open_duty(audit, slot="a"), open_duty(audit, slot="b")
    assert workflow.close_duty("audit.dispute", audit, slot="a", by=cast.pq_lead, at=START) == 1
    assert Duty.objects.open().of(audit, "audit.dispute").get().slot == "b"


def test_closing_everything_about_an_audit(audit, cast):
    open_duty(audit)
    assert workflow.close_all(audit, by=cast.pq_lead, at=START, outcome="cancelled") == 2
    assert not Duty.objects.open().of(audit).exists()


def test_a_duty_is_never_closed_before_it_was_opened(audit, cast):
    duty = open_duty(audit)
    workflow.close_duty("audit.dispute", audit, by=cast.pq_lead, at=START - timedelta(days=3))
    duty.refresh_from_db()
    assert duty.closed_at == duty.opened_at


def test_a_moved_due_time_is_a_new_revision_whose_unsent_notices_are_cancelled(audit, cast):
    workflow.publish_ladder(kind="audit.dispute", rungs=[RUNG], programme="s1", at=START)
    duty = open_duty(audit)
    workflow.reschedule("audit.dispute", audit, due_at=DUE + timedelta(days=7), at=START)
    duty.refresh_from_db()
    assert duty.revision == 2
    assert duty.next_rung_at == datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert not pending(cast.pq_lead).filter(duty=duty).exists()


def test_handing_on_tells_the_new_holder_and_not_the_old_one(audit, cast):
    duty = open_duty(audit)
    workflow.hand_on_all(Duty.objects.open().of(audit, "audit.dispute"), owner=cast.pq_officer, at=START)
    duty.refresh_from_db()
    assert (duty.holder, duty.revision) == (cast.pq_officer, 2)
    assert pending(cast.pq_officer).filter(duty=duty).count() == 1
    assert not pending(cast.pq_lead).filter(duty=duty).exists()


def test_a_running_duty_keeps_its_ladder_when_a_new_one_is_published(audit):
    first = workflow.publish_ladder(kind="audit.dispute", rungs=[RUNG], programme="s1", at=START)
    duty = open_duty(audit)
    second = workflow.publish_ladder(kind="audit.dispute", rungs=[RUNG | {"offset": 3}], programme="s1", at=START)
    duty.refresh_from_db()
    assert (duty.ladder, second.version) == (first, first.version + 1)
    assert open_duty(audit, slot="later").ladder == second


def test_the_same_ladder_again_is_no_new_version(s1):
    before = Ladder.objects.count()
    rungs = Ladder.objects.get(kind="audit.complete").rungs
    workflow.publish_ladder(kind="audit.complete", rungs=rungs, programme="s1", at=START)
    assert Ladder.objects.count() == before


def test_reminders_skip_the_closure_days_of_the_council(audit):
    workflow.publish_ladder(kind="audit.dispute", rungs=[RUNG], programme="s1", at=START)
    LocalClosure.objects.create(day=date(2026, 11, 19), name="Founders’ day", counts_as_holiday=True)
    assert open_duty(audit).next_rung_at == datetime(2026, 11, 17, 8, tzinfo=UTC)


def test_what_has_no_ladder_never_rings(audit):
    Ladder.objects.filter(kind="audit.dispute").update(kind="none.such")
    assert open_duty(audit).next_rung_at is None


@pytest.mark.req("S1-01")
def test_an_auditor_who_leaves_hands_the_audit_to_quality_and_never_to_a_manager(audit, cast):
    workflow.staff_left(staff=cast.auditor, by=cast.pq_lead, at=START + timedelta(days=1))
    duty = Duty.objects.open().of(audit, "audit.complete").get()
    assert duty.holder == cast.pq_lead
    assert pending(cast.pq_lead).filter(duty=duty).exists()


def test_a_worker_who_leaves_hands_duties_to_the_team_manager(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    workflow.staff_left(staff=cast.worker, by=cast.pq_lead, at=START + timedelta(days=3))
    duty = Duty.objects.open().of(audit, "audit.respond").get(slot=str(cast.worker.pk))
    assert duty.holder == cast.team_manager


def test_a_team_manager_who_leaves_hands_duties_up_the_line(cast, s1):
    make_audit_at("with_team_manager", cast, s1)
    workflow.staff_left(staff=cast.team_manager, by=cast.pq_lead, at=START + timedelta(days=8))
    holders = Duty.objects.open().filter(kind__startswith="followup.").values_list("holder", flat=True)
    assert set(holders) == {cast.group_manager.pk}


def test_whoever_left_can_do_nothing_any_more_and_holds_nothing(audit, cast):
    moved = workflow.staff_left(staff=cast.auditor, by=cast.pq_lead, at=START)
    gone = Staff.objects.get(pk=cast.auditor.pk)
    assert (moved, gone.is_active, gone.left_on) == (1, False, START.date())
    assert not Duty.objects.open().filter(holder=gone).exists()
    assert not pending(gone).filter(duty__isnull=False).exists()


def test_the_last_lead_who_leaves_is_followed_by_an_officer(audit, cast):
    open_duty(audit)
    workflow.staff_left(staff=cast.pq_lead, by=cast.administrator, at=START)
    assert Duty.objects.open().of(audit, "audit.dispute").get().holder == cast.pq_officer


def test_asking_again_moves_only_what_has_another_holder(audit, cast):
    duty = open_duty(audit)
    assert workflow.resolve_again(Duty.objects.open(), at=START) == 0
    make_staff("Second Lead", cast.quality, roles=(Role.QA_LEAD,))
    assert workflow.resolve_again(Duty.objects.open(), at=START) == 0
    Duty.objects.filter(pk=duty.pk).update(owner=cast.pq_officer)
    assert workflow.resolve_again(Duty.objects.open(), at=START) == 1
