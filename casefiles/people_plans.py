"""What an import of units and staff would do, worked out against what is there. Writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from casefiles.reading.cells import BadCell
from casefiles.reading.people import LOAD_AGAIN
from casefiles.reading.results import Note, Reading, Refusal, Row
from casefiles.shown import Part, people_parts
from people.folding import fold
from people.loading import FROM_THE_TOP
from people.models import RoleGrant, Staff, Unit

UNIT = {"name": "", "phone": "", "out_of_hours_phone": "", "is_quality_service": False, "parent": "", "manager": ""}
Taken = tuple[Row, dict[str, Any] | None, dict[str, Any]]
PERSON = {"name": "", "email": "", "job_title": "", "phone": "", "unit": "", "line_manager": ""}
# What only one may have, and what is said of a row that wants it too.
ONLY_ONE = {
    "units": (lambda row: (row["parent"], fold(row["name"])),
              ("Another unit under the same parent has this name", "name")),
    "people": (lambda row: row["email"].casefold(), ("Another person has this e-mail address", "email")),
}


class PeoplePlan:
    """Units and people that are new or changed. An empty cell changes nothing; nobody is taken away."""

    def __init__(self, reading: Reading, on: date) -> None:
        self.reading = reading
        self.refused: list[Refusal] = list(reading.refused)
        self.units = {row["reference"]: row for row in _units_now()}
        self.people = {row["reference"]: row for row in _people_now(on)}
        self.new: dict[str, list[dict[str, Any]]] = {"units": [], "people": []}
        self.changed: dict[str, list[dict[str, Any]]] = {"units": [], "people": []}
        self.same = 0
        self.strangers: dict[str, list[str]] = defaultdict(list)
        rows = reading.rows
        self.coming = {row.reference for row in rows if row.facts["kind"] == "person"} | self.people.keys()
        for kind in FROM_THE_TOP:
            self._take("units", self._unit, (row for row in rows if row.facts["kind"] == kind))
        self._take("people", self._person, (row for row in rows if row.facts["kind"] == "person"))

    def _take(self, what: str, plan: Any, rows: Iterable[Row]) -> None:
        """Each row by itself, then all of them together: two may swap what only one can have."""
        known, taken = (self.units if what == "units" else self.people), []
        for row in rows:
            try:
                taken.append((row, *plan(row)))
            except BadCell as bad:
                self._refuse(row, bad)
        taken = self._without_clashes(taken, known, *ONLY_ONE[what])
        self._sort(what, ((before, after) for _, before, after in taken))

    def _refuse(self, row: Row, bad: BadCell) -> None:
        reason, column = bad.args
        self.refused.append(Refusal(row.sheet, row.number, row.reference[:40], column, reason, LOAD_AGAIN,
                                    facts=row.facts["given"]))

    def _without_clashes(self, taken: list[Taken], known: dict[str, Any], of: Any, bad: tuple[str, str]) -> list[Taken]:
        """Refuse the rows that come to what another keeps; of several that come to it the first may have it.

        Who is refused keeps what they had, and may so stand in the way of somebody else: until nobody clashes.
        """
        coming: dict[Any, list[Taken]] = defaultdict(list)
        for each in taken:
            if each[1] is None or of(each[1]) != of(each[2]):
                coming[of(each[2])].append(each)
        moving = {each[0].reference for rows in coming.values() for each in rows}
        kept = Counter(of(row) for reference, row in known.items() if reference not in moving)
        refused, waiting = set(), list(coming)
        while waiting:
            value = waiting.pop()
            allowed = 0 if kept[value] else 1
            for row, before, _ in coming[value][allowed:]:
                refused.add(row.reference)
                self._refuse(row, BadCell(*bad))
                if before is None:
                    del known[row.reference]
                    continue
                known[row.reference] = before
                kept[of(before)] += 1
                waiting.append(of(before))
            coming[value] = coming[value][:allowed]
        return [each for each in taken if each[0].reference not in refused]

    def _sort(self, what: str, rows: Iterable[tuple[dict[str, Any] | None, dict[str, Any]]]) -> None:
        for before, after in rows:
            if before is None:
                self.new[what].append(after)
            elif differs := [name for name in after if after[name] != before.get(name)]:
                self.changed[what].append(after | {"differs": differs})
            else:
                self.same += 1

    def _unit(self, row: Row) -> tuple[dict[str, Any] | None, dict[str, Any]]:
        before = self.units.get(row.reference)
        after = _over(before, UNIT, row)
        after["manager"] = self._known_person(row, "manager", before)
        self._check_place(before, after)
        self.units[row.reference] = after
        return before, after

    def _check_place(self, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        if before and before["kind"] != after["kind"]:
            raise BadCell(f"The reference belongs to a {before['kind']}, and that cannot change", "kind")
        order = list(FROM_THE_TOP)
        parent = self.units.get(after["parent"])
        if after["kind"] == Unit.Kind.DIRECTORATE:
            if after["parent"]:
                raise BadCell("A directorate stands at the top and has no parent", "parent")
        elif parent is None:
            raise BadCell(f"The parent “{after['parent'][:60]}” is not a unit of this list or of the portal", "parent")
        elif order.index(parent["kind"]) >= order.index(after["kind"]):
            raise BadCell(f"A {after['kind']} cannot lie under a {parent['kind']}", "parent")

    def _person(self, row: Row) -> tuple[dict[str, Any] | None, dict[str, Any]]:
        before = self.people.get(row.reference)
        if before and before["gone"]:
            raise BadCell("This staff number belongs to an account that has ended", "reference")
        after = _over(before, PERSON, row)
        after["line_manager"] = self._known_person(row, "line_manager", before)
        if after["unit"] and after["unit"] not in self.units:
            raise BadCell(f"The unit “{after['unit'][:60]}” is not a unit of this list or of the portal", "unit")
        kept = before or {"roles": [], "auditor": False, "trained_on": None}
        after["roles"] = sorted({*row.facts["roles"], *kept["roles"]})
        after["auditor"] = row.facts["auditor"] or kept["auditor"]
        trained = row.facts["trained_on"]
        after["trained_on"] = trained.isoformat() if trained and after["auditor"] else kept["trained_on"]
        self.people[row.reference] = after | {"gone": False}
        return before, after

    def _known_person(self, row: Row, fact: str, before: dict[str, Any] | None) -> str:
        given = row.facts.get(fact)
        if not given:
            return before[fact] if before else ""
        gone = self.people.get(given, {}).get("gone", False)
        if given in self.coming and not gone and given != row.reference:
            return given
        self.strangers[given].append(row.reference)
        return before[fact] if before else ""

    def counts(self) -> dict[str, Any]:
        """The figures of the preview."""
        return {
            "new": sum(map(len, self.new.values())), "changed": sum(map(len, self.changed.values())), "same": self.same,
            "refused": len(self.refused), "units": len(self.new["units"]), "people": len(self.new["people"]),
            "auditors": sum(row["auditor"] for row in self.new["people"]),
            "sheets": [sheet.as_json() for sheet in self.reading.sheets], "left_out": self.reading.left_out,
            "unknown": [],
        }

    def notes(self) -> list[Note]:
        """Managers who are nowhere to be found."""
        return [Note(f"The staff number “{given[:40]}” belongs to nobody who could be the manager",
                     "The row comes in, its manager stays as it is.", rows) for given, rows in self.strangers.items()]

    def as_json(self) -> dict[str, Any]:
        """What confirming will write: only what differs."""
        return {"new": self.new, "changed": self.changed}

    def parts(self) -> list[Part]:
        """The first rows of each kind, to be looked at."""
        return people_parts(self.as_json())


def _over(before: dict[str, Any] | None, empty: dict[str, Any], row: Row) -> dict[str, Any]:
    """What is known, with what the row says on top."""
    after = {name: row.facts.get(name, (before or empty)[name]) for name in empty}
    return {"kind": row.facts["kind"], "reference": row.reference, **after}


def _units_now() -> list[dict[str, Any]]:
    rows = Unit.objects.values("kind", "reference", "name", "phone", "out_of_hours_phone", "is_quality_service",
                               "parent__reference", "manager__reference")
    return [_renamed(row, {"parent__reference": "parent", "manager__reference": "manager"}) for row in rows]


def _people_now(on: date) -> list[dict[str, Any]]:
    roles: dict[int, list[str]] = defaultdict(list)
    for person, role in RoleGrant.objects.on(on).filter(unit=None).values_list("staff_id", "role"):
        roles[person].append(role)
    rows = Staff.objects.values("pk", "reference", "name", "email", "job_title", "phone", "unit__reference",
                                "line_manager__reference", "is_active", "auditor__trained_on", "auditor__left_on",
                                "auditor__pk")
    return [_person_now(row, sorted(roles[row["pk"]]), on) for row in rows]


def _person_now(row: dict[str, Any], roles: list[str], on: date) -> dict[str, Any]:
    trained, left = row["auditor__trained_on"], row["auditor__left_on"]
    kept = {name: row[name] for name in ("reference", "name", "email", "job_title", "phone")}
    return kept | {
        "kind": "person", "unit": row["unit__reference"] or "", "line_manager": row["line_manager__reference"] or "",
        "roles": roles, "trained_on": trained and trained.isoformat(), "gone": not row["is_active"],
        "auditor": row["auditor__pk"] is not None and (left is None or left > on),
    }


def _renamed(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value or "" if name in names else value for name, value in row.items()}
