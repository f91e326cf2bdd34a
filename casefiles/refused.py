"""The refused rows of an import as a list of the same kind: corrected there, it is loaded again and closes nothing."""

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
Columns = tuple[str, ...]


def as_list(imported: Import) -> tuple[Columns, list[list[str]]]:
    """Headings and rows for a CSV file, with what is wrong beside what the row said."""
    if imported.kind == Import.Kind.CASE_FILES:
        return _case_rows(imported)
    facts = tuple(dict.fromkeys(name for row in imported.refused for name in row["facts"]))
    return (*facts, *TOLD), [[*(row["facts"].get(name, "") for name in facts), *_told(row)] for row in imported.refused]


def _told(row: dict) -> list[str]:
    return [row["reason"], row["todo"], row["sheet"], str(row["row"])]


def _case_rows(imported: Import) -> tuple[Columns, list[list[str]]]:
    columns = (*CASE_COLUMNS.values(), "Corrects import", *TOLD)
    return columns, [_case_row(row, imported.pk) for row in imported.refused]


def _case_row(row: dict, number: int) -> list[str]:
    facts = {SAME.get(name, name): value for name, value in row["facts"].items()} | {"reference": row["reference"]}
    return [*(facts.get(name, "") for name in CASE_COLUMNS), str(number), *_told(row)]
