"""Months from before the portal: closed rounds that were never drawn here, with their allocations (B13)."""

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Max

from allocations.models import Allocation, Round
from allocations.permissions import check_can_run_rounds
from allocations.workflow import take_numbers
from calendars.rules import at_london, first_working_day, month_end_due
from casefiles.models import CaseFile
from people.lines import system_actor
from people.models import Staff
from programmes.models import ProgrammeVersion
from trail.writing import record

Status = Round.Status


class HeldHere(Exception):
    """A month that the portal drew itself takes no past audits."""


@transaction.atomic
def take_over(*, version: ProgrammeVersion, month: date, given: list[tuple[CaseFile, Staff]], by: Staff,
              at: datetime) -> list[Allocation]:
    """Allocations of a month before the portal: they count like any other (sampling, A2), and ask nobody for anything.

    Raises HeldHere for a month that the portal drew itself.
    """
    check_can_run_rounds(by)
    round = _round_before_the_portal(version, month, by, at)
    last = round.allocations.aggregate(last=Max("position"))["last"] or 0
    return Allocation.objects.bulk_create(
        Allocation(round=round, case_file=file, auditor=auditor, status=Allocation.Status.ALLOCATED, position=position,
                   stratum=file.category, number=number, due_at=round.due_at, allocated_at=round.published_at,
                   allocated_by=by)
        for position, ((file, auditor), number)
        in enumerate(zip(given, take_numbers(month, len(given)), strict=True), start=last + 1)
    )


def _round_before_the_portal(version: ProgrammeVersion, month: date, by: Staff, at: datetime) -> Round:
    """The closed round of a month, which was never drawn here. Nobody knows when its list went out: the first day
    of the month stands there, and no report counts it.
    """
    due_at, system = month_end_due(month.year, month.month), system_actor()
    facts = {"status": Status.CLOSED, "due_at": due_at, "planned_at": at, "planned_by": by, "closed_at": due_at,
             "publish_by": first_working_day(month.year, month.month), "published_at": at_london(month, time()),
             "published_by": system, "closed_by": system}
    round, is_new = Round.objects.get_or_create(version=version, month=month, is_no_notice=False, defaults=facts)
    if round.status != Status.CLOSED or round.draws.exists():
        raise HeldHere(f"The portal drew the list of {round} itself.")
    if is_new:
        record("round.taken_over", target=round, by=by, at=at)
    return round
