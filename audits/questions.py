"""What is asked on each page of the audit: the fields of the parts and of every domain, as data."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from audits.models import Audit
from programmes.asks import Asks, PracticeTimescale, Tag
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
    """One field: a text that grows, a choice, or several choices at once (`many`: their values, one a line)."""

    name: str
    label: str
    hint: str = ""
    rows: int = 4
    options: tuple[Option, ...] = field(default=())
    many: bool = False

    @property
    def is_choice(self) -> bool:
        """Radios or boxes rather than a text."""
        return bool(self.options)

    def words_of(self, value: str) -> str:
        """A text itself; for a choice its label."""
        labels = {option.value: option.label for option in self.options}
        values = value.split("\n") if self.many else [value]
        return ", ".join(labels.get(each, each) for each in values) or "Nothing"

    def allows(self, value: str) -> bool:
        """Whether this can stand here: any text; of choices those that are offered; nothing always."""
        values = value.split("\n") if self.many else [value]
        return not value or not self.is_choice or {option.value for option in self.options}.issuperset(values)


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

OUTCOMES = Question(
    "outcomes",
    "Are the outcomes met, or on the way?",
    "What was to become better for the child: is it, or will it be?",
    options=(Option("met", "They are met"), Option("on_the_way", "They are on the way"),
             Option("not", "They are neither met nor on the way")),
)
SAFE_NOW = Question(
    "safe_now",
    "Is the child safe now?",
    options=(Option("yes", "Yes"),
             Option("no", "No", "Raise an immediate concern now, before you go on. A child who is not safe means that "
                                "the work is inadequate")),
)
EVALUATION = Question(
    "grade_evidence",
    "What do you find?",
    "Clear statements about the quality of the work and what it changed for the child. There is no grade", 8,
)
ENQUIRY = Page(
    "enquiry",
    "Lines of enquiry",
    "Agree, as a pair, what you want to explore with the worker and with those who look after the child.",
    (
        Question("enquiry_lines", "What do you want to explore?", "One line for each", 6),
        Question("enquiry_people", "With whom?", "The worker, and fostering or residential staff where there are some",
                 2),
        Question("staff_discussion", "What did they say?", "Why decisions were taken, and what you see differently now",
                 6),
    ),
)
# Asked where answers do not seem to go together (A39): a question, and every answer is allowed.
BECAUSE = {
    name: Question(name, label, "Weigh it again, or say why both hold", 3)
    for name, label in {
        "because_not_met": "A domain is not met, and the grade is good or better. How do they go together?",
        "because_all_met": "Every domain is met, and the grade is inadequate. How do they go together?",
        "because_outcomes": "The outcomes are neither met nor on the way, and the grade is good or better. "
                            "How do they go together?",
        "because_unsafe": "The child is not safe now, and the grade is not inadequate. How do they go together?",
    }.items()
}


def learning_page(asks: Asks) -> Page:
    """Strengths, examples of good practice with tags, and what the organisation should learn, by theme (S1-42)."""
    questions = [
        Question("strengths", "What are the strengths of this work?"),
        Question(
            "good_practice",
            "Which piece of practice should others know about?",
            "What was done, what shows it, and what it changed. Write “none” if there is none",
        ),
        _tags("good_practice_tags", "What is it an example of?", asks.good_practice_tags),
        Question(
            "organisational_learning",
            "What should the organisation learn?",
            "Things no single worker can change. Write “none” if there is nothing",
        ),
        _tags("learning_themes", "Which themes does it belong to?", asks.themes),
    ]
    return Page(
        "learning",
        "Strengths and learning",
        "What should be kept, what others could learn from, and what the organisation should change.",
        tuple(question for question in questions if question),
    )


def _tags(name: str, label: str, tags: tuple[Tag, ...]) -> Question | None:
    """Boxes for tags; nothing where the programme has none."""
    options = tuple(Option(tag.slug, tag.label) for tag in tags)
    return Question(name, label, "Tick all that fit", options=options, many=True) if tags else None


def timescale_fields(row: PracticeTimescale) -> tuple[Question, Question]:
    """What was found of one timescale, and a note where it was not kept."""
    name = f"timescale-{row.slug}"
    note = Question(f"{name}-note", "What you found", "Such as dates", 1)
    options = (Option("kept", "Kept"), Option("not_kept", "Not kept", reveals=note),
               Option("not_applicable", "Does not apply"), Option("not_seen", "The record does not show it"))
    return (Question(name, row.expected, row.group, options=options), note)


def timescales_page(asks: Asks, audit: Audit) -> Page:
    """The timescales of this kind of case, what is expected beside what was found (S2-53 to S2-79)."""
    rows = asks.timescales_for(audit.category, audit.case_file.has_disability)
    return Page(
        "timescales",
        "Practice timescales",
        "What the council expects for this kind of case. It helps you look; it does not add up to a judgement.",
        tuple(timescale_fields(row)[0] for row in rows),
    )


def overall_page(version: ProgrammeVersion) -> Page:
    """The grade with its descriptors at hand, and what it rests on (S1-34, S1-35, S1-39); outcomes and safety first,
    where the programme asks for them (S2-37, S2-51). Without grades clear statements (S4-14).
    """
    judging, grades = version.rules.judging, list(version.grades.all())
    asked = [OUTCOMES] if judging.outcomes_question != "none" else []
    asked += [SAFE_NOW] if judging.safety_question else []
    if not grades:
        return Page("overall", "Overall evaluation", "What the evidence means for this child.", (*asked, EVALUATION))
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
        for grade in grades
    )
    asked.append(Question("grade", "Which grade describes this work?", options=options))
    asked.append(Question("grade_evidence", "What does the grade rest on?", "The evidence that decided it", 6))
    return Page("overall", "Overall judgement", "No sum of the judgements: weigh what they mean for this child.",
                (*asked, *BECAUSE.values()))


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


def page_for(audit: Audit, slug: str) -> Page:
    """The page of a part that is not a domain. Raises KeyError where this programme has no such part."""
    asks = audit.version.asks
    pages = {"period": PERIOD, "contact": CONTACT, "family": FAMILY}
    if asks.lines_of_enquiry:
        pages["enquiry"] = ENQUIRY
    if slug == "overall":
        return overall_page(audit.version)
    if slug == "learning":
        return learning_page(asks)
    if slug == "timescales" and asks.timescales_for(audit.category, audit.case_file.has_disability):
        return timescales_page(asks, audit)
    return pages[slug]


def pages_of(audit: Audit) -> list[Page]:
    """Every page that is not a domain's and that this programme has. One query, for the grades."""
    pages = [PERIOD, CONTACT, FAMILY, overall_page(audit.version), learning_page(audit.version.asks),
             timescales_page(audit.version.asks, audit)]
    return pages + [ENQUIRY] * audit.version.asks.lines_of_enquiry


