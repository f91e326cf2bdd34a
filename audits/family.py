"""Whom in the family the auditor may speak with, and the questions that a programme asks them (S1-25, S4-25)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from audits.family_models import PARENTS, Relation
from audits.models import Audit, FamilyDecision, FamilyView, ParentalConsent
from audits.questions import Option, Page, Question
from programmes.asks import FamilyQuestion, QuestionSet
from programmes.models import ProgrammeVersion

Outcome = FamilyDecision.Outcome
SAID, DECLINED = "said", "declined"
NAME = re.compile(r"view-(\d{1,18})-")
# What is asked where a programme names no questions of its own.
OPEN = QuestionSet(slug="open", label="One open question",
                   questions=(FamilyQuestion(slug="said", text="What did they say?"),))
FIRST = "Talk with the worker first about whether it is right to speak with the family, and record what you decided."


def hindrance(who: str, decision: FamilyDecision | None, consent: ParentalConsent | None, *,
              needs_consent: bool) -> str:
    """Why somebody cannot be spoken with now, in a sentence; nothing where they can (S2-08, S2-09).

    A child on a plan or in need is spoken with only after a parent agreed; a child in care where the worker, in the
    decision, did.
    """
    if decision is None:
        return FIRST
    if decision.outcome == Outcome.NOBODY:
        return "You decided that nobody in the family is spoken with."
    if who in PARENTS and decision.outcome == Outcome.NOT_PARENTS:
        return "You decided to speak with the child, not with the parents."
    if who != Relation.CHILD:
        return ""
    if decision.outcome == Outcome.NOT_CHILD:
        return "You decided not to speak with the child."
    if needs_consent and not (consent and consent.is_given):
        asked = "A parent did not agree" if consent else "No parent has agreed yet"
        return f"{asked} that you speak with the child. For a child in need or on a protection plan a parent is " \
               "asked first."
    return ""


def needs_consent(audit: Audit) -> bool:
    """Whether a parent is asked before the child (S2-09)."""
    return audit.category in audit.version.asks.family.parental_consent


def hindrances(audit: Audit) -> dict[str, str]:
    """For everybody in the family why they cannot be spoken with now. Two queries."""
    decision, consent = audit.family_decisions.last(), audit.parental_consents.last()
    needed = needs_consent(audit)
    return {who: hindrance(who, decision, consent, needs_consent=needed) for who in Relation.values}


def sets_of(version: ProgrammeVersion) -> tuple[QuestionSet, ...]:
    """The sets of questions of a programme; one open question where it has none."""
    return version.asks.family.sets or (OPEN,)


def set_of(version: ProgrammeVersion, slug: str) -> QuestionSet | None:
    """The set of that name."""
    return next((row for row in sets_of(version) if row.slug == slug), None)


def view_page(view: FamilyView, version: ProgrammeVersion) -> Page:
    """What is asked of one person: the questions of their set, then whether these are their own words (S2-18)."""
    asked = [_question(view.pk, row) for row in set_of(version, view.question_set).questions]
    words = Question(f"view-{view.pk}-own-words", "How did you write it down?", options=(
        Option("own", "In their own words", "As near as you could to what they said"),
        Option("summary", "As a summary")))
    return Page("view", view.get_who_display(), "", (*asked, words))


def _question(view: int, row: FamilyQuestion) -> Question:
    name = f"view-{view}-{row.slug}"
    if not row.needed:
        return Question(name, row.text, rows=3)
    said = Question(name, "What did they say?", "In their own words where you can", 3)
    return Question(f"{name}-answer", row.text, "Everybody is asked this", options=(
        Option(SAID, "They answered", reveals=said), Option(DECLINED, "They did not want to answer")))


def view_of(audit: Audit, name: str) -> FamilyView | None:
    """Whose views a field belongs to; nobody's for any other field."""
    found = NAME.match(name)
    return audit.family_heard.filter(pk=int(found[1]), removed_at=None).first() if found else None


def view_question(audit: Audit, name: str) -> Question | None:
    """The question of somebody's views to which a field belongs; nothing for any other field."""
    view = view_of(audit, name)
    if not view:
        return None
    return next((row for row in view_page(view, audit.version).all_fields() if row.name == name), None)


def is_of_view(name: str) -> bool:
    """Whether a field belongs to what somebody in the family said."""
    return NAME.match(name) is not None


def said_in(view: Mapping[str, Any], answers: Mapping[str, str], version: ProgrammeVersion) -> dict[str, Any]:
    """A view with its questions and answers in words: the document outlives the programme."""
    start = f"view-{view['id']}-"
    rows = [{"slug": row.slug, "question": row.text, "needed": row.needed, "text": answers.get(start + row.slug, ""),
             "declined": answers.get(f"{start}{row.slug}-answer", "") == DECLINED}
            for row in set_of(version, view["question_set"]).questions]
    label = set_of(version, view["question_set"]).label
    return {**view, "set": label, "words": answers.get(f"{start}own-words", ""), "said": rows}


@dataclass(frozen=True)
class Heard:
    """How many children and parents said what they think, in one audit."""

    children: int = 0
    parents: int = 0
    others: int = 0

    @property
    def both(self) -> bool:
        """The child and one parent: the best of all (S2-10)."""
        return bool(self.children and self.parents)


def heard_in(audits: Iterable[int]) -> dict[int, Heard]:
    """The views of many audits, by audit; those without any are left out. One query."""
    rows = FamilyView.objects.filter(audit__in=audits, removed_at=None).order_by().values("audit").annotate(
        children=Count("pk", filter=Q(who=Relation.CHILD)), parents=Count("pk", filter=Q(who__in=PARENTS)),
        others=Count("pk", filter=Q(who=Relation.OTHER_ADULT)))
    return {row.pop("audit"): Heard(**row) for row in rows}
