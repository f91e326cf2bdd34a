"""Whether judgements, outcomes, safety and grade go together: one rule that bars, the others ask (A38, A39, S2-37)."""

from typing import Any

from audits.questions import BECAUSE
from audits.terms import GradeTerms, Terms
from programmes.models import Judgement

NOT_BETTER = "not"


def judgements_of(content: dict[str, Any]) -> list[str]:
    """The judgements given, without the domains that do not apply."""
    given = [domain.get("judgement", "") for domain in content["domains"]]
    return [judgement for judgement in given if judgement and judgement != Judgement.NOT_APPLICABLE]


def consistency(content: dict[str, Any], terms: Terms) -> list[str]:
    """The questions to ask, by field: what was answered does not seem to go together. Every answer is allowed (A39)."""
    grade = terms.grades.get(content["answers"].get("grade", ""))
    if grade is None:
        return []
    judged, answers = judgements_of(content), content["answers"]
    applies = {
        "because_not_met": grade.is_good_or_better and Judgement.NOT_MET in judged,
        "because_all_met": grade.is_inadequate and judged and set(judged) == {Judgement.MET},
        "because_outcomes": grade.is_good_or_better and terms.outcomes == "warn"
        and answers.get("outcomes") == NOT_BETTER,
        "because_unsafe": terms.asks_safety and answers.get("safe_now") == "no" and not grade.is_inadequate,
    }
    return [name for name, asks in applies.items() if asks]


def unexplained(content: dict[str, Any], terms: Terms) -> list[tuple[str, str]]:
    """The consistency questions without an answer, in words, each with its field."""
    answers = content["answers"]
    return [(BECAUSE[name].label, name) for name in consistency(content, terms) if not answers.get(name, "").strip()]


def barred_grade(content: dict[str, Any], terms: Terms) -> GradeTerms | None:
    """The grade, where it is good or better and the outcomes are neither met nor on the way: under a programme that
    bars this it cannot be given (S2-37).
    """
    grade, answers = terms.grades.get(content["answers"].get("grade", "")), content["answers"]
    bars = terms.outcomes == "block" and answers.get("outcomes") == NOT_BETTER
    return grade if grade and grade.is_good_or_better and bars else None


def nothing_judged(content: dict[str, Any], terms: Terms) -> bool:
    """Whether every domain is said not to apply, where at least one has to be judged (A38)."""
    every_one = all(domain.get("judgement") == Judgement.NOT_APPLICABLE for domain in content["domains"])
    return terms.at_least_one_judged and every_one
