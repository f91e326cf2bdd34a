"""Writing a confirmed plan of case files, in pieces of one transaction, and the history that follows from it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Greatest

from calendars.rules import london_date
from casefiles.corrections import note_said, settle
from casefiles.involvements import keep_history
from casefiles.models import CaseFile
from casefiles.plans import FIELDS, WHO, CasePlan
from casefiles.registry import availability_changed, people_changed
from jobs.progress import tell
from people.models import Staff

DATES = ("referral_on", "plan_started_on")
PIECE = 2_000
Rows = Sequence[dict[str, Any]]


def write_case_files(plan: CasePlan, by: Staff, at: datetime) -> None:
    """New and changed case files, closings, corrections that came true; then who works on what from this day."""
    on = london_date(at)
    rows = [*plan.new, *plan.changed]
    for start in range(0, len(rows), PIECE):
        tell(start, len(rows), f"Writing {start:,} of {len(rows):,} case files")
        _write(rows[start:start + PIECE], on)
    missing = CaseFile.objects.open().filter(pk__in=[case["id"] for case in plan.closed])
    missing.update(closed_on=Greatest("opened_on", Value(on)))
    settle(plan.agreed, at)
    note_said(plan.said)
    tell(len(rows), len(rows), "Writing who works on which case file")
    keep_history(on)
    people_changed(changed_people(plan), by=by, at=at)
    availability_changed(closed_or_restricted(plan), by=by, at=at)


def _write(rows: Rows, on: date) -> None:
    CaseFile.objects.bulk_create(
        [CaseFile(reference=row["reference"], opened_on=on, closed_on=None, **_facts(row)) for row in rows],
        update_conflicts=True, unique_fields=["reference"],
        update_fields=[*(name.removesuffix("_id") for name in FIELDS), "closed_on"],
    )


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    facts = {name: row[name] for name in FIELDS}
    return facts | {name: date.fromisoformat(facts[name]) for name in DATES if facts[name]}


def closed_or_restricted(plan: CasePlan) -> list[int]:
    """The case files that were closed or restricted by this plan, or are open again."""
    changed = [row["id"] for row in plan.changed if row["again"] or "is_restricted" in row["was"]]
    return [*(case["id"] for case in plan.closed), *changed]


def changed_people(plan: CasePlan) -> list[int]:
    """The case files on which somebody else works, or which another team has, after this plan."""
    return [row["id"] for row in plan.changed if WHO & row["was"].keys()]
