"""Writing a confirmed plan of case files: a fixed number of statements, whatever its size."""

from datetime import date
from typing import Any

from django.db.models import Value
from django.db.models.functions import Greatest

from casefiles.involvements import keep_history
from casefiles.models import CaseFile
from casefiles.plans import DATES, FIELDS


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
