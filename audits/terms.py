"""What a programme asks for in an audit before it is complete: the terms by which completeness is counted."""

from dataclasses import dataclass, field

from audits.models import Audit


@dataclass(frozen=True)
class GradeTerms:
    """What a grade asks for."""

    label: str
    needs_good_elements: bool
    is_good_or_better: bool
    is_inadequate: bool


@dataclass(frozen=True)
class Terms:
    """Grades by slug, none where the programme does not grade (S4-14); and what is asked beside them."""

    grades: dict[str, GradeTerms] = field(default_factory=dict)
    outcomes: str = "none"
    asks_safety: bool = False
    at_least_one_judged: bool = True
    has_timescales: bool = False
    has_enquiry: bool = False

    @property
    def is_graded(self) -> bool:
        """Whether an overall grade is given."""
        return bool(self.grades)


def terms_of(audit: Audit) -> Terms:
    """The terms of the version that the audit is pinned to. One query, for the grades, once per version."""
    judging, asks = audit.version.rules.judging, audit.version.asks
    return Terms(
        grades={
            grade.slug: GradeTerms(grade.label, grade.needs_good_elements, grade.is_good_or_better,
                                   grade.is_inadequate)
            for grade in audit.version.scale
        },
        outcomes=judging.outcomes_question,
        asks_safety=judging.safety_question,
        at_least_one_judged=judging.at_least_one_judged,
        has_timescales=bool(asks.timescales_for(audit.category, audit.case_file.has_disability)),
        has_enquiry=asks.lines_of_enquiry,
    )
