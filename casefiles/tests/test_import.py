"""Preview and confirm of case files: nothing before, all of it or nothing, once, and never when overtaken."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from audit_portal.testing.factories import START, make_case, make_staff
from casefiles import workflow, writing
from casefiles.models import CaseFile, Import, Involvement
from casefiles.tests.workbook import row, workbook
from trail.models import Event
from workflows import InvalidTransition

pytestmark = pytest.mark.django_db
TEAM = "Children in Need East 2"
ONE = [f"3071846,CP,{TEAM},Tomasz Nowak"]
LATER = START + timedelta(days=30)


def numbers(imported):
    return {name: imported.counts[name] for name in ("new", "changed", "moved", "closed", "same", "refused")}


def figures(**given):
    return {"new": 0, "changed": 0, "moved": 0, "closed": 0, "same": 0, "refused": 0, **given}


def rows_of(imported, title):
    """The cases under one heading of the preview."""
    return [row[0] for part in imported.plan["parts"] if part["title"] == title for row in part["rows"]]


def test_a_preview_writes_no_case_file(load):
    imported = load(ONE, confirm=False)
    assert numbers(imported) == figures(new=1)
    assert imported.status == Import.Status.PREVIEWED
    assert not CaseFile.objects.exists() and not Involvement.objects.exists()


@pytest.mark.req("S2-03")
def test_confirming_writes_the_open_list(load, cast):
    load([*ONE, f"3071847,CIN,{TEAM},Amy Lowther"])
    file = CaseFile.objects.open().get(reference="3071846")
    assert (file.category, file.team, file.worker) == ("protection", cast.team, cast.worker)
    assert CaseFile.objects.open().count() == 2


@pytest.mark.parametrize("spelling", [
    "Nowak, Tomasz", "  TOMASZ   nowak", "Tomasz\u00a0Nowak", "tomasz.nowak", "tomasz.nowak@northbrook.example",
])
def test_a_worker_is_found_however_the_name_is_written(spelling, load, cast):
    load([f'12,CIN,"children in need, east-2","{spelling}"'])
    assert CaseFile.objects.get().worker == cast.worker


@pytest.mark.parametrize("spelling", [
    "CHILDREN IN NEED  EAST 2", "Children in Need: East 2", "children-in-need-east-2",
])
def test_a_team_is_found_however_it_is_written(spelling, load, cast):
    load([f'12,CIN,"{spelling}",A'])
    assert CaseFile.objects.get().team == cast.team


def test_an_unknown_team_or_worker_is_kept_as_given_and_counted(load):
    imported = load(["12,CIN,CIN East 4,Nobody Known"])
    file = CaseFile.objects.get()
    assert (file.team, file.team_as_given, file.worker, file.worker_as_given) == (
        None, "CIN East 4", None, "Nobody Known")
    assert imported.counts["without_team"] == 1
    assert [note["cases"] for note in imported.notes] == [1, 1]
    assert "“CIN East 4”" in imported.notes[0]["text"] and "“Nobody Known”" in imported.notes[1]["text"]


def test_of_two_people_with_one_name_the_one_in_the_team_is_meant(load, cast):
    twin = make_staff("Sam Reed", cast.team)
    other = make_staff("Sam Reed Two", cast.other_team)
    type(other).objects.filter(pk=other.pk).update(name="Sam Reed")
    load([f"12,CIN,{TEAM},Sam Reed", "13,CIN,Nowhere,Sam Reed"])
    assert CaseFile.objects.get(reference="12").worker == twin
    assert CaseFile.objects.get(reference="13").worker is None


def test_a_leaver_is_not_matched(load):
    load([f"12,CIN,{TEAM},Lee Leaver"])
    assert CaseFile.objects.get().worker_as_given == "Lee Leaver"


def test_a_second_confirm_does_nothing(load, cast):
    imported = load(ONE)
    written = Event.objects.count()
    again = workflow.confirm(imported=imported, by=cast.pq_officer, at=LATER)
    assert (again.confirmed_by, again.confirmed_at) == (cast.pq_lead, START)
    assert Event.objects.count() == written


def test_the_same_list_again_changes_nothing(load):
    load(ONE)
    imported = load(ONE, at=LATER)
    assert numbers(imported) == figures(same=1)
    assert Involvement.objects.count() == 2


def test_changes_moves_and_closings_are_told_apart(load, cast):
    load([*ONE, f"2,CIN,{TEAM},Tomasz Nowak", f"3,CIN,{TEAM},Tomasz Nowak", f"4,CIN,{TEAM},Tomasz Nowak"])
    imported = load([f"3071846,LAC,{TEAM},Tomasz Nowak", f"2,CIN,{TEAM},Amy Lowther",
                     "3,CIN,Fostering Team,Tomasz Nowak", f"5,CIN,{TEAM},Amy Lowther"], at=LATER)
    assert numbers(imported) == figures(new=1, changed=1, moved=2, closed=1)
    assert imported.counts["moves"] == [{"from": TEAM, "to": "Fostering Team", "cases": 1}]
    assert (imported.counts["open_before"], imported.counts["open_after"]) == (4, 4)
    assert CaseFile.objects.get(reference="4").closed_on == LATER.date()
    assert CaseFile.objects.get(reference="3").team == cast.other_team


def test_a_closed_case_that_comes_back_is_open_again(load):
    load([*ONE, f"2,CIN,{TEAM},Tomasz Nowak"])
    load([f"2,CIN,{TEAM},Tomasz Nowak"], at=LATER)
    imported = load([*ONE, f"2,CIN,{TEAM},Tomasz Nowak"], at=LATER)
    assert numbers(imported) == figures(changed=1, same=1)
    assert imported.counts["open_after"] == 2
    assert CaseFile.objects.get(reference="3071846").is_open


def test_a_refused_row_never_closes_its_case(load):
    load([*ONE, f"2,CIN,{TEAM},Tomasz Nowak"])
    imported = load(["3071846,Nonsense,X,Y", f"2,CIN,{TEAM},Tomasz Nowak"], at=LATER)
    assert numbers(imported) == figures(same=1, refused=1)
    assert imported.refused[0]["reference"] == "3071846"
    assert CaseFile.objects.get(reference="3071846").is_open


def test_a_list_of_carers_closes_no_child(load):
    load(ONE)
    imported = load(["FC-7,Foster carer,Fostering Team,Amy Lowther"], at=LATER)
    assert imported.counts["closed"] == 0


def test_an_annex_without_list_9_closes_no_care_leaver_and_says_so(load):
    load([f"9,Care leaver,{TEAM},A", f"6,CIN,{TEAM},A"])
    imported = load(workbook({6: [row(6, 7)]}), at=LATER)
    assert rows_of(imported, "closed") == ["6"]
    assert any("The file has no list of:" in note["text"] and "Care leaver" in note["text"] for note in imported.notes)


def test_closing_more_than_a_tenth_is_warned_of(load):
    load([f"{number},CIN,{TEAM},A" for number in range(10, 20)])
    imported = load([f"{number},CIN,{TEAM},A" for number in range(10, 15)], at=LATER)
    assert "This file closes 50% of all open cases" in [note["text"] for note in imported.notes]


def test_what_a_list_does_not_hold_stays(load, cast):
    make_case("3071846", cast.team, cast.worker, iro=cast.iro, is_restricted=True)
    load(ONE)
    file = CaseFile.objects.get()
    assert (file.iro, file.is_restricted, file.category) == (cast.iro, True, "protection")


def test_reviewing_officer_and_adviser_are_taken_from_their_columns(load, cast):
    heading = "reference,category,team,worker,iro,cp_adviser"
    load([f"12,CP,{TEAM},Tomasz Nowak,Maureen Doyle,Amy Lowther"], heading=heading)
    file = CaseFile.objects.get()
    assert (file.iro, file.cp_adviser) == (cast.iro, cast.other_worker)


def test_an_import_in_between_makes_a_preview_stale(load, cast):
    first, second = load(ONE, confirm=False), load([f"2,CIN,{TEAM},A"], confirm=False)
    workflow.confirm(imported=second, by=cast.pq_lead, at=START)
    stale = workflow.confirm(imported=first, by=cast.pq_lead, at=START)
    assert stale.status == Import.Status.STALE
    assert list(CaseFile.objects.values_list("reference", flat=True)) == ["2"]


def test_an_overtaken_preview_is_worked_out_again_without_its_file(load, cast):
    first, second = load(ONE, confirm=False), load([f"2,CIN,{TEAM},A"], confirm=False)
    workflow.confirm(imported=second, by=cast.pq_lead, at=START)
    stale = workflow.confirm(imported=first, by=cast.pq_lead, at=START)
    again = workflow.rework(imported=stale, by=cast.pq_lead, at=START)
    assert again.is_open and numbers(again) == figures(new=1, closed=1)
    assert workflow.confirm(imported=again, by=cast.pq_lead, at=START).status == Import.Status.CONFIRMED
    assert list(CaseFile.objects.open().values_list("reference", flat=True)) == ["3071846"]


def test_an_import_that_changes_nothing_of_a_preview_leaves_it_true(load, cast):
    load(ONE)
    same, first = load(ONE, confirm=False), load(["FC-7,Foster carer,Fostering Team,Amy Lowther"], confirm=False)
    workflow.confirm(imported=same, by=cast.pq_lead, at=START)
    assert workflow.confirm(imported=first, by=cast.pq_lead, at=START).status == Import.Status.CONFIRMED


def test_what_was_read_of_a_file_is_not_kept_once_it_is_imported_or_thrown_away(load, cast):
    done, thrown = load(ONE), load([f"2,CIN,{TEAM},A"], confirm=False)
    assert thrown.reading["rows"]
    thrown = workflow.discard(imported=thrown, by=cast.pq_lead, at=START)
    assert (done.reading, thrown.reading, thrown.plan, thrown.status) == ({}, {}, {}, Import.Status.DISCARDED)
    with pytest.raises(InvalidTransition):
        workflow.confirm(imported=thrown, by=cast.pq_lead, at=START)
    assert not CaseFile.objects.filter(reference="2").exists()


def test_previews_that_nobody_confirms_are_thrown_away_after_a_month(load, cast):
    old, new = load(ONE, confirm=False), load(ONE, confirm=False, at=LATER)
    assert workflow.discard_old(by=cast.pq_lead, now=LATER + timedelta(hours=1)) == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status) == (Import.Status.DISCARDED, Import.Status.PREVIEWED)


def test_new_people_make_a_preview_of_case_files_stale(load, cast):
    first = load(["12,CIN,E,Pat New"], confirm=False)
    load(["person,p9,Pat New,pat@northbrook.example"], kind="people", heading="kind,reference,name,email")
    assert workflow.confirm(imported=first, by=cast.pq_lead, at=START).status == Import.Status.STALE


def test_case_files_do_not_make_a_preview_of_people_stale(load, cast):
    people = load(["person,p9,Pat New,pat@northbrook.example"], kind="people", heading="kind,reference,name,email",
                  confirm=False)
    load(ONE)
    assert workflow.confirm(imported=people, by=cast.pq_lead, at=START).status == Import.Status.CONFIRMED


def test_all_of_it_or_nothing(load, cast, monkeypatch):
    imported = load(ONE, confirm=False)

    def broken(on, **only):
        raise IntegrityError("half-way")

    monkeypatch.setattr(writing, "keep_history", broken)
    with pytest.raises(IntegrityError):
        workflow.confirm(imported=imported, by=cast.pq_lead, at=START)
    imported.refresh_from_db()
    assert imported.is_open and not CaseFile.objects.exists()
    monkeypatch.undo()
    assert workflow.confirm(imported=imported, by=cast.pq_lead, at=START).status == Import.Status.CONFIRMED


@pytest.mark.parametrize("persona, may", [
    ("pq_lead", True), ("pq_officer", True), ("administrator", False), ("auditor", False), ("team_manager", False),
    ("worker", False), ("director", False), ("board_viewer", False), ("leaver", False),
])
def test_only_pq_import_case_files(persona, may, load, cast):
    person = cast.everyone()[persona]
    if may:
        assert load(ONE, by=person).status == Import.Status.CONFIRMED
        return
    with pytest.raises(PermissionDenied):
        load(ONE, by=person, confirm=False)
    imported = load(ONE, confirm=False)
    with pytest.raises(PermissionDenied):
        workflow.confirm(imported=imported, by=person, at=START)


def test_the_trail_has_both_steps(load):
    imported = load(ONE)
    verbs = Event.objects.filter(target_type="casefiles.import", target_id=str(imported.pk)).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["import.previewed", "import.confirmed"]


def test_the_number_of_queries_does_not_grow(load, django_assert_max_num_queries):
    few = [f"{number},CIN,{TEAM},Tomasz Nowak" for number in range(5)]
    many = [f"{number},CIN,{TEAM},Amy Lowther" for number in range(2, 2000)]
    load(few)
    with django_assert_max_num_queries(45):
        imported = load(many, at=LATER)
    assert numbers(imported) == figures(new=1995, moved=3, closed=2)


@pytest.mark.parametrize("given, kept", [
    ("../../etc/passwd.csv", "passwd.csv"), (r"C:\lists\cases.xlsx", "cases.xlsx"), ("a\x00b\n.csv", "ab.csv"),
    ("", "list"), ("x" * 300 + ".csv", "x" * 116 + ".csv"),
])
def test_of_a_file_only_its_plain_name_is_kept(given, kept):
    assert workflow.plain_name(given) == kept


def test_the_record_of_an_import_holds_no_dropped_column(load):
    imported = load(workbook({7: [row(7, 1, born="2017-05-04")], 8: [row(8, 2)]}))
    kept = f"{imported.plan} {imported.counts} {imported.notes} {imported.refused}"
    assert "2017" not in kept and "NB1 2CD" not in kept and "WBRI" not in kept