PLAN_FIELD = "no_action_because"
DOMAIN_FIELDS = frozenset({"evidence", "judgement", "not_applicable_because"})
FIXED = {
    question.name: question
    for page in (PERIOD, CONTACT, FAMILY, ENQUIRY)
    for question in page.all_fields()
} | BECAUSE | {
    question.name: question
    for question in (OUTCOMES, SAFE_NOW, EVALUATION, Question("good_elements", ""), Question(PLAN_FIELD, ""),
                     *(Question(name, "") for name in ("strengths", "good_practice", "organisational_learning")),
                     Question("grade", ""))  # whether a grade exists the verb says, in the same statement
}
JUDGEMENT = Question("judgement", "", options=tuple(Option(value, label) for value, label in Judgement.choices))


def general_field(version: ProgrammeVersion, name: str) -> Question | None:
    """The question behind a field that belongs to no domain; nothing where this programme does not ask it."""
    if name in FIXED:
        return FIXED[name]
    asked = list(learning_page(version.asks).questions)
    asked += [field for row in version.asks.practice_timescales for field in timescale_fields(row)]
    return next((question for question in asked if question.name == name), None)


def domain_field(name: str) -> Question | None:
    """The question behind a field of a domain."""
    if name not in DOMAIN_FIELDS:
        return None
    return JUDGEMENT if name == "judgement" else Question(name, "")
