"""Plain lists: columns by their names, categories in anybody's words, children and carers apart."""

import json
from datetime import date

import pytest

from casefiles.reading.case_list import Columns, kind_of
from casefiles.reading.results import BadFile, ColumnsNeeded, Reading
from casefiles.tests.reading import read_cases

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
    assert kind_of(read(f"12,{category},East 2,Amy").rows[0].facts["category"], "") == kind


@pytest.mark.req("A46")
def test_a_column_says_what_kind_of_subject_it_is():
    reading = read("12,CIN,E,A,Care leaver", "13,CIN,E,A,Somebody", heading="reference,category,team,worker,subject")
    assert reading.rows[0].facts["subject_kind"] == "care_leaver"
    assert "it is child, care leaver or foster carer" in reading.refused[0].reason
    assert "Somebody" not in str(reading.as_json())


@pytest.mark.parametrize("heading", [
    "Case Ref;Case Type;Allocated Team;Social Worker", "REFERENCE\tCATEGORY\tTEAM\tWORKER",
    "Child Unique ID,Type,Team Name,Key worker",
])
def test_headings_and_separators_vary(heading):
    sign = next(sign for sign in ";\t," if sign in heading)
    reading = read(sign.join(("12", "CIN", "East 2", "Amy")), heading=heading)
    assert reading.rows[0].facts == {"category": "in_need", "team": "East 2", "worker": "Amy"}


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
    assert reading.left_out == ["age", "Name"] and "Sam Child" not in str(reading)


def test_a_fact_whose_column_is_missing_is_not_said():
    assert "iro" not in read("12,CIN,E,A").rows[0].facts


@pytest.mark.parametrize("line, column, words", [
    (",CIN,E,A", "reference", "no case reference"),
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


def test_a_category_in_words_of_their_own_waits_to_be_explained():
    assert read("12,Edge of care,E,A").rows[0].facts["category_as_given"] == "Edge of care"


def test_a_list_of_other_columns_asks_for_them():
    with pytest.raises(ColumnsNeeded) as needed:
        read("red,4,01/02/2026,yes,", heading="Colour,Size,Bought on,Sold,Rest")
    assert [(heading.name, heading.shape) for heading in needed.value.headings] == [
        ("Colour", "words"), ("Size", "numbers"), ("Bought on", "dates"), ("Sold", "yes or no"), ("Rest", "empty")]


def test_a_file_without_any_heading_is_refused():
    with pytest.raises(BadFile, match="needs a row of headings"):
        read("1", "2", heading="x")


@pytest.mark.parametrize("heading, guesses", [
    ("Mosaic Person ID,Current allocated case worker,Team name now", ["reference", "worker", "team"]),
    ("Name,Name,Plan type (current)", ["", "", "category"]),
])
def test_columns_are_guessed_by_words_in_their_names(heading, guesses):
    with pytest.raises(ColumnsNeeded) as needed:
        read("1,2,3", heading=heading)
    assert [found.guess for found in needed.value.headings] == guesses


def test_named_columns_are_read_by_their_headings_in_any_order():
    columns = Columns({"reference": "Nr", "team": "Desk", "worker": "Name (2)"}, category="in_need", holds="categories")
    for text in ("Nr,Name,Desk,Name\n12,Child X,East 2,Amy", "Desk,Name,Nr,Name\nEast 2,Child X,12,Amy"):
        reading = read_cases(text.encode(), TODAY, remembered=lambda digest: columns)
        assert reading.rows[0].facts == {"team": "East 2", "worker": "Amy", "category": "in_need"}
        assert reading.covers == {"in_need"} and "Child X" not in str(reading)


@pytest.mark.req("B15")
def test_a_fostering_register_explains_itself():
    reading = read("FC-7,Amy Lowther,Fostering Team", heading="Carer ID,Supervising social worker,Team")
    assert reading.rows[0].facts == {"category": "fostering", "worker": "Amy Lowther", "team": "Fostering Team"}
    assert reading.covers == {"fostering"}


def test_a_list_of_reviewing_officers_adds_to_known_cases_only():
    reading = read("12,Maureen Doyle", heading="Case reference,IRO")
    assert reading.only_known and reading.covers == frozenset()
    assert reading.rows[0].facts == {"iro": "Maureen Doyle"}


def test_a_row_that_has_ended_is_no_open_case():
    reading = read("12,CIN,E,A,01/02/2026", "13,CIN,E,A,", heading="reference,category,team,worker,closure date")
    assert [row.reference for row in reading.rows] == ["13"] and reading.sheets[0].closed == 1


def test_the_date_of_birth_gives_the_age_group_and_is_left_out():
    reading = read("12,CIN,E,A,01/02/2014", heading="reference,category,team,worker,DOB")
    assert reading.rows[0].facts["age_band"] == "10 to 15"
    assert reading.left_out == ["DOB"] and "2014" not in str(reading.as_json())


def test_year_of_birth_and_initials_are_kept_only_where_the_council_says_so():
    content = b"reference,category,team,worker,DOB\n12,CIN,E,A,01/02/2014\n"
    assert "birth_year" not in read_cases(content, TODAY).rows[0].facts
    assert read_cases(content, TODAY, keep_birth_year=True).rows[0].facts["birth_year"] == 2014


def test_what_was_read_comes_back_from_its_record():
    reading = read("12,CIN,E,A,01/02/2026", ",CIN,E,A,", heading="reference,category,team,worker,referral date")
    assert Reading.from_json(json.loads(json.dumps(reading.as_json()))) == reading


def test_a_refused_reference_that_may_be_a_name_is_not_kept():
    reading = read("1,CIN,E,A", "Sam Carter,CIN,E,A")
    assert reading.refused[0].reference == "" and "Sam Carter" not in str(reading.as_json())
