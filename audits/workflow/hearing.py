"""Hearing the family: whether it is right, a parent's consent, attempts, and what somebody said (S1-25, S2-08 ff.)."""

from datetime import date, datetime

from django.db import transaction

from audits.family import FIRST, hindrances, set_of
from audits.models import Audit, FamilyAttempt, FamilyDecision, FamilyView, ParentalConsent
from audits.permissions import check_can_write
from audits.workflow.contacting import first_day
from audits.workflow.life import locked
from calendars.rules import london_date
from people.models import Staff
from people.refusals import Refused
from trail.writing import record

Outcome = FamilyDecision.Outcome
WITHOUT_CHILD = (Outcome.NOT_CHILD, Outcome.NOBODY)


def _opened(audit: Audit, on: date, by: Staff, at: datetime, field: str) -> Audit:
    """The audit, locked, if its auditor may write in it and the day is one on which they had it."""
    audit = locked(audit)
    check_can_write(by, audit)
    if not first_day(audit) <= on <= london_date(at):
        raise Refused("Give a day from when you were given this audit until today.", field)
    return audit


def _check_decided(audit: Audit) -> None:
    if not audit.family_decisions.exists():
        raise Refused(FIRST)


@transaction.atomic
def decide_family(*, audit: Audit, decided_on: date, decided_with: str, understanding: str, outcome: str, by: Staff,
                  at: datetime, reasons: str = "", against_interest: str = "") -> FamilyDecision:
    """Auditor and worker weigh whether a call is right, by age and understanding (S2-08).

    Where the worker thinks it is not in the child's interest, that is recorded and the child is not called (S2-12).
    """
    audit = _opened(audit, decided_on, by, at, "decided_on")
    if outcome != Outcome.ALL and not reasons:
        raise Refused("Say why not everybody.", "reasons")
    if against_interest and outcome not in WITHOUT_CHILD:
        raise Refused("The worker thinks that it is not in the child’s interest: choose an answer without the child.",
                      "outcome")
    row = FamilyDecision.objects.create(
        audit=audit, decided_on=decided_on, decided_with=decided_with, understanding=understanding, outcome=outcome,
        reasons=reasons, against_interest=against_interest, recorded_at=at, recorded_by=by)
    record("family.decided", target=row, subject=audit, by=by, at=at, changes={"outcome": outcome})
    return row


@transaction.atomic
def record_parental_consent(*, audit: Audit, parent: str, is_given: bool, said_on: date, by: Staff,
                            at: datetime) -> ParentalConsent:
    """A parent agrees that the child is spoken to, or does not (S2-09)."""
    audit = _opened(audit, said_on, by, at, "said_on")
    _check_decided(audit)
    row = ParentalConsent.objects.create(audit=audit, parent=parent, is_given=is_given, said_on=said_on,
                                         recorded_at=at, recorded_by=by)
    record("family.consent", target=row, subject=audit, by=by, at=at, changes={"is_given": is_given})
    return row


@transaction.atomic
def record_family_attempt(*, audit: Audit, who: str, made_on: date, method: str, outcome: str, by: Staff,
                          at: datetime) -> FamilyAttempt:
    """Somebody was not reached, or did not want to (S2-36)."""
    audit = _opened(audit, made_on, by, at, "made_on")
    _check_may_speak(audit, who)
    row = FamilyAttempt.objects.create(audit=audit, who=who, made_on=made_on, method=method, outcome=outcome,
                                       recorded_at=at, recorded_by=by)
    record("family.attempted", target=row, subject=audit, by=by, at=at, changes={"outcome": outcome})
    return row


def _check_may_speak(audit: Audit, who: str) -> None:
    if problem := hindrances(audit)[who]:
        raise Refused(problem, "who")


@transaction.atomic
def hear(*, audit: Audit, who: str, question_set: str, method: str, spoken_on: date, consent_at: datetime,
         told_of_sharing: bool, by: Staff, at: datetime) -> FamilyView:
    """Somebody agreed, at the start, to say what they think; what they say is written as answers of the audit.

    Nothing is recorded without their consent, nor before they know that it goes on file and is shared (S2-15, S2-16).
    """
    audit = _opened(audit, spoken_on, by, at, "spoken_on")
    _check_may_speak(audit, who)
    if set_of(audit.version, question_set) is None:
        raise Refused("Choose a set of questions.", "question_set")
    if not told_of_sharing:
        raise Refused("Tell them first that it goes on file, and that worker and manager read it.", "told_of_sharing")
    if london_date(consent_at) > spoken_on or consent_at > at:
        raise Refused("They agree before they say anything: give a time up to now.", "consent_at")
    row = FamilyView.objects.create(
        audit=audit, who=who, question_set=question_set, method=method, spoken_on=spoken_on, consent_at=consent_at,
        told_of_sharing=True, recorded_at=at, recorded_by=by)
    record("family.heard", target=row, subject=audit, by=by, at=at, changes={"who": who})
    return row


@transaction.atomic
def pass_on(*, view: FamilyView, on: date, by: Staff, at: datetime) -> FamilyView:
    """Worker and manager were told what somebody in the family said (S2-14)."""
    audit = _opened(view.audit, on, by, at, "on")
    if on < view.spoken_on:
        raise Refused("Give a day on or after the conversation.", "on")
    view.passed_on = on
    view.save(update_fields=["passed_on"])
    record("family.passed_on", target=view, subject=audit, by=by, at=at)
    return view


@transaction.atomic
def remove_view(*, view: FamilyView, by: Staff, at: datetime) -> None:
    """It was recorded by mistake, or somebody takes their words back; the answers stay findable in the history."""
    audit = locked(view.audit)
    check_can_write(by, audit)
    if audit.family_heard.filter(pk=view.pk, removed_at=None).update(removed_at=at):
        record("family.removed", target=view, subject=audit, by=by, at=at)
