"""A list of past audits is read whatever its habits are, and what cannot be right is refused with its column (B13)."""

from datetime import UTC, date, datetime

import pytest

from casefiles.reading.cells import BadCell
from casefiles.reading.results import BadFile
from followup.past.reading import read, read_month, read_round
from followup.tests.past import ON, TEAM, Listed, listed

WIDE = "reference,month,team,grade,open_actions,actions_due,action_1_what,action_1_owner,action_1_due,action_2_what"


def facts(*rows, columns="reference,month,team,grade,auditor,open_actions,open_round"):
    return [row.facts for row in read([listed(*rows, columns=columns)], ON).rows]


def refusals(*rows, columns="reference,month,team,grade,auditor,open_actions,open_round"):
    return read([listed(*rows, columns=columns)], ON).refused


@pytest.mark.parametrize("given", [
    "2026-05", "2026/5", "05/2026", "5.2026", "05-2026", "May 2026", "may-26", "MAY 2026", "2026-05-31", "17/05/2026",
    "17 May 2026", date(2026, 5, 3), datetime(2026, 5, 31, 23, 59, tzinfo=UTC), "2026-05-01 00:00:00",
])
def test_a_month_is_read_however_it_is_written(given):
    assert read_month(given) == date(2026, 5, 1)


@pytest.mark.parametrize("given", ["", None, "2026", "13/2026", "2026-00", "Q2 2026", "Ma 2026", "J 26", "31/02/2026",
                                   "last May", "202605"])
def test_what_is_no_month_is_refused(given):
    with pytest.raises(BadCell, match="month"):
        read_month(given)


@pytest.mark.parametrize(("given", "round"), [("", 0), (None, 0), ("0", 0), ("no", 0), (1, 1), ("2", 2), (3.0, 3)])
def test_a_round_is_a_number(given, round):
    assert read_round(given) == round


@pytest.mark.parametrize("given", ["yes", "10", "-1", "1.5", "first", "1" * 40])
def test_what_is_no_round_is_refused(given):
    with pytest.raises(BadCell, match="is not a round"):
        read_round(given)


def test_a_row_is_kept_as_plain_texts_and_numbers():
    found = facts(f"3071846,May 2026,{TEAM},Good,Grace Adeyemi,,")
    assert found[0].pop("given")["month"] == "May 2026"
    assert found == [{"team": TEAM, "service": "", "grade": "Good", "auditor": "Grace Adeyemi", "category": "",
                      "programme": "", "month": "2026-05-01", "open_round": 0, "actions": []}]


def test_other_names_of_the_columns_are_known():
    names = "Case ID,Date of audit,Team name,Overall grade,Audited by"
    found = facts("3071846,3/5/2026,East 2,Good,Ines", columns=names)
    assert (found[0]["month"], found[0]["auditor"]) == ("2026-05-01", "Ines")


def test_a_number_of_open_actions_without_words_has_one_day_for_all():
    found = facts("1,2026-05,A,Good,2,30/11/2026,,,,", columns=WIDE)
    assert found[0]["actions"] == [{"what": "", "owner": "", "due_on": "2026-11-30"}] * 2


def test_actions_are_read_from_columns_of_their_own():
    found = facts("1,2026-05,A,Good,,,Visit the child,Tomasz Nowak,1/12/2026,Update the plan", columns=WIDE)
    assert found[0]["actions"] == [{"what": "Visit the child", "owner": "Tomasz Nowak", "due_on": "2026-12-01"},
                                   {"what": "Update the plan", "owner": "", "due_on": ""}]


def test_a_number_larger_than_the_actions_described_adds_the_rest():
    found = facts("1,2026-05,A,Good,3,,Visit the child,,,", columns=WIDE)
    assert [action["what"] for action in found[0]["actions"]] == ["Visit the child", "", ""]


def test_actions_are_read_from_one_cell_with_semicolons():
    cell = "Update the chronology by 30/11/2026; See the child alone; Plan (due 5 Dec 2026);"
    found = facts(f'1,2026-05,A,Good,,"{cell}",')
    assert found[0]["actions"] == [{"what": "Update the chronology", "owner": "", "due_on": "2026-11-30"},
                                   {"what": "See the child alone", "owner": "", "due_on": ""},
                                   {"what": "Plan", "owner": "", "due_on": "2026-12-05"}]


