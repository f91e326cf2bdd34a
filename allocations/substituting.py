"""A case that drops out after its list went out: the next reserve that its auditor may have takes its place (B4)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction

from allocations.draw import (
    DrawError,
    Substitution,
    recorded,
    recorded_substitutions,
    substitution_row,
)
from allocations.draw import substitute as next_in_order
from allocations.due import due_when_given_late
from allocations.forbidden import Forbidden
from allocations.frame import NO_TEAM, RESTRICTED, recent_allocations
from allocations.models import Allocation, Draw, Round
from allocations.permissions import check_can_run_rounds
from allocations.registry import open_published
from allocations.workflow import end_allocation, inputs_of, take_numbers
from casefiles.models import CaseFile
from people.models import Auditor as Registered
from people.models import Staff
from people.refusals import Refused
from trail.writing import record
from workflows import move

Status = Allocation.Status
CLOSED, ELSEWHERE = "Closed", "Audited since, or on another list"
CONNECTED, GONE = "The auditor is connected with it now", "Not in the portal any more"


class Why(models.TextChoices):
    """What a case is substituted for."""

    CONNECTION = "connection", "The auditor has a connection with the child or family"
    CLOSED = "closed", "The case is closed"
    RESTRICTED = "restricted", "The case is restricted"
    OTHER = "other", "Another reason"


@dataclass(frozen=True)
class Offer:
    """What would come in the place of a case: a reserve or nothing, those before it with reasons, its siblings."""

    case_file: CaseFile | None
    stepped_over: tuple[tuple[str, str], ...]
    siblings: tuple[str, ...]


def next_reserve(allocation: Allocation, *, by: Staff, at: datetime) -> Offer:
    """The reserve that a substitution would take now. Writes nothing."""
    check_can_run_rounds(by)
    change = _change(_drawn_list(allocation.round), allocation, "", by, at)
    return Offer(_file(change.taken) if change.taken else None, change.unavailable, change.siblings)


@transaction.atomic
def substitute(*, allocation: Allocation, reason: str, by: Staff, at: datetime,
               expects: str | None = None) -> Allocation | None:
    """End an allocation and give its auditor the next reserve, at once and under a new number; None where none is left.

    Called by the verb that ends the audit. The row on the certificate is written under the round's lock; where
    somebody else took the reserve that was shown (`expects`) meanwhile, nothing is done. Raises Refused.
    """
    check_can_run_rounds(by)
    round = Round.objects.select_for_update(of=("self",)).select_related("version__programme").get(
        pk=allocation.round_id)
    frozen = _drawn_list(round)
    change = _change(frozen, allocation, reason, by, at)
    if expects is not None and expects != (change.taken or ""):
        raise Refused("Another reserve comes next now. Look at it, then confirm again.")
    ended = end_allocation(allocation=allocation, status=Status.SUBSTITUTED, because=reason, by=by, at=at)
    frozen.certificate["substitutions"].append(substitution_row(change))
    frozen.save(update_fields=["certificate"])
    record("round.substituted", target=round, by=by, at=at,
           changes={"draw": frozen.number, "out": change.out, "taken": change.taken, "reason": reason})
    return _give(_file(change.taken), ended, change, by, at) if change.taken else None


def _give(file: CaseFile, ended: Allocation, change: Substitution, by: Staff, at: datetime) -> Allocation:
    round = ended.round
    given = Allocation(
        round=round, case_file=file, auditor=ended.auditor, position=ended.position, stratum=change.stratum,
        is_second_pass=bool(change.siblings), replaces=ended, due_at=due_when_given_late(round, at),
        number=take_numbers(round.month, 1)[0], allocated_at=at, allocated_by=by,
    )
    move(given, Status.ALLOCATED)
    given.save(force_insert=True)
    open_published(allocation=given, by=by, at=at)
    return given


def _file(reference: str) -> CaseFile:
    return CaseFile.objects.with_people().get(reference=reference)


def _drawn_list(round: Round) -> Draw:
    """The draw that made the list. Raises Refused for a month from before the portal."""
    drawn = round.draws.filter(drawn_at__isnull=False).order_by("number").last()
    if drawn is None:
        raise Refused("This list was not drawn in the portal, so there is no reserve to take.")
    return drawn


def _change(drawn: Draw, allocation: Allocation, reason: str, by: Staff, at: datetime) -> Substitution:
    """What the draw's own rule says, from the frozen frame and the recorded list. Raises Refused."""
    inputs, result = inputs_of(drawn), recorded(drawn.certificate)
    out, auditor = allocation.case_file.reference, allocation.auditor
    if not auditor.is_active:
        raise Refused(f"{auditor} has left. Give this audit to another auditor first.")
    unavailable = _unavailable(drawn, allocation)
    try:
        return next_in_order(inputs, result, out=out, auditor=auditor.reference, reason=reason, by=by.reference, at=at,
                             unavailable=unavailable, earlier=recorded_substitutions(drawn.certificate))
    except DrawError as error:
        raise Refused(str(error)) from None


def _unavailable(drawn: Draw, allocation: Allocation) -> dict[str, str]:
    """The reserves of the stratum that cannot be used now, with reasons. A fixed number of queries."""
    reserves = drawn.certificate["reserves"].get(allocation.stratum, [])
    files = {file.reference: file for file in CaseFile.objects.filter(reference__in=reserves)}
    elsewhere = set(recent_allocations(allocation.round).values_list("case_file_id", flat=True))
    connected = _connection_of(drawn, allocation)
    found = {}
    for reference in reserves:
        file = files.get(reference)
        why = GONE if file is None else _why_not(file, elsewhere) or (CONNECTED if connected(file) else "")
        if why:
            found[reference] = why
    return found


def _why_not(file: CaseFile, elsewhere: set[int]) -> str:
    if not file.is_open:
        return CLOSED
    if file.is_restricted:
        return RESTRICTED
    if file.team_id is None:
        return NO_TEAM
    return ELSEWHERE if file.pk in elsewhere else ""


def _connection_of(drawn: Draw, allocation: Allocation):
    """Asks of a case file whether its auditor may not have it as things stand, overrides before the draw kept."""
    auditor, rules = allocation.auditor, allocation.round.version.rules.sampling
    forbidden = Forbidden(Registered.objects.filter(staff=auditor).select_related("staff"), rules.same_team_forbidden)
    allowed = {row["case"] for row in drawn.overrides if row["auditor"] == auditor.reference}

    def connected(file: CaseFile) -> bool:
        barred = forbidden.personally(file) if file.reference in allowed else forbidden.for_case(file)
        return auditor.reference in barred

    return connected
