"""What was done together and whom the family's side is heard from, as facts for the audit's document. One query."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject, TruncDate

from audits.models import (
    Audit,
    Escalation,
    FamilyAttempt,
    FamilyDecision,
    FamilyView,
    ParentalConsent,
    Participation,
    Presence,
    Session,
    WithoutWorker,
)
from audits.permissions import READERS
from calendars.rules import LONDON, london_date

Facts = dict[str, Any]


def facts_of(audit: Audit) -> tuple[Facts, Facts]:
    """Contact and family of an audit, as they stand: dates are texts, so that the document can be frozen."""
    asks = audit.version.asks
    found = Audit.objects.filter(pk=audit.pk).order_by().values(**_contact_rows(), **_family_rows()).get()
    standing, decisions, consents = (found.pop(name) for name in ("without", "decisions", "consents"))
    contact = {
        "until": london_date(audit.due_at).isoformat(),
        "people": _each_once(found.pop("people"), audit.auditor_id),
        "sessions": found.pop("met"),
        "without_worker": standing[0] if standing else None,
        "resolved": found.pop("resolved"),
        "feedback_asked": asks.feedback_meeting,
    }
    family = {
        "needs_consent": audit.category in asks.family.parental_consent,
        "decision": decisions[-1] if decisions else None,
        "consent": consents[-1] if consents else None,
        **found,
    }
    return contact, family


def _each_once(rows: list[Facts], auditor: int) -> list[Facts]:
    """Everybody of the case with their first capacity, the worker first; never the auditor."""
    ours = sorted((row for row in rows if row["staff"] != auditor), key=lambda row: READERS.index(row["capacity"]))
    by_person: dict[int, Facts] = {}
    for row in ours:
        by_person.setdefault(row["staff"], row)
    return list(by_person.values())


def _rows(found: QuerySet, *fields: str, order: tuple[str, ...] = ("pk",), **more: Any) -> ArraySubquery:
    """The rows of one audit as objects with these fields, `more` under other names."""
    whole = JSONObject(**{field: field for field in fields}, **more)
    return ArraySubquery(found.filter(audit=OuterRef("pk")).order_by(*order).values(json=whole))


def _contact_rows() -> dict[str, ArraySubquery]:
    there = Presence.objects.filter(session=OuterRef("pk")).order_by("pk")
    people = Participation.objects.filter(capacity__in=READERS, until_at=None)
    standing = WithoutWorker.objects.filter(removed_at=None)
    return {
        "people": _rows(people, "capacity", staff=F("staff_id"), name=F("staff__name")),
        "met": _rows(
            Session.objects.filter(removed_at=None), "id", "held_on", "mode", "purpose", "others",
            order=("held_on", "pk"),
            people=ArraySubquery(there.values(json=JSONObject(name=F("person__name"), capacity="capacity"))),
        ),
        "without": _rows(standing, "why", "away_from", "away_until", worker=F("worker_id"), name=F("worker__name"),
                         recorded_on=TruncDate("recorded_at", tzinfo=LONDON)),
        "resolved": _rows(Escalation.objects.filter(status=Escalation.Status.RESOLVED), person=F("person_id"),
                          on=TruncDate("ended_at", tzinfo=LONDON)),
    }


def _family_rows() -> dict[str, ArraySubquery]:
    return {
        "decisions": _rows(FamilyDecision.objects.all(), "decided_on", "decided_with", "understanding", "outcome",
                           "reasons", "against_interest"),
        "consents": _rows(ParentalConsent.objects.all(), "parent", "is_given", "said_on"),
        "attempts": _rows(FamilyAttempt.objects.all(), "who", "made_on", "method", "outcome",
                          order=("made_on", "pk")),
        "views": _rows(FamilyView.objects.filter(removed_at=None), "id", "who", "question_set", "method", "spoken_on",
                       "consent_at", "told_of_sharing", "passed_on", order=("spoken_on", "pk")),
    }
