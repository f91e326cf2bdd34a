"""What happened to a request, in sentences, oldest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allocations.exemption_models import Exemption
from allocations.models import Allocation


@dataclass(frozen=True)
class Step:
    """One step: when, who and what, and what they wrote."""

    at: datetime
    text: str
    note: str = ""


def history_of(exemption: Exemption) -> Iterator[Step]:
    """Allocated, asked, spoken on, decided, given to another."""
    allocation = exemption.allocation
    yield Step(allocation.allocated_at, f"The audit was given to {allocation.auditor}")
    behalf = "" if exemption.asked_by_id == allocation.auditor_id else f", for {allocation.auditor}"
    yield Step(exemption.asked_at, f"{exemption.asked_by} asked for an exemption{behalf}", exemption.explanation)
    if exemption.manager_at:
        word = "supports" if exemption.manager_supports else "does not support"
        yield Step(exemption.manager_at, f"{exemption.manager_by}, as line manager, {word} it", exemption.manager_note)
    if exemption.decided_at:
        yield Step(exemption.decided_at, _outcome(exemption), exemption.decision_note)
    if after := next_of(allocation):
        yield Step(after.allocated_at, f"The audit was given to {after.auditor}")


def _outcome(exemption: Exemption) -> str:
    return {
        Exemption.Status.AGREED: f"{exemption.decided_by} agreed",
        Exemption.Status.REFUSED: f"{exemption.decided_by} refused it",
    }.get(exemption.status, f"{exemption.decided_by} withdrew it, or it was not needed any more")


def next_of(allocation: Allocation) -> Allocation | None:
    """What took the allocation's place."""
    return Allocation.objects.filter(replaces=allocation).select_related("auditor").first()
