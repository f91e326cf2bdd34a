"""Calling an audit off: exceptional, and only by whom the programme authorises (S1-66)."""

from datetime import datetime

from django.db import transaction

from allocations.exemptions.states import drop_request
from allocations.models import Allocation
from allocations.workflow import end_allocation
from audits.models import Audit
from audits.permissions import check_can_cancel
from audits.registry import follow_withdrawal
from audits.workflow.appointments import drop_appointments
from audits.workflow.contacting import withdraw_escalations
from audits.workflow.life import Status, locked
from audits.workflow.no_notice import keep_secret, readers_of
from calendars.rules import london_date
from duties.notices import notify
from duties.workflow import close_all
from people.lines import pq_lead
from people.models import Staff
from trail.writing import record
from workflows import move


@transaction.atomic
def cancel(*, audit: Audit, reason: str, by: Staff, at: datetime) -> Audit:
    """The audit will not be done; its auditor, the people of the case and P&Q hear of it."""
    audit = locked(audit)
    check_can_cancel(by, audit)
    move(audit, Status.CANCELLED)
    audit.awaits_auditor_since = None
    audit.save(update_fields=["status", "awaits_auditor_since"])
    drop_request(audit.allocation, "The audit was cancelled.", by, at)
    if audit.allocation.status == Allocation.Status.ALLOCATED:
        end_allocation(allocation=audit.allocation, status=Allocation.Status.CANCELLED, because=reason, by=by, at=at)
    keep_secret(audit, at)
    close_all(audit, by=by, at=at, outcome=Status.CANCELLED)
    withdraw_escalations(audit, by=by, at=at)
    drop_appointments(audit, "This case is not audited any more.", by=by, at=at)
    follow_withdrawal(audit, by, at)
    _tell(audit, at)
    record("audit.cancelled", target=audit, by=by, at=at, changes={"reason": reason})
    return audit


def _tell(audit: Audit, at: datetime) -> None:
    """The people of the case only where they knew of it."""
    people = [audit.auditor, pq_lead(london_date(at)), *(readers_of(audit) if audit.told_at else [])]
    notify(f"audit:{audit.pk}:cancelled", people, event="audit.cancelled", subject=audit, at=at, meta=audit.number,
           url=f"/audits/{audit.number}/", title=f"The audit {audit.number} was cancelled")
