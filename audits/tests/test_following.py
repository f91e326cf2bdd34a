"""Somebody else works on, manages or reviews a case: its unfinished audits follow, finished ones stay (B12, S2-83)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_portal.testing.factories import (
    MONTH,
    PATHS,
    START,
    make_audit,
    make_audit_at,
    make_auditor,
    make_case,
    make_staff,
    make_unit,
    publish_round,
    walk,
)
from audit_portal.testing.liveness import missing_duties
from audits import workflow
from audits.models import Audit
from audits.timeline import timeline
from casefiles.corrections import correct
from casefiles.models import CaseFile
from casefiles.registry import people_changed
from duties.models import Duty, Notice
from duties.registry import may_know
from duties.workflow import staff_left
from people.models import Staff, Unit
from people.workflow import change_unit

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=4)
MUCH_LATER = START + timedelta(days=8)


def put_right(audit, cast, fact="worker", staff=None, at=LATER):
    """As P&Q do on the case page."""
    return correct(case_file=audit.case_file, fact=fact, staff=staff, by=cast.pq_officer, at=at)


def taking_part(audit):
    rows = audit.participations.filter(until_at=None).select_related("staff")
    return {row.capacity: row.staff.name for row in rows}


def told(person, words="You now take part"):
    return list(person.notices.filter(channel="inbox", title__startswith=words).values_list("title", "url"))


@pytest.mark.parametrize("status", sorted(PATHS))
def test_nothing_is_left_lying_in_any_state(status, cast, s1):
    audit = make_audit_at(status, cast, s1)
    before = taking_part(audit)
    for fact, person in (("worker", cast.other_worker), ("manager", cast.other_manager), ("iro", cast.leader)):
        put_right(audit, cast, fact, person, at=MUCH_LATER)
    put_right(audit, cast, "cp_adviser", cast.other_worker, at=MUCH_LATER)
    put_right(audit, cast, "iro", None, at=MUCH_LATER)
    assert missing_duties() == []
    for duty in Duty.objects.open().filter(audit_number=audit.number):
        assert may_know(duty.holder, duty.subject_type, duty.subject_id), duty
    ended = status in {"closed", "substituted", "cancelled"}
    assert (taking_part(audit) == before) is ended
    if not ended:
        assert taking_part(audit) == {"auditor": "Grace Adeyemi", "worker": "Amy Lowther",
                                      "team_manager": "Owen Pritchard", "cp_adviser": "Amy Lowther"}


@pytest.mark.req("B12")
def test_the_new_worker_is_told_once_and_the_old_one_sees_it_no_more(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    put_right(audit, cast, staff=cast.other_worker)
    assert told(cast.other_worker) == [(f"You now take part in the audit {audit.number}", f"/audits/{audit.number}/")]
    people_changed([audit.case_file_id], by=cast.pq_lead, at=LATER)
    assert len(told(cast.other_worker)) == 1 and not told(cast.worker)
    assert not Audit.objects.visible_to(cast.worker).filter(pk=audit.pk).exists()
    assert Audit.objects.visible_to(cast.other_worker).filter(pk=audit.pk).exists()
    assert timeline(audit)[0].text == "Worker: Amy Lowther instead of Tomasz Nowak"


def test_the_answer_that_was_not_given_is_the_new_workers_to_give(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    put_right(audit, cast, staff=cast.other_worker)
    assert [duty.title for duty in Duty.objects.held_by(cast.other_worker)] == ["Read an audit and answer it"]
    assert cast.other_worker.notices.filter(channel="inbox").count() == 1
    with pytest.raises(PermissionDenied):
        workflow.respond(audit=audit, verdict="agrees", by=cast.worker, at=LATER)
    for person in (cast.other_worker, cast.team_manager, cast.iro):
        workflow.respond(audit=audit, verdict="agrees", by=person, at=LATER)
    assert missing_duties() == []
    assert workflow.finalise(audit=audit, by=cast.auditor, at=LATER).status == "quality_check"


def test_what_the_old_worker_answered_stays_and_the_new_one_is_not_asked(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    workflow.respond(audit=audit, verdict="comments", text="As it was", by=cast.worker, at=LATER)
    put_right(audit, cast, staff=cast.other_worker)
    assert audit.responses.get(capacity="worker").text == "As it was"
    assert not Duty.objects.held_by(cast.other_worker).exists() and len(told(cast.other_worker)) == 1
    assert missing_duties() == []


def test_an_adviser_who_was_missing_is_asked_while_there_is_time(cast, s1):
    audit = walk(make_audit_at("shared", cast, s1), ["respond"], cast)
    put_right(audit, cast, "cp_adviser", cast.leader)
    assert audit.responses.get(staff=cast.leader).verdict == "waiting"
    assert Duty.objects.open().of(audit).get().holder == cast.leader
    assert missing_duties() == []


def test_an_adviser_who_comes_after_the_window_only_takes_part(cast, s1):
    audit = walk(make_audit_at("shared", cast, s1), ["respond"], cast)
    put_right(audit, cast, "cp_adviser", cast.leader, at=audit.respond_by + timedelta(minutes=1))
    assert not audit.responses.filter(staff=cast.leader).exists() and len(told(cast.leader)) == 1
    assert missing_duties() == []


def test_once_the_time_is_over_the_silence_stays_on_record(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    over = audit.respond_by + timedelta(minutes=1)
    put_right(audit, cast, staff=cast.other_worker, at=over)
    workflow.lapse_windows(over)
    assert set(audit.responses.values_list("capacity", "verdict")) == {
        ("worker", "lapsed"), ("team_manager", "lapsed"), ("iro", "lapsed")}
    assert missing_duties() == []


def test_where_nobody_is_the_reviewing_officer_nobody_is_waited_for(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    for person in (cast.worker, cast.team_manager):
        workflow.respond(audit=audit, verdict="agrees", by=person, at=LATER)
    put_right(audit, cast, "iro", None)
    assert Duty.objects.open().of(audit).get().kind == "audit.finalise"
    assert missing_duties() == []


def test_one_person_in_two_capacities_is_asked_once_and_stays_in_the_other(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    put_right(audit, cast, "cp_adviser", cast.iro)
    assert audit.responses.filter(staff=cast.iro).count() == 1
    put_right(audit, cast, "iro", cast.leader)
    capacities = audit.responses.filter(verdict="waiting").values_list("staff__name", "capacity")
    assert {("Maureen Doyle", "cp_adviser"), ("Leo Leader", "iro")} <= set(capacities)
    assert missing_duties() == []


def test_in_a_dispute_the_new_person_is_asked_when_it_is_over(cast, s1):
    audit = make_audit_at("in_dispute", cast, s1)
    put_right(audit, cast, staff=cast.other_worker)
    workflow.resume(audit=audit, by=cast.pq_lead, at=MUCH_LATER)
    assert {duty.holder for duty in Duty.objects.open().of(audit, "audit.respond")} == {
        cast.other_worker, cast.team_manager, cast.iro}
    assert missing_duties() == []


@pytest.mark.req("S2-05")
def test_where_the_auditor_turns_out_to_work_on_the_case_pq_hear_of_it_and_nobody_changes(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    before = taking_part(audit)
    for _ in range(2):
        put_right(audit, cast, staff=cast.auditor)
        people_changed([audit.case_file_id], by=cast.pq_lead, at=LATER)
    assert taking_part(audit) == before and not told(cast.auditor)
    assert told(cast.pq_lead, "An auditor now works on the case they audit") == [
        ("An auditor now works on the case they audit: substitute the case", f"/audits/{audit.number}/")]
    assert missing_duties() == []


@pytest.mark.req("S1-28")
def test_a_concern_goes_to_the_manager_of_this_case_and_follows(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    put_right(audit, cast, "manager", cast.other_manager)
    concern = workflow.raise_concern(audit=audit, text="Worried", by=cast.auditor, at=LATER)
    assert Duty.objects.open().of(concern).get().holder == cast.other_manager
    put_right(audit, cast, "manager", cast.leader)
    assert Duty.objects.open().of(concern).get().holder == cast.leader
    workflow.acknowledge_concern(concern=concern, by=cast.leader, at=LATER)
    put_right(audit, cast, "manager", None)
    assert Duty.objects.open().of(concern).get().holder == cast.team_manager
    assert missing_duties() == []


def test_the_override_takes_part_from_the_first_day(cast, s1):
    make_case("3071846", cast.team, cast.worker, manager=cast.other_manager)
    publish_round(cast, s1)
    assert taking_part(Audit.objects.get())["team_manager"] == "Owen Pritchard"


def close_by_list(cast, load):
    """The case is no longer on the council's list; afterwards its team gets another manager."""
    load(["999,CP,Fostering Team,Amy Lowther"], at=LATER)
    assert not CaseFile.objects.get(reference="3071846").is_open
    Unit.objects.filter(pk=cast.team.pk).update(manager=make_staff("New Manager", cast.team))


