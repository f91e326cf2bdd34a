"""What an audit asks beside its domains and grades: tags, families, timescales of practice, lines of enquiry.

It is stored with the programme version as JSON, so documents outlive this code: what an older one does not say has a
default that asks nothing.
"""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError, model_validator

from programmes.policy import Flag, Part, PolicyError
from programmes.problems import sentences

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Tag(Part):
    """A word by which examples of good practice, or what the organisation learns, are found again (S1-42, S2-20)."""

    slug: Slug
    label: Text


class PracticeTimescale(Part):
    """How often or how soon something has to happen for a kind of case; a reference for the auditor (S2-53 to S2-79).

    `rule` is the id of the rule. `categories` are those of the case file; with `disability` only, or never, for
    children with disabilities, where it says so.
    """

    slug: Annotated[Slug, Field(max_length=24)]  # it becomes part of the name of an answer
    rule: Text
    group: Text
    expected: Text
    categories: Annotated[tuple[Slug, ...], Field(min_length=1)]
    disability: Flag | None = None


class FamilyQuestion(Part):
    """One core question (S4-25). Where it is `needed`, views are not complete without an answer to it (S2-17)."""

    slug: Slug
    text: Text
    needed: Flag = False


class QuestionSet(Part):
    """The questions for somebody: an adult, a child, or in easy words."""

    slug: Slug
    label: Text
    questions: Annotated[tuple[FamilyQuestion, ...], Field(min_length=1)]


class FamilyViews(Part):
    """How the family is asked (S1-25, S2-08 to S2-19, S4-25).

    For a child of `parental_consent` a parent agrees before the child is spoken to (S2-09). `script` is what is said
    at the start of a call (S2-15, S2-16).
    """

    parental_consent: tuple[Slug, ...] = ()
    script: tuple[Text, ...] = ()
    sets: tuple[QuestionSet, ...] = ()


class Asks(Part):
    """All of it."""

    good_practice_tags: tuple[Tag, ...] = ()
    themes: tuple[Tag, ...] = ()
    practice_timescales: tuple[PracticeTimescale, ...] = ()
    lines_of_enquiry: Flag = False  # S4-12
    ground_rules: tuple[Text, ...] = ()  # S4-26
    feedback_meeting: Flag = False  # S2-21: auditor and worker meet about the findings before the audit is final
    family: FamilyViews = FamilyViews()

    @model_validator(mode="after")
    def _slugs_once(self) -> "Asks":
        """Tags, timescales and sets are told apart by their slugs."""
        for rows in (self.good_practice_tags, self.themes, self.practice_timescales, self.family.sets):
            slugs = [row.slug for row in rows]
            if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
                raise ValueError(f"the slug “{twice[0]}” stands there twice")
        return self

    def timescales_for(self, category: str, has_disability: bool | None) -> list[PracticeTimescale]:
        """Those of one case; of an unknown disability those for everybody."""
        return [row for row in self.practice_timescales
                if category in row.categories and row.disability in (None, bool(has_disability))]


def read_asks(document: dict[str, Any]) -> Asks:
    """What a stored version asks, checked. Raises PolicyError."""
    try:
        return Asks.model_validate(document)
    except ValidationError as error:
        raise PolicyError(sentences(error, Asks)) from None
