"""The refused rows of an import as a list of the same kind: corrected there, it is loaded again and closes nothing."""

from collections.abc import Iterator

from casefiles.models import Import

TOLD = ("What is wrong", "What to do", "Sheet", "Row")
CASE_COLUMNS = {
    "reference": "Case reference", "category": "Category", "team": "Team", "worker": "Worker",
    "personal_adviser": "Personal adviser", "iro": "IRO", "cp_adviser": "CP adviser", "manager": "Team manager",
    "referral_on": "Referral date", "plan_started_on": "Plan start date", "age_band": "Age group",
    "disability": "Disability", "sibling_group": "Sibling group", "subject_kind": "Subject kind",
    "restricted": "Restricted",
}
SAME = {"has_disability": "disability", "is_restricted": "restricted"}


def as_list(imported: Import) -> tuple[tuple[str, ...], Iterator[list[str]]]:
    """Headings and rows for a CSV file."""
    if imported.kind == Import.Kind.CASE_FILES:
        return _case_rows(imported)
    columns = ("Sheet", "Row", "Reference", "Column", "What is wrong", "What to do")
    keys = ("sheet", "row", "reference", "column", "reason", "todo")
    return columns, ([row[key] for key in keys] for row in imported.refused)


def _case_rows(imported: Import) -> tuple[tuple[str, ...], Iterator[list[str]]]:
    columns = (*CASE_COLUMNS.values(), "Corrects import", *TOLD)
    return columns, (_case_row(row, imported.pk) for row in imported.refused)


def _case_row(row: dict, number: int) -> list[str]:
    facts = {SAME.get(name, name): value for name, value in row.get("facts", {}).items()}
    facts["reference"] = row["reference"]
    told = [row["reason"], row["todo"], row["sheet"], str(row["row"])]
    return [*(facts.get(name, "") for name in CASE_COLUMNS), str(number), *told]
