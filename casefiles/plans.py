"""What an import of case files would do, worked out against what is there. Writes nothing."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Q

from casefiles.models import CaseFile
from casefiles.names import Directory
from casefiles.reading.case_list import CHILDREN
from casefiles.reading.results import Note, Reading, Row

FIELDS = ("category", "subject_kind", "is_care_leaver", "team_id", "worker_id", "iro_id", "cp_adviser_id",
          "team_as_given", "worker_as_given", "age_band", "has_disability", "referral_on", "plan_started_on",
          "sibling_group", "is_restricted")
EMPTY: dict[str, Any] = {
    "team_id": None, "worker_id": None, "iro_id": None, "cp_adviser_id": None, "team_as_given": "",
    "worker_as_given": "", "age_band": "", "has_disability": None, "referral_on": None, "plan_started_on": None,
    "sibling_group": "", "is_restricted": False,
}
DATES = ("referral_on", "plan_started_on")
MOVES = frozenset({"team_id", "worker_id"})
PEOPLE = (("iro", "iro_id"), ("cp_adviser", "cp_adviser_id"))
NAMED = 5
MANY_CLOSED = 10


class CasePlan:
    """New, changed, moved, closed and the same; names that matched nobody."""

    def __init__(self, reading: Reading, on: date) -> None:
        self.reading = reading
        self.directory = Directory(on)
        self.new: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []
        self.same = 0
        self.unknown_teams: dict[str, list[str]] = {}
        self.unknown_people: dict[str, list[str]] = {}
        self.without_team: list[str] = []
        self.before = _known([row.reference for row in reading.rows])
        for row in reading.rows:
            self._place(row)
        self.closed = self._missing()

    def _place(self, row: Row) -> None:
        before = self.before.get(row.reference)
        after = {**(before or EMPTY), **self.resolved(row)}
        after = {name: after[name] for name in FIELDS}
        if before is None:
            self.new.append(as_json(row.reference, after))
            return
        was = {name: before[name] for name in FIELDS if before[name] != after[name]}
        if was or before["closed_on"]:
            again = before["closed_on"] is not None
            self.changed.append(as_json(row.reference, after) | {"was": _plain(was), "again": again})
        else:
            self.same += 1

    def resolved(self, row: Row) -> dict[str, Any]:
        """The facts of a row with names as keys of units and staff; what matched nobody stays as given."""
        facts = {name: value for name, value in row.facts.items() if name in FIELDS}
        team = None
        if "team" in row.facts:
            team = self._team(row)
            facts |= {"team_id": team, "team_as_given": "" if team else row.facts["team"][:120]}
        if "worker" in row.facts:
            worker = self._person(row, "worker", team)
            facts |= {"worker_id": worker, "worker_as_given": "" if worker else row.facts["worker"][:120]}
        for name, field in PEOPLE:
            if name in row.facts:
                facts[field] = self._person(row, name, None)
        return facts

    def _team(self, row: Row) -> int | None:
        given = row.facts["team"]
        team = self.directory.team(given)
        if team is None:
            self.without_team.append(row.reference)
            if given:
                self.unknown_teams.setdefault(given, []).append(row.reference)
        return team

    def _person(self, row: Row, name: str, team: int | None) -> int | None:
        given = row.facts[name]
        person = self.directory.person(given, team)
        if given and person is None:
            self.unknown_people.setdefault(given, []).append(row.reference)
        return person

    def _missing(self) -> list[dict[str, Any]]:
        """Open case files of the categories that the file covers, and that are not in it."""
        present = {row.reference for row in self.reading.rows} | self.reading.held
        return [
            {"id": case["pk"], "reference": reference, "category": case["category"], "team_id": case["team_id"]}
            for reference, case in self.before.items()
            if case["closed_on"] is None and case["category"] in self.reading.covers and reference not in present
        ]

    @property
    def open_before(self) -> int:
        """Open case files now."""
        return sum(case["closed_on"] is None for case in self.before.values())

    def counts(self) -> dict[str, Any]:
        """The figures of the preview."""
        moved = [row for row in self.changed if is_moved(row)]
        again = sum(row["again"] for row in self.changed)
        return {
            "new": len(self.new), "changed": len(self.changed) - len(moved), "moved": len(moved),
            "closed": len(self.closed), "same": self.same, "refused": len(self.reading.refused),
            "open_before": self.open_before,
            "open_after": self.open_before + len(self.new) + again - len(self.closed),
            "categories": dict(Counter(row.facts["category"] for row in self.reading.rows)),
            "sheets": [sheet.as_json() for sheet in self.reading.sheets],
            "left_out": self.reading.left_out, "unknown": self.reading.unknown,
            "without_team": len(self.without_team), "moves": self._moves(moved),
        }

    def _moves(self, moved: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = self.directory.team_names
        pairs = Counter((row["was"]["team_id"], row["team_id"]) for row in moved if "team_id" in row["was"])
        return [{"from": names.get(old, "No team"), "to": names.get(new, "No team"), "cases": count}
                for (old, new), count in pairs.most_common(NAMED)]

    def notes(self) -> list[Note]:
        """Lines worth checking: those of the reading, then names that matched nobody, then what is missing."""
        return [*self.reading.notes, *self._unmatched(), *self._closing()]

    def _unmatched(self) -> list[Note]:
        notes = []
        if self.unknown_teams:
            notes.append(Note(_named(self.unknown_teams, "team is", "teams are"),
                              "The cases come in without a team. They are not drawn until the team is known.",
                              sum(self.unknown_teams.values(), [])))
        if self.unknown_people:
            notes.append(Note(_named(self.unknown_people, "name is", "names are"),
                              "The case comes in, that person stays empty.", sum(self.unknown_people.values(), [])))
        blank = set(self.without_team).difference(*self.unknown_teams.values())
        if blank:
            notes.append(Note("The list gives no team", "The cases come in without a team. They are not drawn.",
                              sorted(blank)))
        return notes

    def _closing(self) -> list[Note]:
        notes = []
        lists = CHILDREN - {"early_help", "contact"} - self.reading.covers
        if self.reading.covers & CHILDREN and lists:
            words = ", ".join(sorted(str(CaseFile.Category(name).label) for name in lists))
            notes.append(Note(f"The file has no list of: {words}", "Cases of these categories stay as they are.", []))
        if self.open_before and len(self.closed) * 100 > self.open_before * MANY_CLOSED:
            share = len(self.closed) / self.open_before
            notes.append(Note(f"This file closes {share:.0%} of all open cases", "Check that the list is complete.",
                              [case["reference"] for case in self.closed]))
        return notes

    def as_json(self) -> dict[str, Any]:
        """What confirming will write: only what differs."""
        return {"new": self.new, "changed": self.changed, "closed": self.closed}


def is_moved(row: dict[str, Any]) -> bool:
    """Whether a changed row goes to another team or worker."""
    return bool(MOVES & row["was"].keys())


def _known(references: list[str]) -> dict[str, dict[str, Any]]:
    rows = CaseFile.objects.filter(Q(closed_on=None) | Q(reference__in=references))
    return {row["reference"]: row for row in rows.values("pk", "reference", "closed_on", *FIELDS)}


def as_json(reference: str, facts: dict[str, Any]) -> dict[str, Any]:
    """A row of the plan."""
    return {"reference": reference, **_plain(facts)}


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def _named(names: dict[str, list[str]], one: str, many: str) -> str:
    shown = ", ".join(f"“{name[:60]}”" for name in list(names)[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} {one if len(names) == 1 else many} not in People: {shown}{more}"
