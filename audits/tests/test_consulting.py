"""An audit done together: sessions, the worker's input or why there is none, the notes of each role."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit_portal.testing.factories import (
    START,
    decide,
    escalated,
    fill_in,
    make_audit,
    make_audit_at,
    make_audit_on,
    meet,
    walk,
)
from audits import workflow
from audits.completeness import contact_part
from audits.content import content_of
from audits.hearing import why_not_without
from audits.models import Audit, Session, WithoutWorker
from audits.timeline import timeline
from duties.models import Duty
from people.refusals import Refused
from programmes.models import ProgrammeVersion

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=2)


@pytest.fixture
def audit(cast, s1):
    return make_audit_at("in_progress", cast, s1)


def without(audit, why="away", days=(date(2026, 11, 2), date(2026, 11, 30)), at=LATER):
    dates = {"away_from": days[0], "away_until": days[1]} if why == "away" else {}
    return workflow.go_without_worker(audit=audit, why=why, by=audit.auditor, at=at, **dates)


def answer(audit, at=LATER, **fields):
    for field, value in fields.items():
        version = audit.answers.filter(field=field).values_list("version", flat=True).first() or 0
        workflow.save_answer(audit=audit, field=field, value=value, version=version, by=audit.auditor, at=at)


def part(audit):
    return contact_part(content_of(Audit.objects.get(pk=audit.pk)))


def missing(audit):
    return [row.why for row in part(audit).missing]


def leave(audit, capacity):
    audit.participations.filter(capacity=capacity).update(until_at=LATER)


OTHERS = {"manager_input": "said", "manager_said": "Agrees", "iro_input": "not_needed",
          "iro_not_needed_because": "It is on file"}


@pytest.mark.req("S1-23", "S2-07")
def test_a_session_says_when_how_for_what_and_who_was_there(audit, cast):
    workflow.record_session(audit=audit, held_on=LATER.date(), mode="video", purpose="reading", others="A student",
                            people=[cast.worker, cast.team_manager], by=cast.auditor, at=LATER)
    (row,) = content_of(audit)["contact"]["sessions"]
    there = [(one["name"], one["capacity"]) for one in row["people"]]
    assert there == [("Tomasz Nowak", "worker"), ("Farah Siddiqui", "team_manager")]
    assert (row["held_on"], row["mode"], row["others"]) == ("2026-11-04", "video", "A student")


@pytest.mark.parametrize(("wrong", "said"), [
    ({"held_on": date(2026, 11, 5)}, "until today"), ({"held_on": date(2026, 10, 30)}, "until today"),
    ({"people": []}, "who was there")])
def test_a_session_was_held_by_somebody_while_the_auditor_had_the_case(wrong, said, audit, cast):
    given = {"held_on": LATER.date(), "people": [cast.worker], **wrong}
    with pytest.raises(Refused, match=said):
        workflow.record_session(audit=audit, mode="phone", purpose="reading", by=cast.auditor, at=LATER, **given)


def test_only_people_of_the_case_are_named(audit, cast):
    with pytest.raises(Refused, match="does not take part"):
        meet(audit, LATER, people=(cast.other_worker,))


def test_only_the_auditor_records_and_not_before_opening(cast, s1):
    audit = make_audit(cast, s1)
    with pytest.raises(PermissionDenied, match="Open the audit first"):
        meet(audit, LATER)
    walk(audit, ["open"], cast)
    with pytest.raises(PermissionDenied, match="Only the auditor"):
        workflow.record_session(audit=audit, held_on=LATER.date(), mode="phone", purpose="reading",
                                people=[cast.worker], by=cast.pq_lead, at=LATER)


@pytest.mark.req("S1-20")
def test_a_session_is_contact_too(audit, cast):
    assert Duty.objects.open().filter(kind="audit.contact").exists()
    session = meet(audit, LATER)
    assert not Duty.objects.open().filter(kind="audit.contact").exists()
    workflow.remove_session(session=session, by=cast.auditor, at=LATER)
    assert Duty.objects.open().filter(kind="audit.contact").exists()


def test_a_removed_session_counts_no_more_and_the_trail_keeps_it(audit, cast):
    workflow.remove_session(session=meet(audit, LATER), by=cast.auditor, at=LATER)
    assert content_of(audit)["contact"]["sessions"] == []
    assert Session.objects.count() == 1
    texts = [row.text for row in timeline(audit)]
    assert "Grace Adeyemi removed the record of a meeting" in texts
    assert "Grace Adeyemi recorded how the audit was done together" in texts


@pytest.mark.req("S1-18", "S2-07")
def test_without_any_word_of_the_worker_the_part_is_not_done(audit):
    answer(audit, **OTHERS)
    assert missing(audit) == ["Record when you met the worker, or why they cannot take part"]
    meet(audit, LATER)
    assert missing(audit) == ["Write down what the worker said"]
    answer(audit, worker_said="All of it")
    assert part(audit).is_done


@pytest.mark.req("S1-23")
def test_a_file_read_alone_says_why(audit):
    answer(audit, worker_said="All of it", **OTHERS)
    meet(audit, LATER, "discussion")
    assert missing(audit) == ["Say why you did not read the file together with the worker"]
    answer(audit, desktop_because="No room was free")
    assert part(audit).is_done


@pytest.mark.req("S1-18")
def test_a_session_without_the_worker_is_no_input_of_theirs(audit, cast):
    answer(audit, worker_said="All of it", **OTHERS)
    meet(audit, LATER, people=(cast.iro,))
    assert "Record when you met the worker" in missing(audit)[0]


@pytest.mark.req("S1-19", "S1-24")
@pytest.mark.parametrize("role", ["manager", "iro"])
def test_each_role_of_the_case_is_heard_or_the_audit_says_why_not(role, audit):
    meet(audit, LATER)
    answer(audit, worker_said="All of it", **OTHERS)
    answer(audit, **{f"{role}_input": ""})
    assert "Say whether you spoke with" in missing(audit)[0]
    answer(audit, **{f"{role}_input": "said", f"{role}_said": ""})
    assert "Write down what" in missing(audit)[0]
    answer(audit, **{f"{role}_input": "not_needed", f"{role}_not_needed_because": ""})
    assert "Say why you did not need to ask" in missing(audit)[0]
    answer(audit, **{f"{role}_not_needed_because": "The picture is whole"})
    assert part(audit).is_done


@pytest.mark.req("S1-24")
def test_nobody_is_asked_for_whom_the_case_does_not_have(audit):
    meet(audit, LATER)
    answer(audit, worker_said="All of it", manager_input="said", manager_said="Agrees")
    leave(audit, "iro")
    assert part(audit).is_done


# The audit is given on 2 November and due on the 30th; the absence is recorded on the 4th.
AWAY = [
    (("2026-11-02", "2026-11-30"), ""), (("2026-11-04", "2026-11-30"), ""), (("2026-10-01", "2027-01-31"), ""),
    (("2026-11-02", "2026-11-29"), "back before"), (("2026-11-02", "2026-11-16"), "back before"),
    (("2026-11-05", "2026-11-30"), "not away yet"),
]  # fmt: skip


@pytest.mark.req("A50", "S1-18")
@pytest.mark.parametrize(("days", "problem"), AWAY)
def test_away_counts_from_today_until_the_audit_is_due_else_one_tries(days, problem, audit):
    days = [date.fromisoformat(day) for day in days]
    if problem:
        with pytest.raises(Refused, match=problem):
            without(audit, days=days)
    else:
        without(audit, days=days)
    assert WithoutWorker.objects.exists() == (problem == "")


@pytest.mark.req("A50")
def test_once_the_audit_is_late_away_covers_the_day_of_recording(audit):
    late = datetime(2026, 12, 3, 10, tzinfo=START.tzinfo)
    with pytest.raises(Refused, match="back before"):
        without(audit, days=(date(2026, 11, 2), date(2026, 12, 2)), at=late)
    assert without(audit, days=(date(2026, 11, 2), date(2026, 12, 3)), at=late)


@pytest.mark.req("S1-18", "S2-11")
def test_with_the_worker_away_the_audit_says_so_and_the_manager_is_asked(audit):
    without(audit)
    answer(audit, **OTHERS)
    assert part(audit).is_done
    answer(audit, manager_input="")
    assert missing(audit) == ["Say whether you spoke with the team manager"]


@pytest.mark.req("B1")
def test_no_worker_is_a_reason_only_where_none_takes_part(audit):
    with pytest.raises(Refused, match="Tomasz Nowak is the worker of this case"):
        without(audit, "no_worker")
    leave(audit, "worker")
    with pytest.raises(Refused, match="No worker takes part"):
        without(audit)
    without(audit, "no_worker")
    answer(audit, **OTHERS)
    assert part(audit).is_done


@pytest.mark.req("B1")
def test_a_new_worker_is_tried_whatever_was_recorded_of_the_one_before(audit, cast):
    without(audit)
    answer(audit, **OTHERS)
    leave(audit, "worker")
    assert part(audit).is_done
    audit.participations.create(staff=cast.other_worker, capacity="worker", from_at=LATER)
    assert missing(audit) == ["Amy Lowther is the worker now: try to reach them"]


@pytest.mark.req("B1", "S1-22")
def test_an_escalation_is_a_reason_once_the_group_manager_said_what_came_of_it(cast, s1):
    audit = make_audit(cast, s1)
    row = escalated(audit, cast.worker)
    walk(audit, ["open"], cast)
    with pytest.raises(Refused, match="has not said yet"):
        without(audit, "no_answer", at=START + timedelta(days=3))
    workflow.resolve_escalation(escalation=row, outcome="Left the council", by=cast.group_manager, at=LATER)
    without(audit, "no_answer", at=START + timedelta(days=3))
    answer(audit, START + timedelta(days=3), **OTHERS)
    assert part(audit).is_done
    assert "Left the council" not in str(content_of(audit)), "whom it concerns does not read what was said of them"


@pytest.mark.req("B1")
def test_the_escalation_of_somebody_else_is_no_reason(cast, s1):
    audit = make_audit(cast, s1)
    row = escalated(audit, cast.iro)
    walk(audit, ["open"], cast)
    workflow.resolve_escalation(escalation=row, outcome="Ill", by=cast.group_manager, at=LATER)
    with pytest.raises(Refused, match="has not said yet"):
        without(audit, "no_answer", at=START + timedelta(days=3))


def test_a_worker_who_takes_part_after_all_ends_the_reason(audit, cast):
    without(audit)
    meet(audit, LATER, "feedback")
    assert content_of(audit)["contact"]["without_worker"]
    meet(audit, LATER)
    assert content_of(audit)["contact"]["without_worker"] is None
    without(audit)
    workflow.take_worker_back(audit=audit, by=cast.auditor, at=LATER)
    assert content_of(audit)["contact"]["without_worker"] is None


def test_a_second_reason_takes_the_place_of_the_first(audit):
    without(audit)
    row = without(audit, days=(date(2026, 11, 1), date(2026, 12, 31)))
    assert WithoutWorker.objects.get(removed_at=None) == row


@pytest.mark.parametrize("fields", [
    {"why": "away", "away_from": None}, {"why": "away", "away_until": date(2026, 11, 1)},
    {"why": "no_worker", "away_from": None, "away_until": None}])
def test_the_database_holds_what_a_reason_says(fields, audit):
    row = without(audit)
    with pytest.raises(IntegrityError), transaction.atomic():
        WithoutWorker.objects.filter(pk=row.pk).update(**fields)


def test_days_in_disorder_are_refused(audit):
    with pytest.raises(Refused, match="first and the last"):
        without(audit, days=(date(2026, 11, 30), date(2026, 11, 2)))


@pytest.mark.req("S2-21")
def test_where_the_programme_wants_a_meeting_about_the_findings_it_is_needed(audit, s1):
    meet(audit, LATER)
    answer(audit, worker_said="All of it", **OTHERS)
    ProgrammeVersion.objects.filter(pk=s1.pk).update(form={**s1.form, "feedback_meeting": True})
    assert missing(audit) == ["Record when you told the worker what you found"]
    meet(audit, LATER, "feedback")
    assert part(audit).is_done


@pytest.mark.req("S2-21")
def test_the_managers_guide_wants_it(s2):
    assert s2.asks.feedback_meeting


@pytest.mark.req("S1-18", "S4-15")
def test_nothing_is_final_without_the_worker_and_the_field_is_named_and_linked(cast, s1, client):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, LATER)
    for session in audit.sessions.all():
        workflow.remove_session(session=session, by=cast.auditor, at=LATER)
    walk(audit, ["share", "respond"], cast)
    with pytest.raises(workflow.NotComplete, match="Record when you met the worker"):
        workflow.finalise(audit=audit, by=cast.auditor, at=START + timedelta(days=5))
    client.force_login(cast.auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(f"/audits/{audit.number}/finalise/")
    assert page.status_code == 422
    assert f'href="/audits/{audit.number}/contact/#sessions"' in page.text
    assert 'id="sessions"' in client.get(f"/audits/{audit.number}/contact/").text


@pytest.mark.req("S1-18", "S1-23", "S1-24")
def test_what_is_frozen_holds_how_the_audit_was_done(cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    content = audit.versions.last().content
    assert [row["purpose"] for row in content["contact"]["sessions"]] == ["reading", "feedback"]
    assert content["answers"]["manager_said"] == "Agrees with the picture."
    assert [view["who"] for view in content["family"]["views"]] == ["mother"]


def test_a_reason_is_judged_from_the_document_alone():
    worker = {"capacity": "worker", "staff": 7, "name": "Tomasz Nowak"}
    contact = {"until": "2026-11-30", "people": [worker], "resolved": [{"person": 7, "on": "2026-11-09"}]}
    row = {"why": "no_answer", "worker": 7, "recorded_on": "2026-11-10"}
    assert why_not_without(contact, row) == ""
    assert "has not said" in why_not_without({**contact, "resolved": []}, row)
    assert why_not_without({**contact, "people": []}, row) == ""


@pytest.mark.req("S0-14")
def test_a_no_notice_audit_has_no_session_before_its_day(cast, s1):
    audit = walk(make_audit_on(date(2026, 11, 16), cast, s1, is_no_notice=True), ["open"], cast)
    with pytest.raises(Refused, match="until today"):
        meet(audit, LATER)
    with pytest.raises(Refused, match="until today"):
        decide(audit, LATER)
