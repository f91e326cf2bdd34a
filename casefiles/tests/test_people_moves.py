"""What a change of people does to case files and duties: new holders, history, followers, in one transaction."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, make_audit_at, make_case, make_staff, make_unit, plan_round
from casefiles.models import CaseFile, Involvement
from casefiles.people_moves import follow_the_calendar
from casefiles.registry import _followers
from duties.models import Duty
from duties.workflow import open_duty
from people import workflow as people
from people.lines import system_actor
from people.models import Unit
from people.roles import Role
from trail.models import Event

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=8)
TODAY = START.date()
DAY = timedelta(days=1)


def change(cast, unit, **fields):
    return people.change_unit(unit=unit, by=cast.pq_lead, at=LATER, **fields)


def give(cast, staff, role, starts_on=TODAY, **fields):
    return people.grant_role(staff=staff, role=role, by=cast.pq_lead, at=START, starts_on=starts_on, **fields)


def end(cast, grant, on):
    return people.end_grant(grant=grant, ends_on=on, by=cast.pq_lead, at=START)


@pytest.fixture
def told(monkeypatch):
    """The case files of which followers were told."""
    ids = []
    monkeypatch.setattr("casefiles.registry._followers", [*_followers, lambda files, by, at: ids.extend(files)])
    return ids


def test_a_new_manager_takes_over_duties_cases_and_history_at_once(cast, s1, told):
    audit = make_audit_at("with_team_manager", cast, s1)
    held = Duty.objects.open().filter(kind__startswith="followup.")
    assert {duty.holder for duty in held} == {cast.team_manager}
    new = make_staff("New Manager", cast.team)
    change(cast, cast.team, manager=new)
    lines = Involvement.objects.filter(case_file=audit.case_file, capacity="team_manager")
    assert [(line.staff, line.until_on) for line in lines] == [(new, None)]
    assert told == [audit.case_file_id]
    event = Event.objects.get(verb="unit.changed")
    assert event.fields == ["manager"]


def test_the_history_of_the_old_manager_ends_and_stays(cast):
    file = make_case("12", cast.team, cast.worker)
    change(cast, cast.team, manager=cast.other_manager)
    change(cast, cast.team, manager=None)
    assert [(line.staff, line.until_on) for line in file.involvements.filter(capacity="team_manager")] == [
        (cast.other_manager, LATER.date())]


def test_only_names_and_phones_leave_everybody_where_they_are(cast, told):
    make_case("12", cast.team, cast.worker)
    change(cast, cast.team, name="East Two", phone="01632 960 001", out_of_hours_phone="01632 960 002")
    assert told == [] and Unit.objects.get(pk=cast.team.pk).folded_name == "east two"


def test_an_acting_manager_of_a_unit_sees_what_its_manager_sees(cast):
    make_case("12", cast.team, cast.other_worker)
    give(cast, cast.iro, Role.TEAM_MANAGER, unit=cast.team, ends_on=TODAY)
    iro = type(cast.iro).objects.get(pk=cast.iro.pk)
    assert iro.hats(TODAY).manages_path(cast.team.path) and not iro.hats(TODAY).manages_path(cast.group.path)
    assert not iro.hats(TODAY + DAY).manages
    iro.__dict__["_hats"] = {None: iro.hats(TODAY)}
    assert [file.reference for file in CaseFile.objects.visible_to(iro)] == ["12"]


def test_duties_find_their_holder_when_a_role_is_given_and_ended(cast, s1):
    round = plan_round(cast, s1)
    duty = open_duty("round.publish", round, due_at=START + 9 * DAY, at=START, role=Role.MODERATOR, slot="test")
    assert duty.holder == cast.pq_lead  # nobody is moderator
    give(cast, cast.pq_officer, Role.MODERATOR)
    assert Duty.objects.get(pk=duty.pk).holder == cast.pq_officer
    end(cast, cast.pq_officer.role_grants.get(role=Role.MODERATOR), TODAY - DAY)
    assert Duty.objects.get(pk=duty.pk).holder == cast.pq_lead


def test_duties_follow_a_delegation_that_begins_and_ends_by_itself(cast, s1):
    duty = open_duty("round.publish", plan_round(cast, s1), due_at=START + 9 * DAY, at=START, role=Role.MODERATOR,
                     slot="test")
    give(cast, cast.pq_officer, Role.MODERATOR, starts_on=TODAY + DAY, ends_on=TODAY + 2 * DAY)
    held = []
    for days in range(5):
        for _ in range(2):
            follow_the_calendar(START + days * DAY, system_actor())
        held.append(Duty.objects.get(pk=duty.pk).holder)
    assert held == [cast.pq_lead, cast.pq_officer, cast.pq_officer, cast.pq_lead, cast.pq_lead]
    assert Duty.objects.get(pk=duty.pk).revision == 3


def test_a_day_on_which_nothing_ran_is_made_up_for(cast, s1):
    duty = open_duty("round.publish", plan_round(cast, s1), due_at=START + 9 * DAY, at=START, role=Role.MODERATOR,
                     slot="test")
    follow_the_calendar(START, system_actor())
    give(cast, cast.pq_officer, Role.MODERATOR, starts_on=TODAY + DAY)
    assert follow_the_calendar(START + 5 * DAY, system_actor()) == 1
    assert Duty.objects.get(pk=duty.pk).holder == cast.pq_officer


def test_a_team_that_moves_tells_of_all_cases_below_it(cast, told):
    file = make_case("12", cast.team, cast.worker)
    change(cast, cast.group, parent=make_unit("Second Service", "service", cast.care))
    assert told == [file.pk]


def test_an_import_and_a_page_bring_the_same_up_to_date(cast, told, load):
    """One function for both: history, followers, duties."""
    file = make_case("12", cast.team, cast.worker)
    load([f"team,{cast.team.reference},{cast.team.name},{cast.group.reference},amy.lowther"], kind="people", at=LATER,
         heading="kind,reference,name,parent,manager")
    assert told == [file.pk]
    assert Involvement.objects.get(case_file=file, capacity="team_manager").staff == cast.other_worker
