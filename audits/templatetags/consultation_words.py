"""Contact and family views in words, from the rows or from a frozen document (`{% load consultation_words %}`)."""

from typing import Any

from django import template

from audits.consultation_models import Mode
from audits.family_models import FamilyMethod, Relation
from audits.hearing import NOTES, worker_took_part
from audits.models import FamilyAttempt, FamilyDecision, ParentalConsent, Participation, Session, WithoutWorker
from audits.templatetags.audit_words import as_date
from calendars.words import long_date

register = template.Library()
Facts = dict[str, Any]
LABELS = {
    "mode": Mode, "purpose": Session.Purpose, "who": Relation, "method": FamilyMethod, "parent": ParentalConsent.Parent,
    "attempt": FamilyAttempt.Outcome, "outcome": FamilyDecision.Outcome, "decided_with": FamilyDecision.DecidedWith,
    "without": WithoutWorker.Why,
}  # fmt: skip
ALONE = "This audit rests on the file alone, and questions went to the team manager."


@register.filter
def label(value: str, kind: str) -> str:
    """The words of a choice."""
    return LABELS[kind](value).label


@register.filter
def day_in_words(value) -> str:
    """A day, also where a frozen document holds it as a text."""
    return long_date(as_date(value)) if value else ""


@register.filter
def people_in_words(session: Facts) -> str:
    """Who was there: names with what they are to the case, then others."""
    named = [f"{one['name']} ({Participation.Capacity(one['capacity']).label.lower()})" for one in session["people"]]
    return ", ".join([*named, session["others"]] if session["others"] else named)


@register.filter
def without_in_words(row: Facts) -> str:
    """That, and why, the worker could not take part (S2-11)."""
    if row["why"] == WithoutWorker.Why.NO_WORKER:
        return f"No worker is allocated, so none could take part. {ALONE}"
    if row["why"] == WithoutWorker.Why.NO_ANSWER:
        return f"The worker did not answer, and the group manager recorded what came of it. {ALONE}"
    away = f"from {day_in_words(row['away_from'])} to {day_in_words(row['away_until'])}"
    return f"The worker could not take part: away from work {away}. {ALONE}"


@register.filter
def took_part(contact: Facts | None) -> bool:
    """Whether the worker read or talked with the auditor."""
    return bool(contact) and worker_took_part(contact)


@register.filter
def notes(content: Facts) -> list[tuple[str, str]]:
    """Role and text of each of the others who have a part: what they said, or why they were not needed (S1-24)."""
    roles = [row["capacity"] for row in (content.get("contact") or {}).get("people", ())]
    return [(Participation.Capacity(role).label, _note(content["answers"], key))
            for role, (key, _) in NOTES.items() if role in roles]


def _note(answers: Facts, key: str) -> str:
    if answers.get(f"{key}_input") == "not_needed":
        return f"Not needed: {answers.get(f'{key}_not_needed_because', '')}"
    return answers.get(f"{key}_said", "")
