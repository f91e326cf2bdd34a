"""Who worked on a case file from when to when, built up by every import (S2-83)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START, make_case, make_staff
from casefiles import history
from casefiles.corrections import correct
from casefiles.involvements import NotPossible, add_involvement, change_involvement, remove_involvement
from casefiles.models import CaseFile, Involvement
from people.models import Staff, Unit
from trail.models import Event

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
    assert history.timeline(file, involvements)[0] == history.Happening(
        LATER.date(), "Worker: Amy Lowther instead of Tomasz Nowak")


def test_a_closed_case_says_when(cast):
    file = make_case("12", cast.team, closed_on=DAY)
    assert [line.title for line in history.timeline(file, [])] == [
        "Closed: no longer on the council’s list", "First seen"]


EARLIER = START - timedelta(days=200)


@pytest.fixture
def case_file(load):
    """A case that the list brought."""
    load([f"12,CIN,{TEAM},Tomasz Nowak"])
    return CaseFile.objects.get()


def by_hand(case_file, cast, **given):
    """A line that P&Q write."""
    given = {"staff": cast.other_worker, "capacity": "worker", "from_on": EARLIER.date(), "until_on": None} | given
    return add_involvement(case_file=case_file, by=cast.pq_officer, at=START, **given)


@pytest.mark.req("S2-05")
def test_an_import_never_ends_what_was_written_by_hand(case_file, cast, load):
    by_hand(case_file, cast)
    load([f"12,CIN,{TEAM},Lee Somebody"], at=LATER)
    assert rows("worker") == [("Amy Lowther", "worker", EARLIER.date(), None),
                              ("Tomasz Nowak", "worker", DAY, LATER.date())]
    load([f"12,CIN,{TEAM},Amy Lowther"], at=LATER)
    assert Involvement.objects.filter(staff=cast.other_worker).count() == 1


def test_who_has_left_can_stand_in_the_history(case_file, cast):
    assert by_hand(case_file, cast, staff=cast.leaver, until_on=DAY).staff == cast.leaver
    assert Event.objects.get(verb="casefile.history_added").detail.content["changes"]["person"] == "Lee Leaver"


@pytest.mark.parametrize("given, where, words", [
    ({"from_on": date(1989, 12, 31)}, "from_on", "between 1 January 1990 and today"),
    ({"from_on": LATER.date()}, "from_on", "between 1 January 1990 and today"),
    ({"until_on": LATER.date()}, "until_on", "between the first day and today"),
    ({"until_on": EARLIER.date() - timedelta(days=1)}, "until_on", "between the first day and today"),
])
def test_days_that_cannot_be_are_refused(given, where, words, case_file, cast):
    with pytest.raises(NotPossible, match=words) as refused:
        by_hand(case_file, cast, **given)
    assert refused.value.field == where and not Involvement.objects.filter(is_by_hand=True).exists()


def test_the_same_person_and_capacity_only_once_at_a_time(case_file, cast):
    with pytest.raises(NotPossible, match="Tomasz Nowak stands in the history as worker from Monday 2 November 2026"):
        by_hand(case_file, cast, staff=cast.worker)
    by_hand(case_file, cast, staff=cast.worker, until_on=DAY)
    by_hand(case_file, cast, staff=cast.worker, capacity="iro")
    with pytest.raises(NotPossible, match="Change that line instead"):
        by_hand(case_file, cast, staff=cast.worker, from_on=EARLIER.date() + timedelta(days=9), until_on=DAY)


def changed(line, cast, from_on, until_on):
    return change_involvement(involvement=line, from_on=from_on, until_on=until_on, by=cast.pq_lead, at=START)


def test_the_days_of_a_line_from_the_list_can_be_changed_and_it_can_neither_end_nor_begin_again(case_file, cast, load):
    running = Involvement.objects.get(capacity="worker")
    assert changed(running, cast, EARLIER.date(), None).from_on == EARLIER.date()
    with pytest.raises(NotPossible, match="Correct who works on the case instead"):
        changed(running, cast, EARLIER.date(), DAY)
    load([f"12,CIN,{TEAM},Amy Lowther"], at=START)
    running.refresh_from_db()
    with pytest.raises(NotPossible, match="Give its last day"):
        changed(running, cast, EARLIER.date(), None)
    with pytest.raises(NotPossible, match="comes from the list, so it stays"):
        remove_involvement(involvement=running, by=cast.pq_lead, at=START)
    assert Event.objects.get(verb="casefile.history_changed").detail.content["changes"]["was"] == {
        "from_on": DAY.isoformat(), "until_on": ""}


def test_a_line_written_by_mistake_goes_and_the_trail_keeps_it(case_file, cast):
    line = by_hand(case_file, cast)
    for _ in range(2):
        remove_involvement(involvement=line, by=cast.pq_officer, at=START)
    assert not Involvement.objects.filter(is_by_hand=True).exists()
    assert Event.objects.get(verb="casefile.history_removed").detail.content["changes"] == {
        "person": "Amy Lowther", "capacity": "worker", "from_on": EARLIER.date().isoformat(), "until_on": ""}


@pytest.mark.parametrize("persona", ["auditor", "worker", "team_manager", "administrator"])
def test_only_pq_write_the_history(persona, case_file, cast):
    with pytest.raises(PermissionDenied, match="Only Performance and Quality"):
        add_involvement(case_file=case_file, staff=cast.leader, capacity="worker", from_on=DAY, until_on=None,
                        by=getattr(cast, persona), at=START)


@pytest.mark.req("S2-83")
def test_who_last_managed_a_closed_case_answers_for_it(case_file, cast, load):
    by_hand(case_file, cast, staff=cast.other_manager, capacity="team_manager", until_on=DAY)
    load([f"13,CIN,{TEAM},Tomasz Nowak"], at=LATER)
    case_file.refresh_from_db()
    answers = [history.previous_team_manager(case_file)]
    for person in (cast.team_manager, cast.other_manager):
        Staff.objects.filter(pk=person.pk).update(is_active=False, left_on=DAY)
        answers.append(history.previous_team_manager(case_file))
    Unit.objects.filter(pk=cast.team.pk).update(manager=None)
    CaseFile.objects.filter(pk=case_file.pk).update(team=None)
    answers.append(history.previous_team_manager(CaseFile.objects.get(pk=case_file.pk)))
    assert answers == [cast.team_manager, cast.other_manager, cast.group_manager, None]


def test_the_timeline_says_who_took_over_from_whom_and_how(case_file, cast, load):
    by_hand(case_file, cast, until_on=DAY)
    correct(case_file=case_file, fact="worker", staff=cast.leader, by=cast.pq_lead, at=LATER)
    correct(case_file=case_file, fact="manager", staff=cast.other_manager, by=cast.pq_lead, at=LATER)
    case_file.refresh_from_db()
    lines = history.involvements_of(case_file)
    made = list(case_file.corrections.with_names())
    assert [(line.title, line.byline) for line in history.timeline(case_file, lines, made)][:2] == [
        ("Team manager: Owen Pritchard instead of Farah Siddiqui", "by correction of Naomi Clarke"),
        ("Worker: Leo Leader instead of Tomasz Nowak", "by correction of Naomi Clarke")]
    assert ("Worker: Amy Lowther", "by hand") in [(line.title, line.byline) for line in
                                                  history.timeline(case_file, lines, made)]


def test_a_manager_who_came_with_a_corrected_team_came_by_correction(case_file, cast):
    correct(case_file=case_file, fact="team", unit=cast.other_team, by=cast.pq_lead, at=LATER)
    newest = history.involvements_of(case_file)[0]
    assert (newest.staff, history.how(newest, case_file.corrections.with_names())) == (
        cast.other_manager, "by correction of Naomi Clarke")


def test_who_ended_and_was_not_followed_is_said(case_file, cast, load):
    load([f"13,CIN,{TEAM},Tomasz Nowak"], at=LATER)
    case_file.refresh_from_db()
    titles = [line.title for line in history.timeline(case_file, history.involvements_of(case_file))]
    assert titles == ["Closed: no longer on the council’s list", "No longer worker: Tomasz Nowak",
                      "No longer team manager: Farah Siddiqui", "Team manager: Farah Siddiqui", "Worker: Tomasz Nowak",
                      "First seen"]
