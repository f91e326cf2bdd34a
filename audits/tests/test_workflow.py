"""The audit's verbs: who may, what must be there, what follows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from audit_portal.testing.factories import START, fill_in, make_audit, make_audit_at
from audits import workflow
from audits.completeness import missing_in_action
from audits.content import digest
from audits.models import Audit, AuditVersion
from audits.quality import ALL_IN_ORDER
from calendars.rules import end_of_day
from workflows import InvalidTransition

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=5)


@pytest.mark.req("S1-15")
def test_an_audit_is_due_on_the_last_calendar_day_of_its_month(cast, s1):
    audit = make_audit(cast, s1)
    assert audit.due_at == end_of_day(date(2026, 11, 30))
    assert cast.auditor.duties.open().get(kind="audit.complete").due_at == audit.due_at


@pytest.mark.req("S1-21")
def test_the_people_of_the_case_are_told_who_audits_it(cast, s1):
    audit = make_audit(cast, s1)
    for person in (cast.worker, cast.team_manager, cast.iro):
        notice = person.notices.get(channel="inbox", subject_id=audit.pk)
        assert cast.auditor.name in notice.title and audit.case_file.reference not in notice.title


@pytest.mark.req("S1-30")
def test_opening_sets_the_last_six_months_as_period(cast, s1):
    audit = workflow.open_audit(audit=make_audit(cast, s1), by=cast.auditor, at=datetime(2026, 11, 15, 9, tzinfo=UTC))
    assert (audit.period_from, audit.period_until) == (date(2026, 5, 15), date(2026, 11, 15))


@pytest.mark.parametrize("persona", ["worker", "team_manager", "pq_lead", "assistant_director", "administrator"])
def test_nobody_but_the_auditor_opens_writes_or_shares(persona, cast, s1):
    audit, person = make_audit_at("in_progress", cast, s1), getattr(cast, persona)
    for verb in (workflow.share, workflow.open_audit):
        with pytest.raises(PermissionDenied):
            verb(audit=audit, by=person, at=LATER)
    with pytest.raises(PermissionDenied):
        workflow.save_answer(audit=audit, field="strengths", value="x", version=0, by=person, at=LATER)


def test_a_text_before_is_kept_as_a_revision(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    for version, text in enumerate(["First", "Second"]):
        answer = workflow.save_answer(
            audit=audit, field="strengths", value=text, version=version, by=cast.auditor, at=LATER
        )
    assert list(answer.revisions.order_by("version").values_list("value", flat=True)) == ["First", "Second"]


def test_a_save_on_an_old_version_changes_nothing(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    save = {"audit": audit, "field": "strengths", "version": 0, "by": cast.auditor, "at": LATER}
    workflow.save_answer(value="Mine", **save)
    with pytest.raises(workflow.AnswerChanged) as raised:
        workflow.save_answer(value="Other", **save)
    assert (raised.value.answer.value, raised.value.value) == ("Mine", "Other")


@pytest.mark.req("S1-39")
def test_requires_improvement_with_elements_needs_the_elements(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, LATER, grade=s1.grades.get(needs_good_elements=True).slug)
    workflow.save_answer(audit=audit, field="good_elements", value="", version=1, by=cast.auditor, at=LATER)
    with pytest.raises(workflow.NotComplete, match="elements that are good"):
        workflow.share(audit=audit, by=cast.auditor, at=LATER)


@pytest.mark.req("S1-44")
@pytest.mark.parametrize(
    ("field", "word"), [("what", "text"), ("owner", "owner"), ("due_on", "date"), ("measure", "measure")]
)
def test_an_action_says_what_who_by_when_and_how_we_will_know(field, word):
    whole = {
        "what": "Write",
        "owner": "Tomasz",
        "due_on": "2026-12-04",
        "measure": "On file",
        "change_for_child": "Safe",
    }
    assert missing_in_action(whole) == []
    assert word in missing_in_action(whole | {field: ""})


@pytest.mark.req("S1-44")
def test_an_action_without_a_date_holds_the_sharing(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, LATER)
    workflow.add_action(audit=audit, by=cast.auditor, at=LATER, what="Decide with health")
    with pytest.raises(workflow.NotComplete, match="Action 2 has no owner"):
        workflow.share(audit=audit, by=cast.auditor, at=LATER)


@pytest.mark.req("S1-42", "S1-43")
@pytest.mark.parametrize("field", ["strengths", "good_practice", "organisational_learning"])
def test_strengths_good_practice_and_learning_are_asked_before_sharing(field, cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, LATER)
    workflow.save_answer(audit=audit, field=field, value="", version=1, by=cast.auditor, at=LATER)
    with pytest.raises(workflow.NotComplete, match="Strengths and learning"):
        workflow.share(audit=audit, by=cast.auditor, at=LATER)


@pytest.mark.req("S1-16", "S1-45")
def test_worker_manager_and_iro_are_asked_and_the_audit_waits_for_them(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    assert set(audit.responses.values_list("staff", flat=True)) == {cast.worker.pk, cast.team_manager.pk, cast.iro.pk}
    assert audit.respond_by == end_of_day(date(2026, 11, 12))
    with pytest.raises(workflow.NotComplete, match="Not everybody has answered"):
        workflow.finalise(audit=audit, by=cast.auditor, at=LATER)


@pytest.mark.req("S1-45")
def test_silence_is_recorded_when_the_window_is_over(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    assert workflow.lapse_windows(audit.respond_by) == 0
    assert workflow.lapse_windows(audit.respond_by + timedelta(seconds=1)) == 1
    assert set(audit.responses.values_list("verdict", flat=True)) == {"lapsed"}
    after = audit.respond_by + timedelta(hours=1)
    assert workflow.finalise(audit=audit, by=cast.auditor, at=after).status == Audit.Status.QUALITY_CHECK


@pytest.mark.req("S1-18", "S1-24", "S1-25")
@pytest.mark.parametrize(
    ("field", "part"), [("worker_said", "Contact and consultation"), ("done_differently", "Family views")]
)
def test_input_of_worker_and_family_hold_the_final_audit_not_the_sharing(field, part, cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, LATER)
    written = audit.answers.get(field__endswith=field).field
    workflow.save_answer(audit=audit, field=written, value="", version=1, by=cast.auditor, at=LATER)
    audit = workflow.share(audit=audit, by=cast.auditor, at=LATER)
    workflow.lapse_windows(audit.respond_by + timedelta(days=1))
    with pytest.raises(workflow.NotComplete, match=part):
        workflow.finalise(audit=audit, by=cast.auditor, at=audit.respond_by + timedelta(days=1))


@pytest.mark.req("S1-46")
def test_a_final_audit_goes_to_pq_by_itself_with_the_digest_of_what_it_says(cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    version = audit.versions.last()
    assert version.reason == AuditVersion.Reason.FINALISED and version.digest == digest(version.content)
    assert version.grade_confirmed_at and audit.grade == version.grade
    checker = workflow.checker_for(audit, LATER)
    assert checker.hats().is_pq


@pytest.mark.req("S1-17")
def test_a_frozen_version_cannot_be_changed(cast, s1):
    version = make_audit_at("quality_check", cast, s1).versions.last()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditVersion.objects.filter(pk=version.pk).update(digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()


@pytest.mark.req("S1-47")
def test_pq_check_never_their_own_audit(cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    with pytest.raises(PermissionDenied, match="Only Performance and Quality"):
        workflow.accept(audit=audit, checklist=ALL_IN_ORDER, by=cast.team_manager, at=LATER)
    Audit.objects.filter(pk=audit.pk).update(auditor=cast.pq_officer)
    audit.refresh_from_db()
    with pytest.raises(PermissionDenied, match="a colleague checks it"):
        workflow.accept(audit=audit, checklist=ALL_IN_ORDER, by=cast.pq_officer, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Audit.objects.filter(pk=audit.pk).update(accepted_by=cast.pq_officer, accepted_at=LATER)


@pytest.mark.req("S1-48")
def test_a_returned_audit_is_due_in_three_working_days(cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    back = workflow.return_to_auditor(
        audit=audit, reasons="Say more", checklist={}, by=cast.pq_lead, at=datetime(2026, 12, 24, 15, tzinfo=UTC)
    )
    assert back.due_at == end_of_day(date(2026, 12, 31))
    assert cast.auditor.duties.open().get(kind="audit.amend").due_at == back.due_at


@pytest.mark.req("S1-48")
def test_a_return_that_changed_no_judgement_goes_straight_back(cast, s1):
    audit = make_audit_at("returned", cast, s1)
    workflow.save_answer(
        audit=audit, field="organisational_learning", value="More", version=1, by=cast.auditor, at=LATER
    )
    audit = workflow.resubmit(audit=audit, by=cast.auditor, at=LATER)
    assert audit.status == Audit.Status.QUALITY_CHECK
    assert audit.returns.get().resubmitted_at == LATER


def test_a_return_that_changed_the_grade_is_shared_again_for_two_working_days(cast, s1):
    audit = make_audit_at("returned", cast, s1)
    workflow.save_answer(
        audit=audit, field="grade", value=s1.grades.get(position=4).slug, version=1, by=cast.auditor, at=LATER
    )
    audit = workflow.resubmit(audit=audit, by=cast.auditor, at=datetime(2026, 11, 9, 9, tzinfo=UTC))
    assert (audit.status, audit.respond_by) == (Audit.Status.SHARED, end_of_day(date(2026, 11, 11)))
    assert audit.responses.filter(verdict="waiting").count() == 3


@pytest.mark.req("S1-66")
def test_only_an_assistant_director_or_the_strategic_lead_cancels(cast, s1):
    audit = make_audit(cast, s1)
    for person in (cast.pq_lead, cast.head_of_service, cast.auditor, cast.director):
        with pytest.raises(PermissionDenied):
            workflow.cancel(audit=audit, reason="Moved", by=person, at=LATER)
    ended = workflow.cancel(audit=audit, reason="Moved", by=cast.strategic_lead, at=LATER)
    assert ended.status == Audit.Status.CANCELLED


def test_a_step_out_of_turn_is_refused_in_words(cast, s1):
    with pytest.raises(InvalidTransition, match="Not opened"):
        workflow.accept(audit=make_audit(cast, s1), checklist=ALL_IN_ORDER, by=cast.pq_lead, at=LATER)


@pytest.mark.req("S1-27", "S1-29")
def test_a_concern_reaches_the_team_manager_and_stays_open_until_it_is_recorded(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    concern = workflow.raise_concern(audit=audit, text="Not safe tonight", by=cast.auditor, at=LATER)
    duty = cast.team_manager.duties.open().get(kind="concern.acknowledge")
    assert duty.due_at == LATER + timedelta(hours=1)
    assert not any("tonight" in n.title for n in cast.team_manager.notices.all())
    concern = workflow.acknowledge_concern(concern=concern, by=cast.team_manager, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(concern).objects.filter(pk=concern.pk).update(
            status="confirmed", confirmed_at=LATER, confirmed_by=cast.team_manager
        )
    done = workflow.confirm_concern(
        concern=concern,
        action_taken="Visited",
        record_reference="Oversight, 7 November",
        by=cast.team_manager,
        at=LATER,
    )
    assert done.status == "confirmed"


@pytest.mark.req("S1-16")
def test_a_grade_changed_after_sharing_is_shared_again_before_it_is_final(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    workflow.lapse_windows(audit.respond_by + timedelta(minutes=1))
    at = datetime(2026, 11, 13, 9, tzinfo=UTC)
    lower = s1.grades.get(position=4).slug
    workflow.save_answer(audit=audit, field="grade", value=lower, version=1, by=cast.auditor, at=at)
    audit = workflow.finalise(audit=audit, by=cast.auditor, at=at)
    assert (audit.status, audit.respond_by) == (Audit.Status.SHARED, end_of_day(date(2026, 11, 17)))
    assert cast.worker.duties.open().filter(kind="audit.respond").exists()
    workflow.lapse_windows(audit.respond_by + timedelta(minutes=1))
    final = workflow.finalise(audit=audit, by=cast.auditor, at=audit.respond_by + timedelta(hours=1))
    assert final.status == Audit.Status.QUALITY_CHECK
