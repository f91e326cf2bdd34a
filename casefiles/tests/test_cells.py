"""One cell, whatever the habits of the system that wrote it."""

from datetime import date, datetime

import pytest

from casefiles.reading import cells

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize("given, read", [
    ("Dustin\xa0Hazlett", "Dustin Hazlett"), ("  two   spaces ", "two spaces"), ("‘Missing’", "'Missing'"),
    ("#N/A", ""), ("n/a", ""), (None, ""), ("-", ""), (9212044.0, "9212044"), (9.5, "9.5"), (True, "Yes"),
    ("nul\x00byte", "nulbyte"), ("\ufeffmark", "mark"),
])
def test_text_is_tidied_and_blanks_are_empty(given, read):
    assert cells.text(given) == read


@pytest.mark.parametrize("given, read", [
    (date(2026, 6, 8), date(2026, 6, 8)), (datetime(2026, 6, 8, 9, 30), date(2026, 6, 8)),
    ("08/06/2026", date(2026, 6, 8)), ("8-6-2026", date(2026, 6, 8)), ("08.06.2026", date(2026, 6, 8)),
    ("2026-06-08", date(2026, 6, 8)), ("2026-06-08T00:00:00", date(2026, 6, 8)), ("8 June 2026", date(2026, 6, 8)),
    ("08-Jun-2026", date(2026, 6, 8)), (46181.0, date(2026, 6, 8)), ("46181", date(2026, 6, 8)), ("", None),
    (None, None), ("#N/A", None),
])
def test_dates_are_read_in_every_usual_form(given, read):
    assert cells.day(given) == read


@pytest.mark.parametrize("given, words", [
    ("31/02/2026", "does not exist"), ("06/13/2026", "does not exist"), ("soon", "a word where a date belongs"),
    ("12 soon", "“12 soon” is not a date"),
    ("8/6/26", "is not a date"), (date(1900, 1, 1), "cannot be right"), ("01/01/2199", "cannot be right"),
    ("9" * 400, "is not a date"),
])
def test_a_date_that_cannot_be_is_refused_with_a_sentence(given, words):
    with pytest.raises(cells.BadCell, match=words):
        cells.day(given)


@pytest.mark.parametrize("given", ["", "Sam Carter", "a" * 41, "=1+1", "12<script>", "../12", "12\n34" * 20])
def test_what_cannot_be_a_case_reference_is_refused(given):
    with pytest.raises(cells.BadCell):
        cells.reference(given)


@pytest.mark.parametrize("given, read", [(3071846.0, "3071846"), (" LCS-12/A ", "LCS-12/A"), ("3071846", "3071846")])
def test_a_case_reference_stays_text(given, read):
    assert cells.reference(given) == read


@pytest.mark.parametrize("given, read", [
    ("a) Yes", True), ("b) No", False), ("Y", True), ("no", False), ("c) Unknown", None), ("", None), (1.0, True),
])
def test_yes_and_no_with_or_without_their_codes(given, read):
    assert cells.yes_no(given) is read


@pytest.mark.parametrize("age, born, band", [
    (0.2, None, "Under 1"), (9.97, None, "5 to 9"), ("", date(2009, 11, 18), "16 and 17"),
    ("", "19/11/2008", "16 and 17"), (17.99, None, "16 and 17"),
    (18, None, "18 to 20"), (24, None, "21 to 25"), (44, None, ""), ("?", "?", ""),
])
def test_only_a_band_is_kept_of_age_and_birth(age, born, band):
    assert cells.age_band(age, born, TODAY) == band


@pytest.mark.parametrize("given", ["Age of Child (Years)", "AGE OF  CHILD (years)) ", "Age of Child - Years"])
def test_headings_match_by_their_words(given):
    assert cells.heading(given) == "age of child years"
