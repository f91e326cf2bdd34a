"""Plain lists: columns by their names, categories in anybody's words, children and carers apart."""

from datetime import date

import pytest

from casefiles.reading.cases import read_cases
from casefiles.reading.results import BadFile

TODAY = date(2026, 11, 18)


def read(*lines, heading="reference,category,team,worker", encoding="utf-8"):
    return read_cases("\n".join([heading, *lines]).encode(encoding), TODAY)


@pytest.mark.parametrize("words, category", [
    ("LAC", "in_care"), ("Child Protection Plan", "protection"), ("CIN", "in_need"), ("Leaving care", "care_leaver"),
    ("Early Help", "early_help"), ("initial contact", "contact"), ("Single Assessment", "assessment"),
    ("b) Child in need plan", "in_need"), ("in_care", "in_care"),
])
def test_categories_are_known_by_many_names(words, category):
    assert read(f"12,{words},East 2,Amy").rows[0].facts["category"] == category


@pytest.mark.req("S1-17")
@pytest.mark.parametrize("category, kind", [
    ("Child in need", "child"), ("Care leaver", "care_leaver"), ("Foster carer", "foster_carer"),
])
def test_a_subject_is_a_child_a_care_leaver_or_a_foster_carer(category, kind):
    assert read(f"12,{category},East 2,Amy").rows[0].facts["subject_kind"] == kind


@pytest.mark.parametrize("heading", [
    "Case Ref;Case Type;Allocated Team;Social Worker", "REFERENCE\tCATEGORY\tTEAM\tWORKER",
    "Child Unique ID,Type,Team Name,Key worker",
])
def test_headings_and_separators_vary(heading):
    sign = next(sign for sign in ";\t," if sign in heading)
    reading = read(sign.join(("12", "CIN", "East 2", "Amy")), heading=heading)
    assert reading.rows[0].facts == {"category": "in_need", "subject_kind": "child", "is_care_leaver": False,
                                     "team": "East 2", "worker": "Amy"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_are_told_apart(encoding):
    assert read("12,CIN,Équipe Été,Zoë", encoding=encoding).rows[0].facts["worker"] == "Zoë"


def test_rows_above_the_heading_are_read_past():
    reading = read("12,CIN,E,A", heading="Northbrook Council\n\nRun on,18/11/2026\nreference,category,team,worker")
    assert [(row.reference, row.number) for row in reading.rows] == [("12", 5)]


def test_optional_columns_are_kept_and_others_named():
    heading = ("reference,category,team,worker,iro,cp adviser,referral date,plan start date,age,disability,siblings,"
               "restricted,Name")
    reading = read("12,CP,E,A,Maureen,Cora,01/02/2026,2026-03-01,9,Yes,F7,yes,Sam Child", heading=heading)
    facts = reading.rows[0].facts
    assert (facts["iro"], facts["cp_adviser"], facts["sibling_group"]) == ("Maureen", "Cora", "F7")
    assert (facts["referral_on"], facts["plan_started_on"]) == (date(2026, 2, 1), date(2026, 3, 1))
    assert (facts["age_band"], facts["has_disability"], facts["is_restricted"]) == ("5 to 9", True, True)
    assert reading.left_out == ["Name"] and "Sam Child" not in str(reading)


def test_a_fact_whose_column_is_missing_is_not_said():
    assert "iro" not in read("12,CIN,E,A").rows[0].facts


@pytest.mark.parametrize("line, column, words", [
    (",CIN,E,A", "reference", "no case reference"), ("12,Nonsense,E,A", "category", "is not known"),
    ("12,,E,A", "category", "no category"), ("12,CIN,E,A,extra", "reference", "more cells than the heading"),
    ("Sam Carter,CIN,E,A", "reference", "at least one digit"),
])
def test_rows_that_cannot_be_used_say_why(line, column, words):
    refused = read("1,CIN,E,A", line).refused
    assert [(bad.row, bad.column) for bad in refused] == [(3, column)]
    assert words in refused[0].reason


def test_short_rows_and_empty_rows_are_fine():
    reading = read("12,CIN", "", ",,,", "13,CIN,E,A")
    assert [row.reference for row in reading.rows] == ["12", "13"] and reading.refused == []


def test_children_and_carers_are_two_lists():
    assert "fostering" not in read("12,CIN,E,A").covers
    assert read("12,Fostering,E,A").covers == {"fostering"}
    assert {"fostering", "in_need"} <= read("12,Fostering,E,A", "13,CIN,E,A").covers


def test_an_unknown_list_is_refused_with_what_it_has():
    with pytest.raises(BadFile, match="This file has: Colour, Size"):
        read("red,4", heading="Colour,Size")
