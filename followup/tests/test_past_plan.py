"""What taking over would do: matched to what is there, refused where it contradicts, never twice (B13)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allocations.models import Round
from audit_portal.testing.factories import make_audit, make_case, make_staff
from audits.models import Audit
from casefiles.models import CaseFile
from followup.tests.past import TEAM, planned, taken_over
from trail.models import Event

pytestmark = pytest.mark.django_db
MORE = "reference,month,team,service,grade,auditor,category,programme,action_1_what,action_1_owner"


def refused(*rows, **options):
    return [(row.row, row.column, row.reason) for row in planned(*rows, **options).refused]


@pytest.mark.parametrize(("given", "label"), [
    ("Outstanding", "Outstanding"), ("GOOD", "Good"), ("requires_improvement", "Requires improvement"),
    ("Requires improvement to be good", "Requires improvement"), ("RI", "Requires improvement"),
    ("RI with good elements", "Requires improvement with elements of good practice"),
    ("Requires Improvement (with elements of good practice)", "Requires improvement with elements of good practice"),
    ("inadequate ", "Inadequate"),
])
def test_the_five_grades_and_ofsteds_four_words_are_known(given, label, cast, s1):
    (row,) = planned(f"1,2026-05,{TEAM},{given},,,").new
    assert s1.grades.get(pk=row["grade_id"]).label == label


def test_a_grade_that_nobody_knows_is_refused_with_those_there_are(cast):
    ((row, column, reason),) = refused(f"1,2026-05,{TEAM},Brilliant,,,")
    assert (row, column) == (2, "grade") and "Outstanding, Good, Requires improvement" in reason


@pytest.mark.parametrize("given", ["Grace Adeyemi", "Adeyemi, Grace", "grace.adeyemi",
                                   "grace.adeyemi@northbrook.example"])
def test_an_auditor_is_found_by_name_number_or_address(given, cast):
    quoted = f'"{given}"'
    assert planned(f"1,2026-05,{TEAM},Good,{quoted},,").new[0]["auditor_id"] == cast.auditor.pk


def test_somebody_who_left_may_have_audited(cast):
    assert planned(f"1,2026-05,{TEAM},Good,Lee Leaver,,").new[0]["auditor_id"] == cast.leaver.pk


def test_an_auditor_whom_people_does_not_have_is_refused(cast):
    ((_, column, reason),) = refused(f"1,2026-05,{TEAM},Good,Nobody Known,,")
    assert column == "auditor" and "Add this person in People first" in reason


def test_two_people_of_one_name_are_told_apart_by_the_staff_number(cast):
    make_staff("Twin", None)
    twin = make_staff("Twin Two", None, is_active=True)
    type(twin).objects.filter(pk=twin.pk).update(name="Twin", folded_name="twin")
    assert "more than one person" in refused(f"1,2026-05,{TEAM},Good,Twin,,")[0][2]
    assert planned(f"1,2026-05,{TEAM},Good,twin.two,,").new[0]["auditor_id"] == twin.pk


def test_an_empty_auditor_is_not_known(cast):
    assert planned(f"1,2026-05,{TEAM},Good,,,").new[0]["auditor_id"] is None


def test_an_unknown_team_falls_back_to_its_service_and_is_named(cast):
    found = planned("1,2026-05,Old Team,Children in Need,Good,,,,,", "2,2026-05,Older Team,,Good,,,,,", columns=MORE)
    assert [row["team_id"] for row in found.new] == [cast.service.pk, None]
    (note, _) = found.notes()
    assert "2 teams are not in People: “Old Team”, “Older Team”" in note.text and note.references == ["1", "2"]


def test_a_case_that_is_not_known_takes_the_category_of_the_list(cast):
    found = planned("1,2026-05,,,Good,,CLA,,,", "2,2026-05,,,Good,,,,,", columns=MORE)
    assert [row["category"] for row in found.new] == ["in_care", "in_need"]


def test_a_known_case_keeps_its_own_category(cast):
    make_case("3071846", cast.team, category="protection")
    assert planned("3071846,2026-05,,,Good,,CLA,,,", columns=MORE).new[0]["category"] == "protection"


@pytest.mark.parametrize(("row", "column"), [("1,2026-05,,,Good,,Nonsense,,,", "category"),
                                             ("1,2026-05,,,Good,,,Thematic,,", "programme")])
def test_a_category_or_programme_that_nobody_knows_is_refused(row, column, cast):
    ((_, named, reason),) = refused(row, columns=MORE)
    assert named == column and "is not known" in reason


@pytest.mark.parametrize("given", ["s1", "Monthly audit", "monthly case file audits", ""])
def test_a_programme_is_known_by_any_of_its_names(given, cast, s1):
    assert planned(f"1,2026-05,,,Good,,,{given},,", columns=MORE).new[0]["version_id"] == s1.pk


def test_a_month_before_the_first_version_takes_that_version(cast, s1):
    s1.effective_from = date(2026, 8, 1)
    s1.save(update_fields=["effective_from"])
    assert planned(f"1,2026-05,{TEAM},Good,,,").new[0]["version_id"] == s1.pk


def test_an_owner_outside_the_portal_stays_a_name(cast):
    owners = ("Tomasz Nowak", "School nurse", "")
    rows = [f"{number},2026-05,,,Good,,,,Visit,{owner}" for number, owner in enumerate(owners)]
    actions = [row["actions"][0] for row in planned(*rows, columns=MORE).new]
    assert [(action["owner_id"], action["owner_outside"]) for action in actions] == [
        (cast.worker.pk, ""), (None, "School nurse"), (None, "Owner not known")]


def test_only_an_inadequate_audit_has_an_open_round(cast):
    make_case("3071846", cast.team)
    ((_, column, reason),) = refused(f"3071846,2026-05,{TEAM},Good,,,1")
    assert column == "open_round" and "“Good” has no open inadequate round" in reason


def test_a_round_cannot_be_open_for_a_case_that_is_not(cast):
    make_case("3071846", cast.team, closed_on=date(2026, 9, 1))
    found = refused(f"3071846,2026-05,{TEAM},Inadequate,,,1", f"3071847,2026-05,{TEAM},Inadequate,,,1")
    assert [column for _, column, _ in found] == ["open_round", "open_round"]
    assert all("not among the open case files" in reason for _, _, reason in found)


def test_a_round_is_over_where_the_list_has_a_later_audit(cast):
    make_case("3071846", cast.team)
    found = planned(f"3071846,2026-05,{TEAM},Inadequate,,,1", f"3071846,2026-07,{TEAM},Inadequate,,,2")
    assert [row["month"] for row in found.new] == ["2026-07-01"]
    assert "audited again in July 2026" in found.refused[0].reason


def test_a_round_is_over_where_the_portal_has_a_later_audit(cast, s1):
    make_audit(cast, s1, "3071846")
    assert "audited again in November 2026" in refused(f"3071846,2026-05,{TEAM},Inadequate,,,1")[0][2]


def test_a_month_that_the_portal_drew_is_the_portals(cast, s1):
    make_audit(cast, s1, "3071846", month=date(2026, 10, 1))
    ((_, column, reason),) = refused(f"3071847,2026-10,{TEAM},Good,,,")
    assert column == "month" and "drew the list of October 2026 itself" in reason


def test_an_audit_that_the_portal_holds_itself_is_the_same(cast, s1):
    make_audit(cast, s1, "3071846", month=date(2026, 10, 1))
    found = planned(f"3071846,2026-10,{TEAM},Good,,,")
    assert (found.same, found.new, found.refused) == (1, [], [])


def test_a_row_that_stands_twice_is_written_once(cast):
    found = planned(f"1,2026-05,{TEAM},Good,,,", f"1,May 2026,{TEAM},good,,0,0")
    assert (len(found.new), found.same, found.refused) == (1, 1, [])


def test_a_row_that_stands_twice_with_other_facts_is_refused(cast):
    ((row, _, reason),) = refused(f"1,2026-05,{TEAM},Good,,,", f"1,2026-05,{TEAM},Inadequate,,,")
    assert row == 3 and "on row 2 with other facts" in reason


def test_a_second_time_changes_nothing(cast):
    rows = f"1,2026-05,{TEAM},Good,Grace Adeyemi,2,", f"2,2026-06,{TEAM},Inadequate,,,0"
    taken_over(cast, *rows)
    again = planned(*rows)
    assert (again.new, again.same, again.refused) == ([], 2, [])
    assert again.as_json() == {"new": []}
    assert [note.text for note in again.notes()] == []


def test_a_list_never_changes_a_past_audit_and_says_so(cast):
    (audit,) = taken_over(cast, f"1,2026-05,{TEAM},Good,,,")
    again = planned(f"1,2026-05,{TEAM},Inadequate,,,")
    assert (again.new, again.same) == ([], 1)
    assert "another grade" in again.notes()[0].text and again.notes()[0].references == ["1"]
    audit.refresh_from_db()
    assert audit.grade.label == "Good"


def test_figures_and_first_rows_are_those_of_the_plan(cast):
    make_case("3071846", cast.team)
    found = planned(f"3071846,2026-05,{TEAM},Inadequate,Grace Adeyemi,2,1", "2,2026-06,,Good,,Visit by 1/12/2026,",
                    f"3,2026-06,{TEAM},Odd,,,")
    counts = found.counts()
    assert {name: counts[name] for name in ("new", "changed", "same", "refused", "open_actions", "open_rounds")} == {
        "new": 2, "changed": 0, "same": 0, "refused": 1, "open_actions": 3, "open_rounds": 1}
    new, actions, rounds = found.parts()
    assert new.rows == [("3071846", "May 2026", TEAM, "Inadequate", "Grace Adeyemi"),
                        ("2", "June 2026", "Not known", "Good", "Not known")]
    assert actions.rows[0] == ("3071846", "Not described", "Owner not known", "In four weeks")
    assert actions.rows[2] == ("2", "Visit", "Owner not known", "01/12/2026")
    assert rounds.rows == [("3071846", "May 2026", "1")]


def test_two_plans_of_one_list_on_different_days_would_write_the_same(cast):
    row = f"1,2026-05,{TEAM},Good,,2,"
    assert planned(row).as_json() == planned(row, on=date(2026, 11, 19)).as_json()


def test_planning_writes_nothing(cast):
    planned(f"1,2026-05,{TEAM},Good,,2,")
    assert not (Audit.objects.exists() or CaseFile.objects.exists() or Round.objects.exists() or Event.objects.exists())


def test_a_plan_costs_the_same_for_one_row_and_for_twenty(cast):
    asked = []
    for rows in (1, 20):
        lines = [f"30718{number:02},2026-05,{TEAM},Good,Grace Adeyemi,1,0" for number in range(rows)]
        with CaptureQueriesContext(connection) as captured:
            planned(*lines)
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 12