@pytest.fixture
def load(cast):
    """Loads a list of case files as P&Q."""
    from casefiles import workflow as imports

    def loaded(rows, at):
        content = "\n".join(["reference,category,team,worker", *rows]).encode()
        imported = imports.preview(kind="case_files", file_name="list.csv", content=content, by=cast.pq_lead, at=at)
        return imports.confirm(imported=imported, by=cast.pq_lead, at=at)

    return loaded


@pytest.mark.req("S2-83")
def test_of_a_closed_case_part_b_goes_to_the_manager_who_last_had_it(cast, s1, load):
    load(["3071846,CP,Children in Need East 2,Tomasz Nowak"], at=START)
    publish_round(cast, s1)
    audit = walk(Audit.objects.get(), ["open", "write", "share"], cast)
    close_by_list(cast, load)
    for person in (cast.worker, cast.team_manager):
        workflow.respond(audit=audit, verdict="agrees", by=person, at=LATER)
    part_b = walk(audit, ["finalise", "accept"], cast).part_b
    assert part_b.manager == cast.team_manager
    owed = Duty.objects.open().filter(audit_number=audit.number).exclude(kind="audit.file")  # P&Q copy the record
    assert {duty.holder for duty in owed} == {cast.team_manager}
    assert missing_duties() == []


