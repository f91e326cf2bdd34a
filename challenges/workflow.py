"""Challenges: raised with the answer to a shared audit, settled with the auditor; open ones hold the audit."""

from datetime import datetime

from django.db import transaction

from audits import workflow as audits
from audits.models import Audit, Response
from calendars.calendar import working_days_after
from challenges.models import Challenge
from challenges.permissions import check_can_challenge, check_can_settle, check_can_withdraw
from duties.notices import notify
from duties.workflow import close_duty, open_duty
from people.models import Staff
from people.roles import Role
from trail.writing import record
from workflows import move, register

Status = Challenge.Status

TRANSITIONS = {
    Status.OPEN: frozenset({Status.SETTLED, Status.WITHDRAWN}),
    Status.SETTLED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
register(Challenge, TRANSITIONS, title="challenge", unfinished=frozenset({Status.OPEN}))


@transaction.atomic
def answer(
    *,
    audit: Audit,
    verdict: str,
    by: Staff,
    at: datetime,
    text: str = "",
    remarks: dict[str, str] | None = None,
    challenges: dict[str, str] | None = None,
) -> Response:
    """Send one answer to the auditor: the verdict, remarks on points, and challenges where it challenges."""
    audit = audits.locked(audit)
    check_can_challenge(by, audit)
    if verdict == Response.Verdict.CHALLENGES:
        for point, words in (challenges or {}).items():
            raise_challenge(audit=audit, point=point, text=words, by=by, at=at)
    return audits.respond(audit=audit, verdict=verdict, text=text, remarks=remarks, by=by, at=at)


@transaction.atomic
def raise_challenge(*, audit: Audit, point: str, text: str, by: Staff, at: datetime) -> Challenge:
    """Say that a point does not reflect the work; the audit cannot become final until it is settled (S1-49)."""
    audit = audits.locked(audit)
    check_can_challenge(by, audit)
    challenge = Challenge.objects.create(audit=audit, point=point, text=text, raised_by=by, raised_at=at)
    audits.hold(
        audit=audit, key=f"challenge:{challenge.pk}", at=at, because=f"{by.name}’s challenge is not settled yet"
    )
    days = audit.version.rules.timescales.challenge_refer_working_days
    open_duty(
        "challenge.settle",
        challenge,
        owner=audit.auditor,
        role=Role.QA_LEAD,
        at=at,
        due_at=working_days_after(at, days),
        audit_number=audit.number,
    )
    record("challenge.raised", target=challenge, subject=audit, by=by, at=at)
    return challenge


@transaction.atomic
def settle(*, challenge: Challenge, outcome: str, answer: str, by: Staff, at: datetime) -> Challenge:
    """The auditor and whoever challenged agree: the audit was changed, or stays as it is."""
    challenge = _locked(challenge)
    check_can_settle(by, challenge)
    challenge.outcome, challenge.answer = outcome, answer
    _end(challenge, Status.SETTLED, by, at)
    notify(
        f"challenge:{challenge.pk}:settled",
        [challenge.raised_by],
        event="challenge.settled",
        subject=challenge.audit,
        at=at,
        title=f"{by.name} answered your challenge",
        meta=challenge.audit.number,
        url=f"/audits/{challenge.audit.number}/read/",
    )
    return challenge


@transaction.atomic
def withdraw(*, challenge: Challenge, by: Staff, at: datetime) -> Challenge:
    """Whoever raised a challenge takes it back."""
    challenge = _locked(challenge)
    check_can_withdraw(by, challenge)
    _end(challenge, Status.WITHDRAWN, by, at)
    return challenge


def _locked(challenge: Challenge) -> Challenge:
    rows = Challenge.objects.select_for_update(of=("self",)).select_related("audit__auditor", "raised_by")
    return rows.get(pk=challenge.pk)


def _end(challenge: Challenge, status: str, by: Staff, at: datetime) -> None:
    move(challenge, status)
    challenge.settled_by, challenge.settled_at = by, at
    challenge.save(update_fields=["status", "outcome", "answer", "settled_by", "settled_at"])
    audits.release(audit=challenge.audit, key=f"challenge:{challenge.pk}", at=at)
    close_duty("challenge.settle", challenge, by=by, at=at, outcome=status)
    record(f"challenge.{status}", target=challenge, subject=challenge.audit, by=by, at=at)
