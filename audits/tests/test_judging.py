"""Judgements, outcomes, safety and grade: what bars, what asks, what is only said (A38, A39, S2-37, S2-51)."""

import pytest

from audits.completeness import missing_before, overall_part, parts_of
from audits.judging import barred_grade, consistency, nothing_judged
from audits.terms import GradeTerms, Terms

GOOD = GradeTerms("Good", False, True, False)
RI = GradeTerms("Requires improvement", False, False, False)
WITH_GOOD = GradeTerms("Requires Improvement with elements of good practice", True, False, False)
INADEQUATE = GradeTerms("Inadequate", False, False, True)
GRADES = {"good": GOOD, "ri": RI, "ri_good": WITH_GOOD, "inadequate": INADEQUATE}


def content(grade="good", judgements=("met",) * 9, **answers):
    """An audit with these judgements, and its grade with what it rests on."""
    domains = [{"slug": f"d{n}", "title": f"Domain {n}", "judgement": judgement, "evidence": "Case note",
                "not_applicable_because": "Not for this child"} for n, judgement in enumerate(judgements)]
    contact = {"sessions": [], "without_worker": None, "people": [], "resolved": []}
    family = {"decision": None, "attempts": [], "views": []}
    answers = {"grade": grade, "grade_evidence": "It helped", **answers}
    return {"domains": domains, "actions": [], "contact": contact, "family": family, "answers": answers}


def terms(**changes):
    return Terms(grades=GRADES, **changes)


@pytest.mark.req("S2-37", "A39")
@pytest.mark.parametrize(("outcomes", "grade", "barred"), [
    ("not", "good", True), ("not", "ri", False), ("not", "inadequate", False), ("on_the_way", "good", False),
    ("met", "good", False),
])
def test_good_cannot_be_given_where_outcomes_are_neither_met_nor_on_the_way(outcomes, grade, barred):
    part = overall_part(content(grade, ("partially_met",) * 9, outcomes=outcomes), terms(outcomes="block"))
    assert (part.state, "cannot be given" in part.why) == (("attention", True) if barred else ("done", False))
    assert bool(barred_grade(content(grade, outcomes=outcomes), terms(outcomes="block"))) is barred


@pytest.mark.req("S2-37")
def test_where_the_programme_only_warns_good_without_outcomes_wants_a_reason_and_is_allowed():
    without = content(outcomes="not")
    assert barred_grade(without, terms(outcomes="warn")) is None
    assert overall_part(without, terms(outcomes="warn")).state == "attention"
    explained = content(outcomes="not", because_outcomes="They were set last week")
    assert overall_part(explained, terms(outcomes="warn")).state == "done"


def test_a_programme_that_does_not_ask_for_outcomes_does_not_miss_them():
    assert overall_part(content(), terms()).state == "done"
    assert overall_part(content(), terms(outcomes="warn")).why == "Say whether the outcomes are met, or on the way"


@pytest.mark.req("S2-51")
def test_a_child_who_is_not_safe_suggests_inadequate_and_another_grade_wants_a_reason():
    asks = terms(asks_safety=True)
    assert overall_part(content(), asks).why == "Say whether the child is safe now"
    assert consistency(content("ri", safe_now="no"), asks) == ["because_unsafe"]
    assert consistency(content("inadequate", ("not_met",) * 9, safe_now="no"), asks) == []
    assert overall_part(content("ri", safe_now="no", because_unsafe="A plan began today"), asks).state == "done"


@pytest.mark.req("A39")
@pytest.mark.parametrize(("grade", "judgements", "asked"), [
    ("good", ("met",) * 8 + ("not_met",), ["because_not_met"]),
    ("ri", ("met",) * 8 + ("not_met",), []),
    ("inadequate", ("met",) * 8 + ("not_applicable",), ["because_all_met"]),
    ("inadequate", ("met",) * 8 + ("partially_met",), []),
    ("good", ("not_applicable",) * 9, []),
])
def test_what_does_not_seem_to_go_together_is_asked_and_every_answer_is_allowed(grade, judgements, asked):
    assert consistency(content(grade, judgements), terms()) == asked
    explained = content(grade, judgements, **dict.fromkeys(asked, "Both hold"))
    if "met" in judgements:
        assert overall_part(explained, terms()).state == "done"


@pytest.mark.req("A38", "S1-32")
def test_at_least_one_domain_has_to_be_judged():
    nowhere = content("ri", ("not_applicable",) * 9)
    assert nothing_judged(nowhere, terms()) and not nothing_judged(nowhere, terms(at_least_one_judged=False))
    assert "judge at least one" in overall_part(nowhere, terms()).why
    assert overall_part(content("ri", ("not_applicable",) * 8 + ("met",)), terms()).state == "done"


@pytest.mark.req("S1-39")
def test_requires_improvement_with_elements_demands_the_elements():
    without = overall_part(content("ri_good", ("partially_met",) * 9), terms())
    assert (without.state, without.why) == ("attention", "This grade needs the elements that are good")
    named = content("ri_good", ("partially_met",) * 9, good_elements="The direct work")
    assert overall_part(named, terms()).state == "done"


@pytest.mark.req("S4-14")
def test_without_grades_clear_statements_are_enough():
    part = overall_part(content(""), Terms())
    assert (part.title, part.state) == ("Overall evaluation", "done")
    assert overall_part({"domains": [], "actions": [], "answers": {}}, Terms()).state == "not_started"


@pytest.mark.req("S4-12", "S4-15")
def test_lines_of_enquiry_and_the_discussion_with_staff_are_asked_where_the_programme_does():
    parts = parts_of(content(enquiry_lines="Why the plan stalled"), terms(has_enquiry=True))
    found = {part.slug: part for part in missing_before(parts, "share")}
    assert found["enquiry"].why == "Still to write: with whom, what the discussion brought"
    assert "enquiry" not in {part.slug for part in parts_of(content(), terms())}


def test_a_checklist_of_timescales_is_never_in_the_way():
    parts = parts_of(content(), terms(has_timescales=True))
    assert next(part for part in parts if part.slug == "timescales").state == "not_started"
    assert "timescales" not in {part.slug for part in missing_before(parts, "finalise")}


def test_every_part_says_where_it_is():
    paths = {part.slug: part.path for part in parts_of(content(), terms())}
    assert (paths["d0"], paths["overall"], paths["plan"]) == ("domains/d0/", "overall/", "plan/")
