"""Who worked on a case file from when to when, built up by every import (S2-83)."""

from datetime import date, timedelta

import pytest

from audit_portal.testing.factories import START, make_case, make_staff
from casefiles import history
from casefiles.models import CaseFile, Involvement

pytestmark = pytest.mark.django_db
TEAM = "Children in Need East 2"
HEADING = "reference,category,team,worker,iro,cp_adviser"
DAY, LATER = START.date(), START + timedelta(days=30)


def rows(capacity=None):
    found = Involvement.objects.order_by("from_on", "pk")
    found = found.filter(capacity=capacity) if capacity else found
    return [(row.staff.name, row.capacity, row.from_on, row.until_on) for row in found.select_related("staff")]


def test_an_import_opens_an_involvement_for_everyone_on_the_case(load):
    load([f"12,CP,{TEAM},Tomasz Nowak,Maureen Doyle,Amy Lowther"], heading=HEADING)
    assert set(rows()) == {
        ("Tomasz Nowak", "worker", DAY, None), ("Maureen Doyle", "iro", DAY, None),
        ("Amy Lowther", "cp_adviser", DAY, None), ("Farah Siddiqui", "team_manager", DAY, None)}


def test_a_new_worker_ends_the_old_ones_involvement(load):
    load([f"12,CIN,{TEAM},Tomasz Nowak"])
    load([f"12,CIN,{TEAM},Amy Lowther"], at=LATER)
    assert rows("worker") == [("Tomasz Nowak", "worker", DAY, LATER.date()),
                              ("Amy Lowther", "worker", LATER.date(), None)]


def test_a_worker_who_returns_has_two_involvements(load):
    for step, name in enumerate(("Tomasz Nowak", "Amy Lowther", "Tomasz Nowak")):
        load([f"12,CIN,{TEAM},{name}"], at=START + timedelta(days=step))
    assert [(name, until is None) for name, _, _, until in rows("worker")] == [
        ("Tomasz Nowak", False), ("Amy Lowther", False), ("Tomasz Nowak", True)]


def test_another_team_brings_another_manager_and_keeps_the_previous_one(load):
    load([f"12,CIN,{TEAM},Tomasz Nowak"])
    load(["12,CIN,Fostering Team,Tomasz Nowak"], at=LATER)
    assert rows("team_manager") == [("Farah Siddiqui", "team_manager", DAY, LATER.date()),
                                    ("Owen Pritchard", "team_manager", LATER.date(), None)]


def test_a_closed_case_has_nobody_now_and_its_past_stays(load):
    load([f"12,CIN,{TEAM},Tomasz Nowak", f"13,CIN,{TEAM},Tomasz Nowak"])
    load([f"13,CIN,{TEAM},Tomasz Nowak"], at=LATER)
    ended = Involvement.objects.filter(case_file__reference="12")
    assert {row.until_on for row in ended} == {LATER.date()} and ended.count() == 2


def test_a_case_closed_by_a_list_of_an_earlier_day_ends_on_its_first_day(load, cast):
    make_case("12", cast.team, cast.worker)
    CaseFile.objects.update(opened_on=date(2027, 1, 1))
    load([f"13,CIN,{TEAM},Tomasz Nowak"])
    assert CaseFile.objects.get(reference="12").closed_on == date(2027, 1, 1)


def test_a_new_manager_from_the_list_of_people_is_in_the_history(load, cast):
    load([f"12,CIN,{TEAM},Tomasz Nowak"])
    make_staff("New Manager", cast.team)
    load([f"team,{cast.team.reference},{TEAM},{cast.group.reference},new.manager"], kind="people", at=LATER,
         heading="kind,reference,name,parent,manager")
    assert [(name, until) for name, _, _, until in rows("team_manager")] == [
        ("Farah Siddiqui", LATER.date()), ("New Manager", None)]


def test_the_page_knows_since_when_and_what_happened(load):
    load([f"12,CIN,{TEAM},Tomasz Nowak"])
    load([f"12,CIN,{TEAM},Amy Lowther"], at=LATER)
    file = CaseFile.objects.with_people().get()
    involvements = history.involvements_of(file)
    assert [(line.staff.name, line.capacity, line.since) for line in history.people_now(file, involvements)
            if line.staff] == [("Amy Lowther", "Worker", LATER.date()), ("Farah Siddiqui", "Team manager", DAY)]
    assert [line.title for line in history.timeline(file, involvements)][-1] == "First seen"
    assert "No longer worker: Tomasz Nowak" in [line.title for line in history.timeline(file, involvements)]


def test_a_closed_case_says_when(cast):
    file = make_case("12", cast.team, closed_on=DAY)
    assert [line.title for line in history.timeline(file, [])] == [
        "Closed: no longer on the council’s list", "First seen"]
