"""An import in words for its page: tiles, the button, the first rows of each kind with names."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casefiles.models import CaseFile, Import
from people.models import Staff, Unit

SHOWN = 50
MANY, MANY_SHARE = 10, 10  # cases, and per cent of the open ones
TILES = {
    "case_files": (("new", "New", "first seen in this file"), ("changed", "Changed", "category, people or dates"),
                   ("moved", "Moved", "to another team or worker"), ("closed", "Closed", "no longer in the file"),
                   ("same", "The same", "nothing to do"), ("refused", "Refused", "rows we cannot use")),
    "past_audits": (("new", "New", "audits from before the portal"), ("same", "The same", "nothing to do"),
                    ("open_actions", "Open actions", "for team managers to confirm"),
                    ("open_rounds", "Inadequate", "cases still to be audited again"),
                    ("refused", "Refused", "rows we cannot use")),
    "people": (("new", "New", "units and people"), ("changed", "Changed", "of what is known"),
               ("same", "The same", "nothing to do"), ("refused", "Refused", "rows we cannot use")),
}
WRITTEN = ("new", "changed", "moved", "closed")
LABELS = {
    "category": "Category", "subject_kind": "Subject", "is_care_leaver": "Care leaver", "team_id": "Team",
    "worker_id": "Worker", "iro_id": "Reviewing officer", "cp_adviser_id": "Child protection adviser",
    "personal_adviser_id": "Personal adviser", "manager_id": "Team manager", "initials": "Initials",
    "birth_year": "Year of birth",
    "team_as_given": "Team as given", "worker_as_given": "Worker as given", "age_band": "Age",
    "has_disability": "Disability", "referral_on": "Referral", "plan_started_on": "Plan started",
    "sibling_group": "Sibling group", "is_restricted": "Restricted", "name": "Name", "email": "E-mail",
    "job_title": "Job", "phone": "Phone", "unit": "Unit", "line_manager": "Line manager", "roles": "Roles",
    "auditor": "Auditor", "trained_on": "Trained", "parent": "Parent", "manager": "Manager",
    "out_of_hours_phone": "Out of hours", "is_quality_service": "Quality service",
}
PEOPLE = ("worker_id", "iro_id", "cp_adviser_id", "personal_adviser_id", "manager_id")
MOVES = frozenset({"team_id", "worker_id"})


@dataclass(frozen=True)
class Part:
    """Some rows of the plan under a heading, with how many there are in all."""

    title: str
    total: int
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


def tiles(imported: Import) -> list[dict[str, Any]]:
    """The figures at the top."""
    counts = imported.counts
    return [_tile(name, counts.get(key, 0), about, is_bad=key == "refused")
            for key, name, about in TILES[imported.kind]]


def _tile(name: str, value: int, about: str, is_bad: bool) -> dict[str, Any]:
    return {"name": name, "value": value, "about": about, "bad": is_bad and value > 0}


def amounts(imported: Import) -> str:
    """ "41 new, 212 changed, 37 moved, 58 closed"; what is nothing is left out."""
    counted = [f"{imported.counts[name]:,} {name}" for name in WRITTEN if imported.counts.get(name)]
    return ", ".join(counted) or "nothing to change"


def closing_share(imported: Import) -> float:
    """How many of the open case files this closes, in per cent."""
    before = imported.counts.get("open_before", 0)
    return round(100 * imported.counts.get("closed", 0) / before, 1) if before else 0


def closes_many(imported: Import) -> bool:
    """Whether so many cases would close that a person has to say it is meant: a list may have broken off."""
    return imported.counts.get("closed", 0) >= MANY and closing_share(imported) > MANY_SHARE


def case_parts(plan: dict[str, Any]) -> list[Part]:
    """The first rows of each kind, for opening."""
    changed = [row for row in plan["changed"] if not is_moved(row)]
    moved = [row for row in plan["changed"] if is_moved(row)]
    names = Names([*plan["new"][:SHOWN], *changed[:SHOWN], *moved[:SHOWN], *plan["closed"][:SHOWN]])
    four = ("Case", "Category", "Team", "Worker")
    return _with_rows([
        Part("new", len(plan["new"]), four, [names.case(row) for row in plan["new"][:SHOWN]]),
        Part("changed", len(changed), ("Case", "What changes"), [names.change(row) for row in changed[:SHOWN]]),
        Part("moved", len(moved), ("Case", "What changes"), [names.change(row) for row in moved[:SHOWN]]),
        Part("closed", len(plan["closed"]), four[:3], [names.case(row)[:3] for row in plan["closed"][:SHOWN]]),
    ])


def is_moved(row: dict[str, Any]) -> bool:
    """Whether a changed row goes to another team or worker."""
    return bool(MOVES & row["was"].keys())


def _with_rows(parts: list[Part]) -> list[Part]:
    return [part for part in parts if part.total]


class Names:
    """Names of the units and people that some rows speak of: two queries."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        both = [*rows, *(row.get("was", {}) for row in rows)]
        self.units = _names(Unit, {row.get("team_id") for row in both})
        self.staff = _names(Staff, {row.get(field) for row in both for field in PEOPLE})

    def case(self, row: dict[str, Any]) -> tuple[str, ...]:
        """Reference, category, team, worker."""
        worker = row.get("worker_id")
        return (row["reference"], CaseFile.Category(row["category"]).label,
                self.units.get(row["team_id"], "") or row.get("team_as_given") or "Not known",
                self.staff.get(worker, "") or row.get("worker_as_given") or "Not known")

    def change(self, row: dict[str, Any]) -> tuple[str, str]:
        """Reference, and each change from old to new."""
        changes = [f"{LABELS[name]}: {self.word(name, old)} to {self.word(name, row[name])}"
                   for name, old in row["was"].items()]
        return row["reference"], "; ".join(["Open again"] * row["again"] + changes)

    def word(self, name: str, value: Any) -> str:
        """A value as people say it."""
        if name == "team_id":
            return self.units.get(value, "none")
        if name in PEOPLE:
            return self.staff.get(value, "none")
        if name == "category":
            return str(CaseFile.Category(value).label)
        return {True: "yes", False: "no", None: "none", "": "none"}.get(value, str(value))


def _names(model: Any, ids: Iterable[int | None]) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=[pk for pk in ids if pk]).values_list("pk", "name"))


def people_parts(plan: dict[str, Any]) -> list[Part]:
    """The first new and changed units and people, for opening."""
    new, changed = plan["new"], plan["changed"]
    both = [*changed["units"], *changed["people"]]
    return _with_rows([
        Part("new units", len(new["units"]), ("Unit", "Kind", "Under"),
             [(row["name"], row["kind"], row["parent"]) for row in new["units"][:SHOWN]]),
        Part("new people", len(new["people"]), ("Person", "Job", "Unit", "Roles"),
             [(row["name"], row["job_title"], row["unit"], ", ".join(row["roles"])) for row in new["people"][:SHOWN]]),
        Part("changed", len(both), ("Unit or person", "What changes"),
             [(row["name"], ", ".join(LABELS[name] for name in row["differs"])) for row in both[:SHOWN]]),
    ])
