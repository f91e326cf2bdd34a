"""P&Q check a final audit: accept it, or return it with reasons for three working days (S1-47, S1-48)."""

from datetime import datetime

from django.db import transaction

from audits.models import Audit, AuditVersion, Filing, QualityCheck, Return
from audits.permissions import check_can_check, check_can_write
from audits.quality import Checklist, as_rows, unanswered
from audits.registry import open_follow_up
from audits.workflow.filing import open_filing
from audits.workflow.life import Status, check_step, locked
from audits.workflow.sharing import check_complete, finish, share_again, was_changed
from calendars.calendar import working_days_after
from duties.workflow import close_duty, open_duty
from people.models import Staff
from people.refusals import Refused
from people.roles import Role
from trail.writing import record
from workflows import move


@transaction.atomic
def accept(*, audit: Audit, checklist: Checklist, by: Staff, at: datetime) -> Audit:
    """The audit is properly completed: each item is in order, or a note says why it is accepted without (S1-47).

    The team manager answers it now (S1-52), and it is copied to the child's record (B14).
    """
    audit = locked(audit)
    check_can_check(by, audit)
    move(audit, Status.WITH_TEAM_MANAGER)
    if missing := unanswered(checklist):
        raise Refused(f"Tick “{missing[0].title}”, or write a note that says why you accept the audit without it.")
    _keep(audit, checklist, QualityCheck.Outcome.ACCEPTED, by, at)
    audit.accepted_at, audit.accepted_by = at, by
    audit.save(update_fields=["status", "accepted_at", "accepted_by"])
    close_duty("audit.check", audit, by=by, at=at, outcome="accepted")
    record("audit.accepted", target=audit, by=by, at=at)
    open_filing(audit=audit, what=Filing.What.AUDIT, by=by, at=at)
    open_follow_up(audit, by, at)
    return audit


def _keep(audit: Audit, checklist: Checklist, outcome: str, by: Staff, at: datetime) -> None:
    """The check as it was made, of the version that was looked at."""
    version = audit.versions.order_by("-number").first()
    QualityCheck.objects.create(audit=audit, version=version, items=as_rows(checklist), outcome=outcome,
                                checked_at=at, checked_by=by)


@transaction.atomic
def return_to_auditor(*, audit: Audit, reasons: str, checklist: Checklist, by: Staff, at: datetime) -> Return:
    """Send the audit back with reasons; it is due again in three working days (S1-48)."""
    audit = locked(audit)
    check_can_check(by, audit)
    move(audit, Status.RETURNED)
    _keep(audit, checklist, QualityCheck.Outcome.RETURNED, by, at)
    audit.save(update_fields=["status"])
    due_at = working_days_after(at, audit.version.rules.timescales.return_working_days)
    sent = Return.objects.create(audit=audit, reasons=reasons, returned_at=at, returned_by=by, due_at=due_at)
    close_duty("audit.check", audit, by=by, at=at, outcome="returned")
    open_duty(
        "audit.amend",
        audit,
        owner=audit.auditor,
        role=Role.QA_LEAD,
        unit=audit.team,
        due_at=due_at,
        at=at,
        audit_number=audit.number,
    )
    record("audit.returned", target=audit, by=by, at=at, changes={"reasons": reasons})
    return sent


@transaction.atomic
def resubmit(*, audit: Audit, by: Staff, at: datetime) -> Audit:
    """Send a returned audit back: to P&Q, or first to its readers when a judgement, grade or action changed.

    The clock of the return stops here in both cases (A16).
    """
    audit = locked(audit)
    check_can_write(by, audit)
    check_step(audit, Status.RETURNED, Status.FINALISED)
    check_complete(audit, "finalise")
    audit.returns.filter(resubmitted_at=None).update(resubmitted_at=at)
    if was_changed(audit):
        share_again(audit, by=by, at=at)
    else:
        finish(audit, AuditVersion.Reason.RESUBMITTED, by=by, at=at)
    close_duty("audit.amend", audit, by=by, at=at)
    record("audit.resubmitted", target=audit, by=by, at=at)
    return audit
