"""What an import of case files would do, worked out against what is there. Writes nothing."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Q

from casefiles.corrections import FIELDS as CORRECTED
from casefiles.corrections import apply, open_corrections
from casefiles.models import CaseFile, Correction, KnownWord
from casefiles.names import Directory
from casefiles.reading.case_list import kind_of
from casefiles.reading.cells import BadCell
from casefiles.reading.results import IN_THE_SYSTEM, Note, Reading, Refusal, Row
from casefiles.shown import Part, case_parts, is_moved
from casefiles.worth_checking import TEAMLESS, notes_of

PEOPLE = {"iro": "iro_id", "cp_adviser": "cp_adviser_id", "personal_adviser": "personal_adviser_id"}
FIELDS = ("category", "subject_kind", "is_care_leaver", "team_id", "worker_id", "iro_id", "cp_adviser_id",
          "personal_adviser_id", "manager_id", "team_as_given", "worker_as_given", "age_band", "has_disability",
          "referral_on", "plan_started_on", "sibling_group", "is_restricted", "initials", "birth_year")
EMPTY: dict[str, Any] = {
    "team_id": None, "worker_id": None, "iro_id": None, "cp_adviser_id": None, "personal_adviser_id": None,
    "manager_id": None, "team_as_given": "", "worker_as_given": "", "age_band": "", "has_disability": None,
    "referral_on": None, "plan_started_on": None, "sibling_group": "", "is_restricted": False,
    "is_care_leaver": False, "initials": "", "birth_year": None,
}
WHO = frozenset({"team_id", "worker_id", "iro_id", "cp_adviser_id", "personal_adviser_id", "manager_id"})
NAMED = 5
Facts = dict[str, Any]
Words = dict[str, list[str]]


class _LeftOut(Exception):
    """A row of a category that is not audited here: somebody said so once."""


class CasePlan:
    """New, changed, moved, closed and the same; words that matched nothing; corrections that come true."""

    def __init__(self, reading: Reading, on: date) -> None:
        self.reading, self.on = reading, on
        self.directory = Directory(on)
        self.new: list[Facts] = []
        self.changed: list[Facts] = []
        self.same = 0
        self.as_said: list[str] = []
        self.refused: list[Refusal] = list(reading.refused)
        self.unknown: dict[str, Words] = {KnownWord.Kind.TEAM: {}, KnownWord.Kind.PERSON: {},
                                          KnownWord.Kind.CATEGORY: {}}
        self.without_team: dict[str, list[str]] = {}
        self.agreed: list[Correction] = []
        self.disagreed: list[str] = []
        self.said: dict[int, int | None] = {}
        self.before = _known([row.reference for row in reading.rows])
        self.corrections = open_corrections(case["pk"] for case in self.before.values())
        for row in reading.rows:
            self._take(row)
        self.closed = self._missing()

    def _take(self, row: Row) -> None:
        try:
            self._place(row)
        except _LeftOut:
            self.as_said.append(row.reference)
        except BadCell as bad:
            column = self.reading.names.get(bad.args[1], "") if len(bad.args) > 1 else ""
            self.refused.append(Refusal(row.sheet, row.number, row.reference, column, bad.args[0], _todo(bad),
                                        facts=_as_text(row.facts)))

    def _place(self, row: Row) -> None:
        before = self.before.get(row.reference)
        facts = self._resolved(row, before)
        if before:
            facts = self._with_corrections(row, before, facts)
        after = {name: {**(before or EMPTY), **facts}[name] for name in FIELDS}
        if before is None:
            self.new.append(as_json(row.reference, after))
            return
        was = {name: before[name] for name in FIELDS if before[name] != after[name]}
        again = before["closed_on"] is not None
        if was or again:
            self.changed.append(as_json(row.reference, after) | {"id": before["pk"], "was": _plain(was),
                                                                 "again": again})
        else:
            self.same += 1

    def _with_corrections(self, row: Row, before: Facts, facts: Facts) -> Facts:
        """What was corrected here stands until the list agrees (B12)."""
        ours, agreed, disagreed = apply(self.corrections.get(before["pk"], {}), facts)
        self.agreed += agreed
        self.disagreed += [row.reference] * bool(disagreed)
        self.said |= {correction.pk: facts[CORRECTED[correction.fact]] for correction in disagreed}
        return ours

    def _resolved(self, row: Row, before: Facts | None) -> Facts:
        """The facts of a row with names as keys of units and staff; what matched nobody stays as given."""
        self._check_known(before)
        given = row.facts
        facts = {name: value for name, value in given.items() if name in FIELDS} | self._category(row)
        category = facts.get("category") or (before["category"] if before else "")
        team = before["team_id"] if before else None
        if "team" in given or (before is None and category in TEAMLESS):
            team = self._team(row, category)
            facts |= {"team_id": team, "team_as_given": "" if team else given.get("team", "")[:120]}
        if "worker" in given:
            worker = self._person(row, "worker", team)
            facts |= {"worker_id": worker, "worker_as_given": "" if worker else given["worker"][:120]}
        facts |= {field: self._person(row, name, None) for name, field in PEOPLE.items() if name in given}
        if given.get("manager"):
            manager = self._person(row, "manager", team)
            facts["manager_id"] = None if team and manager == self.directory.manager_of[team] else manager
        return facts

    def _check_known(self, before: Facts | None) -> None:
        if self.reading.only_known and before is None:
            raise BadCell("This case is not in the portal. Load the list of cases first", "reference")
        if self.reading.only_known and before and before["closed_on"]:
            raise BadCell("This case is closed", "reference")

    def _category(self, row: Row) -> Facts:
        """The category in our words; one that nobody explained refuses the row, and is asked for."""
        if "category" not in row.facts:
            return {}
        category = row.facts["category"]
        if not category:
            words = row.facts["category_as_given"]
            category = self.directory.category(words)
            if not category and self.directory.is_settled(KnownWord.Kind.CATEGORY, words):
                raise _LeftOut
            if not category:
                self.unknown[KnownWord.Kind.CATEGORY].setdefault(words, []).append(row.reference)
                self._look_up_names(row)
                raise BadCell(f"The category “{words[:40]}” is not known", "category")
        found = {"category": category, "subject_kind": kind_of(category, row.facts.get("subject_kind", ""))}
        return found | {"is_care_leaver": row.facts.get("is_care_leaver", category == "care_leaver")}

    def _look_up_names(self, row: Row) -> None:
        """Of a row that waits for its category too: everything that is not known is asked at once."""
        if row.facts.get("team"):
            self._team(row, "")
        for name in ("worker", "manager", *PEOPLE):
            if row.facts.get(name):
                self._person(row, name, None)

    def _team(self, row: Row, category: str) -> int | None:
        given = row.facts.get("team", "")
        team = self.directory.team(given) if given else self.directory.team_of(category)
        if team is None:
            if given and not self.directory.is_settled(KnownWord.Kind.TEAM, given):
                self.unknown[KnownWord.Kind.TEAM].setdefault(given, []).append(row.reference)
            elif not given:
                self.without_team.setdefault(category, []).append(row.reference)
        return team

    def _person(self, row: Row, name: str, team: int | None) -> int | None:
        given = row.facts[name]
        person = self.directory.person(given, team)
        if given and person is None and not self.directory.is_settled(KnownWord.Kind.PERSON, given):
            self.unknown[KnownWord.Kind.PERSON].setdefault(given, []).append(row.reference)
        return person

    def _missing(self) -> list[Facts]:
        """Open case files of the categories that the file covers, and that are not in it."""
        present = {row.reference for row in self.reading.rows} | self.reading.held
        return [
            {"id": case["pk"], "reference": reference, "category": case["category"], "team_id": case["team_id"]}
            for reference, case in self.before.items()
            if case["closed_on"] is None and case["category"] in self.reading.covers and reference not in present
        ]

    @property
    def moved(self) -> list[Facts]:
        """Changed rows that go to another team or worker."""
        return [row for row in self.changed if is_moved(row)]

    @property
    def open_before(self) -> int:
        """Open case files now."""
        return sum(case["closed_on"] is None for case in self.before.values())

    def counts(self) -> dict[str, Any]:
        """The figures of the preview."""
        again = sum(row["again"] for row in self.changed)
        return {
            "new": len(self.new), "changed": len(self.changed) - len(self.moved), "moved": len(self.moved),
            "closed": len(self.closed), "same": self.same, "refused": len(self.refused),
            "open_before": self.open_before,
            "open_after": self.open_before + len(self.new) + again - len(self.closed),
            "categories": dict(Counter(row["category"] for row in self.new)),
            "sheets": [sheet.as_json() for sheet in self.reading.sheets],
            "left_out": self.reading.left_out, "unknown": self.reading.unknown,
            "without_team": sum(row["team_id"] is None for row in (*self.new, *self.changed)),
            "moves": self._moves(), "words": self.words(), "read_as": self.reading.read_as,
        }

    def words(self) -> list[dict[str, Any]]:
        """What is asked: words that matched nothing, and categories without a team; the most frequent first."""
        asked = [{"kind": str(kind), "word": word, "cases": len(rows)}
                 for kind, words in self.unknown.items() for word, rows in words.items()]
        asked += [{"kind": str(KnownWord.Kind.TEAM_OF), "word": category, "cases": len(rows)}
                  for category, rows in self.without_team.items()
                  if category in TEAMLESS and not self.directory.is_settled(KnownWord.Kind.TEAM_OF, category)]
        return sorted(asked, key=lambda one: (-one["cases"], one["kind"], one["word"]))

    def _moves(self) -> list[dict[str, Any]]:
        names = self.directory.team_names
        pairs = Counter((row["was"]["team_id"], row["team_id"]) for row in self.moved if "team_id" in row["was"])
        return [{"from": names.get(old, "No team"), "to": names.get(new, "No team"), "cases": count}
                for (old, new), count in pairs.most_common(NAMED)]

    def notes(self) -> list[Note]:
        """Lines worth checking."""
        return notes_of(self)

    def as_json(self) -> dict[str, Any]:
        """What confirming will write: only what differs."""
        return {"new": self.new, "changed": self.changed, "closed": self.closed,
                "agreed": [correction.pk for correction in self.agreed], "said": self.said}

    def parts(self) -> list[Part]:
        """The first rows of each kind, to be looked at."""
        return case_parts(self.as_json())


def _todo(bad: BadCell) -> str:
    asks = len(bad.args) > 1 and bad.args[1] == "category"
    return "Say what this category means under “Match names”." if asks else IN_THE_SYSTEM


def _known(references: list[str]) -> dict[str, Facts]:
    rows = CaseFile.objects.filter(Q(closed_on=None) | Q(reference__in=references))
    return {row["reference"]: row for row in rows.values("pk", "reference", "closed_on", *FIELDS)}


def as_json(reference: str, facts: Facts) -> Facts:
    """A row of the plan."""
    return {"reference": reference, **_plain(facts)}


def _plain(facts: Facts) -> Facts:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def _as_text(facts: Facts) -> dict[str, str]:
    """The facts of a row as the file of refused rows shows them."""
    words = {True: "Yes", False: "No", None: ""}
    kept = {name: words[value] if value in (True, False, None) else str(value) for name, value in facts.items()}
    kept["category"] = kept.get("category") or kept.pop("category_as_given", "")
    return {name: value for name, value in kept.items() if value and name != "initials"}
