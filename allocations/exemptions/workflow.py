"""Verbs on exemptions: ask, support, decide, withdraw (S1-09 to S1-11, S1-64, S2-33)."""

from datetime import datetime

from django.db import transaction

from allocations.exemption_models import Exemption
from allocations.exemptions.permissions import (
    check_can_ask,
    check_can_decide,
    check_can_support,
    check_can_withdraw,
)
from allocations.exemptions.routes import decider_for, route_of
from allocations.exemptions.states import finish
from allocations.exemptions.telling import tell_of_outcome, tell_of_request
from allocations.models import Allocation
from allocations.registry import hand_back, lock_what_follows
from allocations.workflow import end_allocation
from calendars.calendar import working_days_after
from calendars.rules import london_date
from duties.workflow import close_duty, open_duty
from people.lines import line_manager
from people.models import Staff
from people.refusals import Refused
from people.roles import Role
from trail.writing import record
from workflows import move

Status = Exemption.Status
NEEDS_TEXT = "Say in a few words why the audit cannot be done."


@transaction.atomic
def ask(*, allocation: Allocation, reason: str, explanation: str, by: Staff, at: datetime) -> Exemption:
    """Ask for an exemption, for oneself or on somebody's behalf (S1-09, B6).

    Raises Refused where the audit is complete or no longer theirs, or where a request waits already.
    """
    lock_what_follows(allocation.pk)
    allocation = Allocation.objects.select_for_update(of=("self",)).select_related(
        "round__version", "auditor__unit", "auditor__line_manager").get(pk=allocation.pk)
    check_can_ask(by, allocation)
    _check_still_to_do(allocation)
    if not explanation.strip():
        raise Refused(NEEDS_TEXT, "explanation")
    exemption = Exemption.objects.create(
        allocation=allocation, reason=reason, explanation=explanation.strip(), asked_at=at, asked_by=by,
        **_begins(allocation, by, at))
    record("exemption.asked", target=exemption, subject=allocation, by=by, at=at, changes={"reason": reason})
    _open_duty(exemption, at)
    tell_of_request(exemption, at)
    return exemption


def _check_still_to_do(allocation: Allocation) -> None:
    if not Allocation.objects.owed().filter(pk=allocation.pk).exists():
        raise Refused("This audit is complete, or not with this auditor any more: there is nothing to be exempted "
                      "from.")
    if allocation.exemptions.pending().exists():
        raise Refused("An exemption has been asked for already, and is not decided yet.")


def _begins(allocation: Allocation, by: Staff, at: datetime) -> dict:
    """With the line manager, where the programme says so and they have not spoken by asking themselves (S2-33)."""
    speaks = line_manager(allocation.auditor)
    if not allocation.round.version.rules.roles.exempt.line_manager_first or speaks is None:
        return {"status": Status.AWAITING_DECISION}
    if speaks == by:
        return {"status": Status.AWAITING_DECISION, "manager_supports": True, "manager_at": at, "manager_by": by}
    return {"status": Status.WITH_LINE_MANAGER}


def _open_duty(exemption: Exemption, at: datetime) -> None:
    """Somebody speaks or decides within the programme's days; at last P&Q see that somebody can."""
    allocation, unit = exemption.allocation, exemption.allocation.auditor.unit
    days = allocation.round.version.rules.timescales.exemption_working_days
    common = {"due_at": working_days_after(at, days), "at": at, "unit": unit}
    if exemption.status == Status.WITH_LINE_MANAGER:
        open_duty("exemption.support", exemption, owner=line_manager(allocation.auditor), role=Role.QA_LEAD, **common)
        return
    decider, route = decider_for(exemption, london_date(at)), route_of(exemption)
    role = next((role for role in route if decider and decider.hats().wears(role)), route[0])
    open_duty("exemption.decide", exemption, owner=decider, role=role, **common)


def _locked(exemption: Exemption) -> Exemption:
    lock_what_follows(exemption.allocation_id)
    rows = Exemption.objects.select_for_update(of=("self",)).select_related(
        "allocation__round__version", "allocation__auditor__unit", "allocation__auditor__line_manager", "asked_by")
    return rows.get(pk=exemption.pk)


@transaction.atomic
def support(*, exemption: Exemption, supports: bool, note: str, by: Staff, at: datetime) -> Exemption:
    """The line manager has spoken with the auditor and says what they think; then it is decided (S2-33)."""
    exemption = _locked(exemption)
    check_can_support(by, exemption)
    move(exemption, Status.AWAITING_DECISION)
    if not supports and not note.strip():
        raise Refused("Say why you do not support it.", "note")
    exemption.manager_supports, exemption.manager_note = supports, note.strip()
    exemption.manager_at, exemption.manager_by = at, by
    exemption.save(update_fields=["status", "manager_supports", "manager_note", "manager_at", "manager_by"])
    close_duty("exemption.support", exemption, by=by, at=at)
    record("exemption.supported", target=exemption, subject=exemption.allocation, by=by, at=at,
           changes={"supports": supports})
    _open_duty(exemption, at)
    return exemption


@transaction.atomic
def decide(*, exemption: Exemption, agrees: bool, note: str, by: Staff, at: datetime) -> Exemption:
    """Agree, and the audit goes back to P&Q for somebody else (S1-13); or refuse, and it stays (S1-65)."""
    exemption = _locked(exemption)
    check_can_decide(by, exemption)
    if not agrees and not note.strip():
        raise Refused("Say why it is refused: the auditor reads it.", "note")
    finish(exemption, Status.AGREED if agrees else Status.REFUSED, note.strip(), by, at)
    if agrees:
        _hand_back(exemption, by, at)
    tell_of_outcome(exemption, by, at)
    return exemption


def _hand_back(exemption: Exemption, by: Staff, at: datetime) -> None:
    because = exemption.get_reason_display()
    ended = end_allocation(allocation=exemption.allocation, status=Allocation.Status.EXEMPTED, because=because, by=by,
                           at=at)
    hand_back(allocation=ended, by=by, at=at)


@transaction.atomic
def withdraw(*, exemption: Exemption, by: Staff, at: datetime) -> Exemption:
    """Take the request back: the auditor does the audit after all."""
    exemption = _locked(exemption)
    check_can_withdraw(by, exemption)
    finish(exemption, Status.WITHDRAWN, "", by, at)
    tell_of_outcome(exemption, by, at)
    return exemption


