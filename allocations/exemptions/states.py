"""The states of a request and its ends: decided, or needless as the audit is complete or not this auditor's."""

from datetime import datetime

from allocations.exemption_models import Exemption
from allocations.models import Allocation
from duties.workflow import close_all
from people.models import Staff
from trail.writing import record
from workflows import move, register

Status = Exemption.Status
TRANSITIONS = {
    Status.WITH_LINE_MANAGER: frozenset({Status.AWAITING_DECISION, Status.WITHDRAWN}),
    Status.AWAITING_DECISION: frozenset({Status.AGREED, Status.REFUSED, Status.WITHDRAWN}),
    Status.AGREED: frozenset(),
    Status.REFUSED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
register(Exemption, TRANSITIONS, title="exemption",
         unfinished=frozenset({Status.WITH_LINE_MANAGER, Status.AWAITING_DECISION}))


def drop_request(allocation: Allocation, because: str, by: Staff, at: datetime) -> None:
    """Withdraw what is still waiting, with the reason in words."""
    for exemption in Exemption.objects.pending().filter(allocation=allocation).select_for_update():
        finish(exemption, Status.WITHDRAWN, because, by, at)


def finish(exemption: Exemption, status: str, note: str, by: Staff, at: datetime) -> None:
    """Agreed, refused or withdrawn: who, when, why; its duties are over."""
    move(exemption, status)
    exemption.decided_at, exemption.decided_by, exemption.decision_note = at, by, note
    exemption.save(update_fields=["status", "decided_at", "decided_by", "decision_note"])
    close_all(exemption, by=by, at=at, outcome=status)
    record(f"exemption.{status}", target=exemption, subject=exemption.allocation, by=by, at=at)
