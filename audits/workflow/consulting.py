"""Sessions with the people of the case, and why an audit goes without its worker (S1-18, S1-23, S2-11, B1)."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from audits.consulting import facts_of
from audits.contacts import contacts_of
from audits.hearing import JOINT, why_not_without
from audits.models import Audit, Presence, Session, WithoutWorker
from audits.permissions import check_can_write
from audits.workflow.contacting import first_day
from audits.workflow.life import locked
from audits.workflow.people_duties import bring_people_up_to_date
from calendars.rules import london_date
from people.models import Staff
from people.refusals import Refused
from trail.writing import record

Why = WithoutWorker.Why


@transaction.atomic
def record_session(*, audit: Audit, held_on: date, mode: str, purpose: str, people: Collection[Staff], by: Staff,
                   at: datetime, others: str = "") -> Session:
    """Auditor and people of the case read, talked, or went through the findings (S1-23, S2-21).

    A worker who read or talked does take part, whatever was recorded before.
    """
    audit = locked(audit)
    check_can_write(by, audit)
    if not first_day(audit) <= held_on <= london_date(at):
        raise Refused("Give a day from when you were given this audit until today.", "held_on")
    capacities = {contact.person.pk: contact.capacity for contact in contacts_of(audit)}
    if any(person.pk not in capacities for person in people):
        raise Refused("Somebody of these does not take part in the audit any more.", "people")
    if not (people or others):
        raise Refused("Say who was there.", "people")
    session = Session.objects.create(audit=audit, held_on=held_on, mode=mode, purpose=purpose, others=others,
                                     recorded_at=at, recorded_by=by)
    Presence.objects.bulk_create(
        Presence(session=session, person=person, capacity=capacities[person.pk]) for person in people)
    if purpose in JOINT and "worker" in {capacities[person.pk] for person in people}:
        _end_without(audit, by, at)
    bring_people_up_to_date(audit, by=by, at=at, outcome="met")
    record("session.recorded", target=session, subject=audit, by=by, at=at, changes={"purpose": purpose})
    return session


@transaction.atomic
def remove_session(*, session: Session, by: Staff, at: datetime) -> None:
    """It was written down by mistake; the trail keeps that it was."""
    audit = locked(session.audit)
    check_can_write(by, audit)
    if audit.sessions.filter(pk=session.pk, removed_at=None).update(removed_at=at):
        bring_people_up_to_date(audit, by=by, at=at)
        record("session.removed", target=session, subject=audit, by=by, at=at)


@transaction.atomic
def go_without_worker(*, audit: Audit, why: str, by: Staff, at: datetime, away_from: date | None = None,
                      away_until: date | None = None) -> WithoutWorker:
    """The worker cannot take part, so the audit rests on the file alone (S1-18, S2-11, B1).

    Away counts only from today, or before, until the audit is due (A50); else the auditor tries to reach them. No
    worker means that none takes part; no answer that the group manager said what came of the escalation.
    """
    audit = locked(audit)
    check_can_write(by, audit)
    worker = _worker_of(audit)
    if (worker is None) != (why == Why.NO_WORKER):
        raise Refused(f"{worker.name} is the worker of this case." if worker else
                      "No worker takes part: choose that no worker is allocated.", "why")
    if why == Why.AWAY and not (away_from and away_until and away_from <= away_until):
        raise Refused("Give the first and the last day away.", "away_from")
    _end_without(audit, by, at)
    dates = {"away_from": away_from, "away_until": away_until} if why == Why.AWAY else {}
    row = WithoutWorker.objects.create(audit=audit, why=why, worker=worker, recorded_at=at, recorded_by=by, **dates)
    contact, _ = facts_of(audit)
    if problem := why_not_without(contact, contact["without_worker"]):
        raise Refused(f"{problem}.", "away_until" if why == Why.AWAY else "why")
    record("worker.missing", target=row, subject=audit, by=by, at=at, changes={"why": why})
    return row


@transaction.atomic
def take_worker_back(*, audit: Audit, by: Staff, at: datetime) -> None:
    """The worker can take part after all."""
    audit = locked(audit)
    check_can_write(by, audit)
    _end_without(audit, by, at)


def _end_without(audit: Audit, by: Staff, at: datetime) -> None:
    row = audit.without_worker.filter(removed_at=None).first()
    if row:
        row.removed_at = at
        row.save(update_fields=["removed_at"])
        record("worker.back", target=row, subject=audit, by=by, at=at)


def _worker_of(audit: Audit) -> Staff | None:
    found = (contact.person for contact in contacts_of(audit) if contact.capacity == "worker")
    return next(found, None)
