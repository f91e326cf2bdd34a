"""Past audits are real rows: rules hold for them, and they ask nobody for anything but what is open (B13)."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from allocations.frame import auditors_on_duty, build_frame
from allocations.models import Allocation, Round
from allocations.past import HeldHere
from audit_portal.testing.factories import make_audit, make_case, plan_round
from audit_portal.testing.liveness import missing_duties
from audit_portal.testing.pdf import text_of
from audits.models import Audit, AuditVersion
from audits.record import Record
from calendars.rules import end_of_day
from casefiles.models import CaseFile
from casefiles.registry import people_changed
from duties.models import Duty, Notice
from followup import workflow
from followup.models import Action, PartB
from followup.past import writing
from followup.tests.past import AT, ON, TEAM, planned, taken_over
from people.lines import system_actor
from trail.models import Event

pytestmark = pytest.mark.django_db
MAY_31 = end_of_day(date(2026, 5, 31))


def test_a_past_audit_is_closed_with_its_grade_and_dated_by_its_month(cast, s1):
    (audit,) = taken_over(cast, f"3071846,2026-05,{TEAM},Good,Grace Adeyemi,,")
    assert (audit.number, audit.status, audit.grade.label) == ("A-2026-05-0001", "closed", "Good")
    assert audit.auditor == cast.auditor and audit.team == cast.team
    assert (audit.unit_path, audit.service_name) == (cast.team.path, "Children in Need")
    dates = {audit.due_at, audit.first_shared_at, audit.finalised_at, audit.accepted_at, audit.closed_at}
    assert dates == {MAY_31}
    assert (audit.finalised_by, audit.accepted_by) == (cast.auditor, cast.pq_lead)
    version = audit.versions.get()
    assert version.grade_confirmed_at == MAY_31 and version.content["taken_over"]
    assert audit.answers.count() == audit.responses.count() == 0
    assert missing_duties() == []


def test_its_round_is_closed_and_was_never_drawn(cast, s1):
    taken_over(cast, f"1,2026-05,{TEAM},Good,,,", f"2,2026-05,{TEAM},Good,,,", f"3,2026-06,{TEAM},Good,,,")
    rounds = list(Round.objects.order_by("month"))
    assert [(round.month.month, round.status, round.draws.count()) for round in rounds] == [
        (5, "closed", 0), (6, "closed", 0)]
    assert [round.allocations.count() for round in rounds] == [2, 1]
    assert not Round.objects.drawn_here().exists()


def test_an_auditor_whom_nobody_knows_is_the_portal_itself(cast):
    (audit,) = taken_over(cast, f"1,2026-05,{TEAM},Good,,,")
    assert audit.auditor == system_actor() and audit.auditor_name == "Not known"
    assert not audit.participations.exists()


def test_the_importer_never_accepts_an_audit_of_their_own(cast):
    (audit,) = taken_over(cast, f"1,2026-05,{TEAM},Good,Naomi Clarke,,")
    assert (audit.auditor, audit.accepted_by) == (cast.pq_lead, system_actor())


def test_the_auditor_takes_part_where_they_still_work_here(cast):
    known, left = taken_over(cast, f"1,2026-05,{TEAM},Good,Grace Adeyemi,,", f"2,2026-05,{TEAM},Good,Lee Leaver,,")
    assert [row.capacity for row in known.participations.all()] == ["auditor"]
    assert left.auditor == cast.leaver and not left.participations.exists()


def test_a_case_that_the_portal_does_not_know_comes_in_closed(cast):
    taken_over(cast, f"1,2026-05,{TEAM},Good,,,", f"1,2026-02,{TEAM},Good,,,")
    case_file = CaseFile.objects.get()
    assert (case_file.opened_on, case_file.closed_on) == (date(2026, 2, 1), date(2026, 5, 31))
    assert Audit.objects.filter(case_file=case_file).count() == 2


def test_an_open_case_stays_as_it_is(cast):
    make_case("3071846", cast.team, cast.worker)
    before = CaseFile.objects.values().get()
    taken_over(cast, f"3071846,2026-05,{TEAM},Good,,,")
    assert CaseFile.objects.values().get() == before


def test_nothing_is_ever_late_and_nobody_is_told(cast):
    taken_over(cast, f"1,2026-05,{TEAM},Good,Grace Adeyemi,,", f"2,2026-05,{TEAM},Good,,3,")
    assert not Audit.objects.late(AT).exists()
    assert not Notice.objects.exists()
    assert set(Duty.objects.values_list("kind", "holder")) == {("followup.action", cast.team_manager.pk)}


def test_open_actions_wait_for_the_team_manager_and_nothing_else_does(cast):
    (audit,) = taken_over(cast, f"1,2026-05,{TEAM},Good,,Visit by 30/11/2026; Plan by 1/6/2026; Talk,")
    assert audit.status == "with_team_manager"
    assert audit.part_b.manager == cast.team_manager
    days = list(audit.part_b.actions.values_list("what", "due_on"))
    assert days == [("Visit", date(2026, 11, 30)), ("Plan", date(2026, 6, 1)), ("Talk", date(2026, 12, 16))]
    due = dict(Duty.objects.values_list("subject_id", "due_at"))
    overdue = audit.part_b.actions.get(position=2)
    assert due[overdue.pk] == AT  # over long ago: owed from now on
    assert missing_duties() == []


def test_the_last_action_leads_to_the_return_and_the_audit_closes(cast):
    (audit,) = taken_over(cast, f"1,2026-05,{TEAM},Good,,1,")
    action, by = audit.part_b.actions.get(), cast.team_manager
    workflow.confirm_action(action=action, done_on=ON, evidence="Note of 18 November", by=by, at=AT)
    assert missing_duties() == []
    workflow.return_part_b(part_b=PartB.objects.get(), by=by, at=AT)
    audit.refresh_from_db()
    assert audit.status == "closed" and audit.closed_at == AT
    assert missing_duties() == [] and [duty.kind for duty in Duty.objects.open()] == ["audit.file"]
    said = text_of(Record(audit).pdf())
    assert "they are in the council’s earlier records" in said and "Note of 18 November" in said


def test_other_people_on_the_case_change_nothing_in_its_past_audits(cast):
    case_file = make_case("3071846", cast.team, cast.worker)
    (audit,) = taken_over(cast, f"3071846,2026-05,{TEAM},Good,,1,")
    CaseFile.objects.filter(pk=case_file.pk).update(worker=cast.other_worker, iro=cast.iro, team=cast.other_team)
    people_changed([case_file.pk], by=cast.pq_lead, at=AT)
    assert not audit.participations.exists() and not Notice.objects.exists()
    assert PartB.objects.get().manager == Duty.objects.get().holder == cast.team_manager


def test_actions_of_no_team_wait_for_performance_and_quality(cast):
    (audit,) = taken_over(cast, "1,2026-05,,Good,,1,")
    assert audit.part_b.manager == Duty.objects.get().holder == cast.pq_lead
    assert missing_duties() == []


@pytest.mark.req("B13")
@pytest.mark.parametrize(("month", "is_drawn"), [("2026-04", False), ("2025-10", True)])
def test_a_case_audited_within_twelve_months_is_not_drawn_again(month, is_drawn, cast, s1):
    make_case("3071846", cast.team, cast.worker)
    taken_over(cast, f"3071846,{month},{TEAM},Good,,,")
    frame = build_frame(plan_round(cast, s1), ON)
    assert [case.reference for case in frame.cases] == (["3071846"] if is_drawn else [])
    assert [(left.reference, left.reason) for left in frame.exclusions] == (
        [] if is_drawn else [("3071846", "Audited in the last twelve months")])


@pytest.mark.req("S1-03")
@pytest.mark.parametrize(("audits", "on_duty"), [(9, True), (10, False)])
def test_past_audits_of_this_audit_year_count_to_the_ten_of_their_auditor(audits, on_duty, cast, s1):
    months = [5, 6, 7, 8, 9, 10]
    rows = [f"30718{n:02},2026-{months[n % 6]:02},{TEAM},Good,Grace Adeyemi,," for n in range(audits)]
    taken_over(cast, *rows)
    on = [entry.staff for entry in auditors_on_duty(plan_round(cast, s1))]
    assert (cast.auditor in on) == on_duty


@pytest.mark.req("S1-03")
def test_past_audits_of_an_earlier_audit_year_do_not_count(cast, s1):
    taken_over(cast, *(f"30718{n:02},2026-03,{TEAM},Good,Grace Adeyemi,," for n in range(12)))
    assert cast.auditor in [entry.staff for entry in auditors_on_duty(plan_round(cast, s1))]


def test_numbers_go_on_where_an_earlier_list_ended(cast):
    taken_over(cast, f"1,2026-05,{TEAM},Good,,,", f"2,2026-05,{TEAM},Good,,,")
    taken_over(cast, f"3,2026-05,{TEAM},Good,,,")
    assert list(Allocation.objects.values_list("number", "position")) == [
        ("A-2026-05-0001", 1), ("A-2026-05-0002", 2), ("A-2026-05-0003", 3)]
    assert Round.objects.count() == 1


def test_every_audit_has_its_line_on_the_trail(cast):
    audits = taken_over(cast, f"1,2026-05,{TEAM},Good,,,", f"2,2026-06,{TEAM},Good,,,")
    events = Event.objects.filter(verb="audit.taken_over").select_related("detail").order_by("pk")
    assert [event.target_id for event in events] == [str(audit.pk) for audit in audits]
    assert {event.actor_id for event in events} == {cast.pq_lead.pk}
    assert Event.objects.filter(verb="round.taken_over").count() == 2


def test_a_month_that_the_portal_drew_takes_nothing_even_when_asked_directly(cast, s1):
    found = planned(f"1,2026-10,{TEAM},Good,,,")
    make_audit(cast, s1, "3071846", at=datetime(2026, 10, 1, 9, tzinfo=UTC), month=date(2026, 10, 1))
    with pytest.raises(HeldHere, match="October 2026"), transaction.atomic():
        writing.write(found, cast.pq_lead, AT)


@pytest.mark.parametrize("who", ["auditor", "team_manager", "director", "administrator"])
def test_only_performance_and_quality_take_over(who, cast):
    with pytest.raises(PermissionDenied), transaction.atomic():
        writing.write(planned(f"1,2026-05,{TEAM},Good,,,"), getattr(cast, who), AT)


def test_where_one_step_fails_nothing_is_written(cast):
    make_case("3071847", cast.team)
    found = planned(f"1,2026-05,{TEAM},Good,,2,", f"3071847,2026-06,{TEAM},Inadequate,,,1")
    found.new[1]["open_round"] = -1  # the database refuses it, after rounds and allocations are written
    with pytest.raises(Exception, match="open_round"), transaction.atomic():
        writing.write(found, cast.pq_lead, AT)
    tables = (Round, Allocation, Audit, AuditVersion, PartB, Action, Duty, Event)
    assert [table.objects.count() for table in tables] == [0] * len(tables)
    assert CaseFile.objects.count() == 1


def test_writing_costs_the_same_for_one_row_and_for_twenty(cast):
    asked = []
    system_actor(), cast.pq_lead.hats()
    for start, rows in ((0, 1), (100, 20)):
        lines = [f"30{start + number:03},2026-05,{TEAM},Good,Grace Adeyemi,," for number in range(rows)]
        found = planned(*lines)
        with CaptureQueriesContext(connection) as captured, transaction.atomic():
            writing.write(found, cast.pq_lead, AT)
            transaction.set_rollback(True)
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 45
