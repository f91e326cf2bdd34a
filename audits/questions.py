"""What is asked on each page of the audit: the fields of the parts and of every domain, as data."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from programmes.models import Judgement, ProgrammeVersion


@dataclass(frozen=True)
class Option:
    """One choice, with its hint; `reveals` names the text field that belongs to it."""

    value: str
    label: str
    hint: str = ""
    lines: tuple[str, ...] = ()
    reveals: "Question | None" = None


@dataclass(frozen=True)
class Question:
    """One field: a text that grows, or a choice."""

    name: str
    label: str
    hint: str = ""
    rows: int = 4
    options: tuple[Option, ...] = field(default=())

    @property
    def is_choice(self) -> bool:
        """Radios rather than a text."""
        return bool(self.options)

    def words_of(self, value: str) -> str:
        """A text itself; for a choice its label."""
        labels = {option.value: option.label for option in self.options}
        return labels.get(value, value) or "Nothing"


@dataclass(frozen=True)
class Page:
    """One part of the audit and what it asks."""

    slug: str
    title: str
    lead: str
    questions: tuple[Question, ...]

    def all_fields(self) -> list[Question]:
        """Every field of the page, those behind a choice too."""
        fields = []
        for question in self.questions:
            fields.append(question)
            fields += [option.reveals for option in question.options if option.reveals]
        return fields


EVIDENCE = Question(
    "evidence",
    "What does the record show?",
    "Give dates or case note references, and say what it meant for the child. Do not use names of family members.",
    12,
)

PERIOD = Page(
    "period",
    "Period and documents",
    "The audit covers the period above. Read earlier records only where you need them "
    "to understand the child’s history.",
    (
        Question(
            "earlier_records",
            "Did you read earlier records?",
            options=(
                Option("yes", "Yes", reveals=Question("earlier_records_because", "Which ones, and why", rows=2)),
                Option("no", "No"),
            ),
        ),
    ),
)


def _heard(key: str, title: str, name: str) -> Question:
    """What one of the people of the case said, or why they were not needed (S1-19, S1-24)."""
    return Question(f"{key}_input", title, options=(
        Option("said", "Yes", reveals=Question(f"{key}_said", f"What did {name} say?",
                                               "What you learned that the record does not show", 3)),
        Option("not_needed", "It was not needed",
               reveals=Question(f"{key}_not_needed_because", "Why not", "Such as: the picture is whole without it", 2)),
    ))


# Of each role; a page asks only those that the case has (contact_page).
HEARD = {
    "team_manager": _heard("manager", "Did you speak with the team manager?", "the team manager"),
    "iro": _heard("iro", "Did you speak with the reviewing officer?", "the reviewing officer"),
    "cp_adviser": _heard("adviser", "Did you speak with the child protection adviser?", "the adviser"),
}
WORKER_SAID = Question(
    "worker_said", "What did the worker say?", "How they explain what was decided, and what the record does not show")
DESKTOP = Question("desktop_because", "You did not read the file together with the worker, because", rows=2)
CONTACT = Page(
    "contact",
    "Contact and consultation",
    "The audit is done together with the worker. Write down what each person said, so that it is part of the picture.",
    (WORKER_SAID, DESKTOP, *HEARD.values()),
)


def contact_page(roles: Collection[str], *, took_part: bool, read_together: bool) -> Page:
    """What is asked of the people whom the case has; of the worker where they took part."""
    asked = (WORKER_SAID, DESKTOP) if took_part and not read_together else (WORKER_SAID,) if took_part else ()
    return replace(CONTACT, questions=(*asked, *(question for role, question in HEARD.items() if role in roles)))


FAMILY = Page(
    "family",
    "Family views",
    "The child and one parent are heard where that is right. Talk with the worker first.",
    (
        Question(
            "family_not_sought_because",
            "Nobody in the family was spoken to, because",
            "Only where nobody was. It stands in the audit",
            2,
        ),
    ),
)
LEARNING = Page(
    "learning",
    "Strengths and learning",
    "What should be kept, what others could learn from, and what the organisation should change.",
    (
        Question("strengths", "What are the strengths of this work?"),
        Question(
            "good_practice",
            "Which piece of practice should others know about?",
            "What was done, and what it changed. Write “none” if there is none",
        ),
        Question(
            "organisational_learning",
            "What should the organisation learn?",
            "Things no single worker can change. Write “none” if there is nothing",
        ),
    ),
)


def overall_page(version: ProgrammeVersion) -> Page:
    """The grade with its descriptors at hand, and what it rests on (S1-34, S1-35, S1-39)."""
    elements = Question(
        "good_elements", "Which elements are good?", "Be specific, so that the worker knows what to keep", 4
    )
    options = tuple(
        Option(
            grade.slug,
            grade.label,
            lines=tuple(grade.criteria),
            reveals=elements if grade.needs_good_elements else None,
        )
        for grade in version.grades.all()
    )
    return Page(
        "overall",
        "Overall judgement",
        "No sum of the judgements: weigh what they mean for this child.",
        (
            Question("grade", "Which grade describes this work?", options=options),
            Question("grade_evidence", "What does the grade rest on?", "The evidence that decided it", 6),
        ),
    )


def domain_page(version: ProgrammeVersion, domain) -> Page:
    """Evidence and judgement: the same fields in the same order on all of them (S1-33)."""
    hints = version.judgement_hints
    because = Question("not_applicable_because", "Not applicable because", rows=2)
    options = tuple(
        Option(value, label, hints.get(value, ""), reveals=because if value == Judgement.NOT_APPLICABLE else None)
        for value, label in Judgement.choices
    )
    return Page(
        domain.slug,
        domain.title,
        "",
        (
            EVIDENCE,
            Question("judgement", "Is the knowledge and skills statement met?", options=options),
        ),
    )


def page_for(version: ProgrammeVersion, slug: str) -> Page:
    """The page of a part that is not a domain. Raises KeyError for an unknown one."""
    if slug == "overall":
        return overall_page(version)
    return {page.slug: page for page in (PERIOD, CONTACT, FAMILY, LEARNING)}[slug]


PLAN_FIELD = "no_action_because"
GENERAL_FIELDS = frozenset(
    {question.name for page in (PERIOD, CONTACT, FAMILY, LEARNING) for question in page.all_fields()}
    | {"grade", "grade_evidence", "good_elements", PLAN_FIELD}
)
CHOICES = {
    question.name: frozenset(option.value for option in question.options)
    for page in (PERIOD, CONTACT, FAMILY, LEARNING)
    for question in page.all_fields()
    if question.is_choice
} | {"judgement": frozenset(Judgement.values)}
DOMAIN_FIELDS = frozenset({"evidence", "judgement", "not_applicable_because"})


def choices_of(version: ProgrammeVersion, field: str) -> frozenset[str]:
    """What may stand in a field that is a choice; nothing for a text."""
    if field == "grade":
        return frozenset(version.grades.values_list("slug", flat=True))
    return CHOICES.get(field, frozenset())
