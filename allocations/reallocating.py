"""Giving an allocation to somebody else: a new one in its place, with its number (S1-13)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from allocations.due import due_when_given_late
from allocations.models import Allocation
from allocations.permissions import check_can_run_rounds
from allocations.takers import takers_of
from allocations.workflow import end_allocation
from people.models import Auditor, Staff
from people.refusals import Refused

Given = Allocation.Status


@transaction.atomic
def give_to_another(*, allocation: Allocation, auditor: Staff, by: Staff, at: datetime, because: str = "",
                    is_complete: bool = False, taking_part: Iterable[int] = ()) -> Allocation:
    """The allocation that takes the place of an exempted one, or of one whose auditor left or is away for long.

    Due by B5, unless the audit is complete and only its last steps are handed on. Raises Refused where the rules do
    not let this auditor have it.
    """
    check_can_run_rounds(by)
    allocation = Allocation.objects.select_for_update(of=("self",)).select_related(
        "round__version", "case_file").get(pk=allocation.pk)
    list(Auditor.objects.select_for_update(of=("self",)).filter(staff=auditor))  # two audits given at once
    _check_can_take(allocation, auditor, at, taking_part)
    if allocation.status != Given.EXEMPTED:
        allocation = end_allocation(allocation=allocation, status=Given.REALLOCATED, because=because, by=by, at=at)
    due_at = allocation.due_at if is_complete else due_when_given_late(allocation.round, at)
    return Allocation.objects.create(
        round=allocation.round, case_file=allocation.case_file, auditor=auditor, status=Given.ALLOCATED,
        position=allocation.position, stratum=allocation.stratum, is_second_pass=allocation.is_second_pass,
        number=allocation.number, due_at=due_at, allocated_at=at, allocated_by=by, replaces=allocation)


def _check_can_take(allocation: Allocation, auditor: Staff, at: datetime, taking_part: Iterable[int]) -> None:
    found = takers_of(allocation, at, taking_part).find(auditor.pk)
    if found is None:
        raise Refused(f"{auditor} is not in the auditor register.", "auditor")
    if found.why_not:
        raise Refused(f"{auditor} cannot take this audit over. {found.why_not}.", "auditor")
