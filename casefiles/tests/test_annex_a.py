"""Annex A workbooks: sheets told by their columns, children merged once, disagreements said."""

from datetime import date

import pytest

from casefiles.reading.results import BadFile
from casefiles.tests.reading import read_cases
from casefiles.tests.workbook import IN_NEED, OLDER_LEAVING_CARE, layout_columns, row, workbook

TODAY = date(2026, 11, 18)


def read(lists, **options):
    return read_cases(workbook(lists, **options), TODAY)


def facts_of(reading, reference="3071846"):
    return next(found.facts for found in reading.rows if found.reference == reference)


def test_each_list_gives_its_category():
    lists = {6: [row(6, 1), row(6, 2, status="d) Open assessment")], 7: [row(7, 3)], 8: [row(8, 4)], 9: [row(9, 5)]}
    reading = read(lists)
    assert {found.reference: found.facts["category"] for found in reading.rows} == {
        "1": "in_need", "2": "assessment", "3": "protection", "4": "in_care", "5": "care_leaver"}
    assert reading.refused == []


@pytest.mark.parametrize("lists, category", [
    ((6, 7, 8, 9), "in_care"), ((6, 7, 9), "protection"), ((6, 9), "care_leaver"), ((6,), "in_need"),
])
def test_a_child_on_several_lists_counts_once_in_the_highest(lists, category):
    reading = read({number: [row(number, 3071846)] for number in lists})
    assert [found.facts["category"] for found in reading.rows] == [category]


def test_a_child_in_care_and_leaving_care_is_in_care_with_the_flag():
    facts = facts_of(read({8: [row(8, 3071846)], 9: [row(9, 3071846, eligibility="d) Eligible child", age=17)]}))
    assert (facts["category"], facts["subject_kind"], facts["is_care_leaver"]) == ("in_care", "child", True)


def test_under_eighteen_a_plan_goes_before_leaving_care():
    nine = row(9, 3071846, age=17, eligibility="a) Relevant child")
    facts = facts_of(read({6: [row(6, 3071846, age=17)], 9: [nine]}))
    assert (facts["category"], facts["is_care_leaver"]) == ("in_need", True)


@pytest.mark.req("S2-03")
@pytest.mark.parametrize("number, facts", [
    (6, {"ended": "01/10/2026"}), (6, {"status": "e) Closed episode"}), (7, {"ended": "01/10/2026"}),
    (8, {"ended": "2026-10-01"}), (9, {"in_touch": "c) Died"}), (9, {"in_touch": "Died"}),
])
def test_only_open_cases_come_onto_the_list(number, facts):
    reading = read({number: [row(number, 1, **facts), row(number, 2)]})
    assert [found.reference for found in reading.rows] == ["2"]


@pytest.mark.parametrize("status, other, text", [
    ("c) Child in need plan", 8, "List 6 says child in need plan, list 8 has an open episode"),
    ("a) Looked after child", 7, "List 6 says looked after, list 7 has an open plan"),
    ("e) Closed episode", 7, "List 6 says closed, list 7 has an open plan"),
    ("", 8, "List 6 gives no case status that we know"),
])
def test_a_status_on_list_6_that_disagrees_is_worth_checking(status, other, text):
    reading = read({6: [row(6, 3071846, status=status)], 7: [], 8: [], other: [row(other, 3071846)]})
    assert [(note.text, note.references) for note in reading.notes] == [(text, ["3071846"])]


def test_looked_after_on_list_6_only_is_counted_in_need_and_said():
    reading = read({6: [row(6, 3071846, status="a) Looked after child")], 8: [row(8, 5)]})
    assert facts_of(reading)["category"] == "in_need"
    assert [(note.text, note.done) for note in reading.notes] == [
        ("List 6 says looked after, list 8 has no open episode", "Counted as child in need.")]


@pytest.mark.parametrize("status, other", [("a) Looked after child", 8), ("b) Child Protection plan", 7)])
def test_a_status_that_agrees_says_nothing(status, other):
    assert read({6: [row(6, 1, status=status)], other: [row(other, 1)]}).notes == []


def test_an_eligible_child_who_is_not_in_care_is_worth_checking():
    reading = read({8: [row(8, 5)], 9: [row(9, 3071846, eligibility="d) Eligible child", age=17)]})
    assert [note.text for note in reading.notes] == ["List 9 says eligible child, list 8 has no open episode"]


def test_the_personal_adviser_is_the_worker_of_a_care_leaver():
    facts = facts_of(read({9: [row(9, 3071846, adviser="Jae Vang")]}))
    assert facts["worker"] == "Jae Vang"


def test_without_an_adviser_the_worker_stays():
    assert facts_of(read({9: [row(9, 3071846, adviser="#N/A")]}))["worker"] == "Tomasz Nowak"


def test_both_layouts_of_list_9_are_read():
    newer = facts_of(read({9: [row(9, 3071846, disability="a) Yes")]}))
    older = facts_of(read({9: [row(9, 3071846, disability="a) Yes")]}, columns={9: OLDER_LEAVING_CARE}))
    assert newer.pop("personal_adviser") == ""
    assert newer == older
    assert newer["has_disability"] is True and newer["age_band"] == "18 to 20"


