"""Writing a confirmed plan of case files: a fixed number of statements, whatever its size."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest

from casefiles.models import CaseFile, Involvement
from casefiles.plans import DATES, FIELDS

Capacity = Involvement.Capacity


def write_case_files(plan: dict[str, Any], on: date) -> None:
    """New and changed case files, closings, then who works on what from this day."""
    rows = [CaseFile(reference=row["reference"], opened_on=on, closed_on=None, **_facts(row))
            for row in (*plan["new"], *plan["changed"])]
    CaseFile.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["reference"],
        update_fields=[*(name.removesuffix("_id") for name in FIELDS), "closed_on"],
    )
    missing = CaseFile.objects.open().filter(pk__in=[case["id"] for case in plan["closed"]])
    missing.update(closed_on=Greatest("opened_on", Value(on)))
    keep_history(on)


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    facts = {name: row[name] for name in FIELDS}
    return facts | {name: date.fromisoformat(facts[name]) for name in DATES if facts[name]}


def keep_history(on: date, only: Iterable[int] | None = None) -> None:
    """Open an involvement for everyone who works on, manages or reviews an open case file, end the others (S2-83).

    `only` names the case files to look at; all where it is left out.
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