@pytest.mark.req("S2-83")
def test_of_a_closed_case_whose_manager_left_part_b_goes_to_the_one_before_who_may_then_see_it(cast, s1, load):
    audit = make_audit_at("quality_check", cast, s1)
    case_file = audit.case_file
    for person, day in ((cast.other_manager, 300), (cast.team_manager, 30)):
        case_file.involvements.create(
            staff=person, capacity="team_manager", from_on=MONTH - timedelta(days=day), until_on=MONTH)
    close_by_list(cast, load)
    staff_left(staff=cast.team_manager, by=cast.pq_lead, at=LATER)
    part_b = walk(audit, ["accept"], cast).part_b
    assert part_b.manager == cast.other_manager
    assert Audit.objects.visible_to(cast.other_manager).filter(pk=audit.pk).exists()
    assert missing_duties() == []


def test_nobody_hears_of_a_no_notice_case_before_its_day(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    Audit.objects.filter(pk=audit.pk).update(visible_from=START + timedelta(days=900))
    put_right(audit, cast, staff=cast.other_worker)
    assert taking_part(audit)["worker"] == "Amy Lowther"
    assert not Notice.objects.filter(title__startswith="You now take part").exists()
    assert not Audit.objects.visible_to(cast.other_worker).filter(pk=audit.pk).exists()


def test_looking_costs_the_same_for_one_case_and_for_twenty(cast, s1):
    make_audit(cast, s1, "3000001")
    for number in range(20):
        make_auditor(f"Auditor Number{number}", cast.other_team)
        make_case(f"31{number:02}", cast.team, cast.worker, iro=cast.iro)
    publish_round(cast, s1, month=MONTH.replace(month=10))
    assert Audit.objects.count() > 15
    costs = []
    for files in (CaseFile.objects.filter(audits__isnull=False)[:1], CaseFile.objects.all()):
        with CaptureQueriesContext(connection) as queries:
            people_changed([file.pk for file in files], by=cast.pq_lead, at=LATER)
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("status", ["shared", "closed"])
def test_a_group_that_moves_takes_its_audits_with_it(status, cast, s1):
    """By the units above a team people see its audits: a reorganisation hides none from its managers."""
    audit = make_audit_at(status, cast, s1)
    service = make_unit("Safeguarding", "service", cast.care, manager=cast.other_manager)
    change_unit(unit=cast.group, parent=service, by=cast.pq_lead, at=MUCH_LATER)
    for person in (cast.team_manager, cast.group_manager, cast.other_manager):
        assert seen_by(person) == [audit.number]
    assert seen_by(cast.head_of_service) == [] and missing_duties() == []
    assert Audit.objects.get().service_name == audit.service_name  # figures keep the service of the time


def seen_by(person):
    """Read anew: what somebody may see is kept with the person."""
    return list(Audit.objects.visible_to(Staff.objects.get(pk=person.pk)).values_list("number", flat=True))
