"""What was answered beside domains and grade, in words, for whoever reads the audit on a page or on paper."""

from dataclasses import dataclass, field
from typing import Any

from audits.questions import BECAUSE, ENQUIRY, OUTCOMES, SAFE_NOW, learning_page, timescale_fields
from programmes.models import ProgrammeVersion


@dataclass(frozen=True)
class Beside:
    """Each only where the programme asks it and something was answered: the label, and the words."""

    overall: list[tuple[str, str]] = field(default_factory=list)
    because: list[tuple[str, str]] = field(default_factory=list)
    enquiry: list[tuple[str, str]] = field(default_factory=list)
    timescales: list[tuple[str, str, str]] = field(default_factory=list)
    good_practice_tags: str = ""
    learning_themes: str = ""


def beside_in(version: ProgrammeVersion, content: dict[str, Any]) -> Beside:
    """The words behind the answers of a standing or frozen audit. No query."""
    answers = content["answers"]
    tags = {question.name: question for question in learning_page(version.asks).questions if question.many}
    return Beside(
        overall=_answered((OUTCOMES, SAFE_NOW), answers),
        because=_answered(BECAUSE.values(), answers),
        enquiry=_answered(ENQUIRY.questions, answers) if version.asks.lines_of_enquiry else [],
        timescales=list(_timescales(version, answers)),
        **{name: question.words_of(answers[name]) for name, question in tags.items() if answers.get(name)},
    )


def _answered(questions, answers: dict[str, str]) -> list[tuple[str, str]]:
    given = ((question, answers.get(question.name, "").strip()) for question in questions)
    return [(question.label, question.words_of(value)) for question, value in given if value]


def _timescales(version: ProgrammeVersion, answers: dict[str, str]):
    for row in version.asks.practice_timescales:
        found, note = timescale_fields(row)
        if answers.get(found.name):
            yield row.expected, found.words_of(answers[found.name]), answers.get(note.name, "")