BAD = {
    "no reference": (",2026-05,A,Good,,,", "reference", "There is no case reference"),
    "a name for a reference": ("Tom Smith,2026-05,A,Good,,,", "reference", "at least one digit"),
    "no month": ("1,,A,Good,,,", "month", "There is no month"),
    "no such month": ("1,2026-13,A,Good,,,", "month", "is not a month"),
    "words for a month": ("1,spring,A,Good,,,", "month", "write 2026-05"),
    "this month": ("1,2026-11,A,Good,,,", "month", "before this one"),
    "a month to come": ("1,2027-01,A,Good,,,", "month", "before this one"),
    "too long ago": ("1,2016-10,A,Good,,,", "month", "more than 10 years ago"),
    "no grade": ("1,2026-05,A,,,,", "grade", "There is no grade"),
    "a long team": (f"1,2026-05,{'A' * 121},Good,,,", "team", "longer than 120"),
    "a round in words": ("1,2026-05,A,Good,,,open", "open_round", "is not a round"),
    "a round too many": ("1,2026-05,A,Good,,,12", "open_round", "is not a round"),
    "too many actions": ("1,2026-05,A,Good,,21,", "open_actions", "at most 20"),
    "a million actions": ("1,2026-05,A,Good,,1000000,", "open_actions", "at most 20"),
    "an action too long": (f"1,2026-05,A,Good,,{'x' * 1001},", "open_actions", "longer than 1000"),
    "an action due on no day": ("1,2026-05,A,Good,,Visit by 31/02/2026,", "open_actions", "does not exist"),
    "too many cells": ("1,2026-05,A,Good,Smith, Tom,0,0,0", "", "more cells than the heading"),
}


@pytest.mark.parametrize(("row", "column", "reason"), BAD.values(), ids=BAD.keys())
def test_a_row_that_cannot_be_right_is_refused_with_its_column_and_reason(row, column, reason):
    (refused,) = refusals(row)
    assert (refused.row, refused.column) == (2, column)
    assert reason in refused.reason and refused.todo


def test_an_action_without_words_is_refused():
    (refused,) = refusals("1,2026-05,A,Good,,,,Tomasz Nowak,,", columns=WIDE)
    assert refused.column == "action_1_what" and "nothing to do" in refused.reason


def test_fewer_actions_than_described_are_refused():
    (refused,) = refusals("1,2026-05,A,Good,1,,Visit,,,Plan", columns=WIDE)
    assert "says 1 and describes 2" in refused.reason


def test_ten_years_ago_is_the_oldest_month():
    assert facts("1,2016-11,A,Good,,,")[0]["month"] == "2016-11-01"


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "reference,month,grade\n1,2026-05,Good\n", "nothing"])
def test_a_list_of_something_else_says_which_columns_are_wanted(content):
    with pytest.raises(BadFile, match="reference, month, team and grade"):
        read([Listed(content)], ON)


def test_a_list_with_its_heading_only_says_so():
    with pytest.raises(BadFile, match="no audit in it"):
        read([listed()], ON)


def test_a_name_in_the_place_of_the_reference_is_not_kept():
    (refused,) = refusals("Tom Smith,2026-05,A,Good,,,")
    assert refused.reference == ""


def test_every_sheet_with_the_columns_is_read_and_the_others_are_named():
    sheets = [listed("1,2025-05,A,Good,,,", name="2025"), Listed("notes,of,somebody\n1,2,3\n", "Notes"),
              listed("2,2026-05,A,Good,,,", name="2026")]
    found = read(sheets, ON)
    assert [row.reference for row in found.rows] == ["1", "2"]
    assert [(sheet.name, sheet.recognised, sheet.rows) for sheet in found.sheets] == [
        ("2025", "Past audits", 1), ("Notes", "Not known", 0), ("2026", "Past audits", 1)]


def test_columns_that_nobody_asked_for_are_named_and_left_out():
    found = read([listed("1,2026-05,A,Good,Tom", columns="reference,month,team,grade,Name of child")], ON)
    assert found.left_out == ["Name of child"] and "Tom" not in str(found.rows)