def test_blank_team_and_worker_are_filled_from_the_next_list():
    facts = facts_of(read({6: [row(6, 3071846)], 8: [row(8, 3071846, team="#N/A", worker="")]}))
    assert (facts["team"], facts["worker"]) == ("Children in Need East 2", "Tomasz Nowak")


def test_sheets_are_told_by_their_columns_not_their_titles():
    reading = read({6: [row(6, 1)], 7: [row(7, 2)]}, titles={6: "List 7", 7: "CP kids"})
    assert {found.reference: found.facts["category"] for found in reading.rows} == {"1": "in_need", "2": "protection"}


def test_extra_columns_are_kept_aside_and_named():
    columns = {6: layout_columns(IN_NEED, "Child’s Name")}
    reading = read({6: [row(6, 1) | {"Child’s Name": "Somebody"}]}, columns=columns)
    assert reading.unknown == ["Child’s Name"]
    assert "Child’s Name" in reading.left_out
    assert "Somebody" not in str(reading.rows)


def test_every_dropped_column_is_named_and_nothing_else_is_kept():
    reading = read({7: [row(7, 1)], 8: [row(8, 2)]})
    dropped = {"Gender", "Ethnicity", "Date of Birth", "Placement postcode", "Latest Category of Abuse"}
    assert dropped <= set(reading.left_out)
    assert "NB1 2CD" not in str(reading) and "WBRI" not in str(reading)
    assert set(reading.rows[0].facts) == {"category", "subject_kind", "is_care_leaver", "team", "worker", "age_band",
                                          "has_disability", "plan_started_on"}


def test_columns_may_be_missing_that_nobody_needs():
    needed = [name for name in IN_NEED.columns if name not in ("Gender", "Ethnicity", "Date of Birth")]
    assert len(read({6: [row(6, 1)]}, columns={6: needed}).rows) == 1


@pytest.mark.parametrize("facts, column, words", [
    ({"started": "31/02/2026"}, "CIN Start Date", "does not exist"),
    ({"ended": "soon"}, "CIN Closure Date", "a word where a date belongs"),
])
def test_a_row_with_a_bad_date_is_refused_with_its_place(facts, column, words):
    refused = read({6: [row(6, 1), row(6, 2, **facts)]}).refused
    assert [(bad.sheet, bad.row, bad.reference, bad.column) for bad in refused] == [("List 6", 3, "2", column)]
    assert words in refused[0].reason and refused[0].todo


def test_the_same_case_twice_with_other_details_is_refused_once():
    reading = read({8: [row(8, 1), row(8, 1, worker="Amy Lowther"), row(8, 2), row(8, 2)]})
    assert [(bad.row, bad.reason) for bad in reading.refused] == [
        (3, "The same case is on row 2 with other details; that row was used")]
    assert len(reading.rows) == 2


def test_a_closed_row_beside_an_open_one_is_no_repetition():
    reading = read({7: [row(7, 1, ended="01/02/2026"), row(7, 1)]})
    assert len(reading.rows) == 1 and reading.refused == []


def test_a_workbook_of_headings_only_is_refused():
    with pytest.raises(BadFile, match="no open case file"):
        read({6: [], 7: []})


@pytest.mark.req("S4-06")
def test_initial_contacts_and_early_help_come_where_nothing_more_is_open():
    lists = {1: [row(1, 1), row(1, 2), row(1, 2, referred="05/11/2026")], 2: [row(2, 1), row(2, 3)], 6: [row(6, 3)]}
    reading = read(lists)
    assert {found.reference: found.facts["category"] for found in reading.rows} == {
        "1": "early_help", "2": "contact", "3": "in_need"}
    assert facts_of(reading, "2")["referral_on"] == date(2026, 11, 5)
    assert "team" not in facts_of(reading, "2") and {"contact", "early_help"} <= reading.covers


def test_referrals_give_the_latest_date_and_no_case_of_their_own():
    lists = {3: [row(3, 1, referred="01/02/2026"), row(3, 1, referred="01/09/2026"), row(3, 9)], 6: [row(6, 1)]}
    reading = read(lists)
    assert [found.reference for found in reading.rows] == ["1"]
    assert facts_of(reading, "1")["referral_on"] == date(2026, 9, 1)
    assert [(note.text, note.references) for note in reading.notes] == [
        ("On the list of referrals and on no list of open cases", ["9"])]


def test_a_personal_adviser_leads_for_a_care_leaver_and_is_kept_beside_the_worker_of_a_child():
    leaver = facts_of(read({9: [row(9, 3071846, adviser="Pat Adviser")]}))
    child = facts_of(read({8: [row(8, 3071846)], 9: [row(9, 3071846, adviser="Pat Adviser", age=17)]}))
    assert (leaver["worker"], leaver["personal_adviser"]) == ("Pat Adviser", "Pat Adviser")
    assert (child["worker"], child["personal_adviser"]) == ("Tomasz Nowak", "Pat Adviser")


def test_a_refused_row_keeps_what_can_be_corrected():
    reading = read({6: [row(6, 1)], 7: [row(7, 2, started="31/2/2026")]})
    assert reading.refused[0].facts == {"category": "Child protection plan", "team": "Children in Need East 2",
                                        "worker": "Tomasz Nowak", "plan_started_on": "31/2/2026"}
