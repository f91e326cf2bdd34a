"""Who works or worked on a case file, from when to when: kept up by every change, and by hand (S2-05, S2-83)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Greatest

from calendars.rules import london_date
from calendars.words import long_date
from casefiles.models import CaseFile, Involvement
from casefiles.permissions import check_can_keep_history
from casefiles.registry import people_changed
from people.models import Staff
from trail.writing import record

Capacity = Involvement.Capacity
EARLIEST = date(1990, 1, 1)


class NotPossible(Exception):
    """A line of the history that cannot be; `str()` says why and what to do, `field` where."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


def keep_history(on: date, only: Iterable[int] | None = None) -> None:
    """Open an involvement for everyone who works on, manages or reviews an open case file, end the others (S2-83).

    What was written by hand is never ended here. `only` names the case files to look at; all where it is left out.
    """
    files, lines = CaseFile.objects.open(), Involvement.objects.filter(until_on=None)
    if only is not None:
        ids = list(only)
        files, lines = files.filter(pk__in=ids), lines.filter(case_file__in=ids)
    wanted = _working_now(files)
    running = {(case, staff, capacity): pk for pk, case, staff, capacity in
               lines.values_list("pk", "case_file_id", "staff_id", "capacity")}
    by_hand = set(lines.filter(is_by_hand=True).values_list("pk", flat=True))
    over = [pk for involved, pk in running.items() if involved not in wanted and pk not in by_hand]
    Involvement.objects.filter(pk__in=over).update(until_on=Greatest("from_on", Value(on)))
    Involvement.objects.bulk_create(
        Involvement(case_file_id=case, staff_id=staff, capacity=capacity, from_on=on)
        for case, staff, capacity in wanted if (case, staff, capacity) not in running
    )


def _working_now(files) -> dict[tuple[int, int, str], None]:
    """Everyone on these case files now, in a steady order."""
    rows = files.order_by("pk").values_list(
        "pk", "worker_id", "iro_id", "cp_adviser_id", "personal_adviser_id",
        Coalesce("manager_id", "team__manager_id"))
    capacities = (Capacity.WORKER, Capacity.IRO, Capacity.CP_ADVISER, Capacity.PERSONAL_ADVISER, Capacity.TEAM_MANAGER)
    return {(pk, staff, str(capacity)): None for pk, *people in rows
            for staff, capacity in zip(people, capacities, strict=True) if staff}


def locked(case_file: CaseFile) -> CaseFile:
    """The case file's row, locked until the transaction ends."""
    return CaseFile.objects.select_for_update(of=("self",)).select_related("team").get(pk=case_file.pk)


@transaction.atomic
def add_involvement(
    *, case_file: CaseFile, staff: Staff, capacity: str, from_on: date, until_on: date | None, by: Staff, at: datetime
) -> Involvement:
    """Write by hand who worked on a case file that no list told of. An import never ends such a line."""
    check_can_keep_history(by)
    case_file = locked(case_file)
    row = Involvement(case_file=case_file, staff=staff, capacity=capacity, from_on=from_on, until_on=until_on,
                      is_by_hand=True)
    _check_days(row, london_date(at))
    row.save()
    _written("casefile.history_added", row, by, at)
    return row


@transaction.atomic
def change_involvement(
    *, involvement: Involvement, from_on: date, until_on: date | None, by: Staff, at: datetime
) -> Involvement:
    """Change from when to when. A line from the list begins and ends with the list: only its known days move."""
    check_can_keep_history(by)
    locked(involvement.case_file)
    row = Involvement.objects.select_for_update(of=("self",)).select_related("case_file", "staff").get(
        pk=involvement.pk)
    was = _days(row)
    if not row.is_by_hand and (row.until_on is None) != (until_on is None):
        raise NotPossible("until_on", _FROM_THE_LIST[row.until_on is None])
    row.from_on, row.until_on = from_on, until_on
    _check_days(row, london_date(at))
    row.save(update_fields=["from_on", "until_on"])
    _written("casefile.history_changed", row, by, at, was=was)
    return row


_FROM_THE_LIST = {
    True: "The list says that this still runs. Correct who works on the case instead: that ends it.",
    False: "The list says that this is over. Give its last day.",
}


@transaction.atomic
def remove_involvement(*, involvement: Involvement, by: Staff, at: datetime) -> None:
    """Take out a line that was written by hand by mistake; the trail keeps it. A line from the list stays."""
    check_can_keep_history(by)
    locked(involvement.case_file)
    row = Involvement.objects.select_for_update(of=("self",)).select_related("case_file", "staff").filter(
        pk=involvement.pk).first()
    if row is None:
        return
    if not row.is_by_hand:
        raise NotPossible("", "This line comes from the list, so it stays. You can change its days.")
    Involvement.objects.filter(pk=row.pk).delete()
    _written("casefile.history_removed", row, by, at)


def _check_days(row: Involvement, today: date) -> None:
    """Days that can be, and no second line of the same person and capacity for the same time."""
    if not EARLIEST <= row.from_on <= today:
        raise NotPossible("from_on", "The first day must be between 1 January 1990 and today.")
    if row.until_on and not row.from_on <= row.until_on <= today:
        raise NotPossible("until_on", "The last day must be between the first day and today.")
    same = Involvement.objects.filter(case_file=row.case_file, staff=row.staff, capacity=row.capacity)
    same = same.exclude(pk=row.pk).filter(Q(until_on=None) | Q(until_on__gt=row.from_on))
    if row.until_on:
        same = same.filter(from_on__lt=row.until_on)
    if other := same.order_by("from_on").first():
        until = f"until {long_date(other.until_on)}" if other.until_on else "until now"
        raise NotPossible("from_on", f"{row.staff.name} stands in the history as {row.get_capacity_display().lower()} "
                                     f"from {long_date(other.from_on)} {until} already. Change that line instead.")


def _days(row: Involvement) -> dict[str, Any]:
    return {"from_on": row.from_on.isoformat(), "until_on": row.until_on.isoformat() if row.until_on else ""}


def _written(verb: str, row: Involvement, by: Staff, at: datetime, **more: Any) -> None:
    """On the trail in full; and told to whoever follows, as the manager of a closed case may be another now."""
    changes = {"person": row.staff.name, "capacity": row.capacity, **_days(row), **more}
    record(verb, target=row.case_file, by=by, at=at, changes=changes)
    people_changed([row.case_file_id], by=by, at=at)
