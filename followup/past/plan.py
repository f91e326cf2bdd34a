"""What taking over past audits would do, worked out against what is there. Writes nothing.

Decided where the rule (B13) is silent:
- An audit is known by case, month and programme. One that is there already, or stands twice in the list with the
  same facts, is "the same": it is written once and never changed by a list.
- A month whose list the portal drew itself is the portal's: nothing is added to it.
- A team that People does not have: the audit belongs to the service named beside it, else to no unit, and only
  Performance and Quality see it. An auditor whom People does not have is refused; an empty cell is "not known".
- A case that the portal does not know comes in as a closed case file, a child in need unless the list says otherwise.
- An inadequate round can be open only for an open case, and only where no later audit of the case is known.
- An action without a day is due four weeks after the import: nobody is late for a day that nobody set.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from allocations.models import Allocation, Round
from allocations.months import month_name
from audits.models import Audit
from calendars.words import count
from casefiles.models import CaseFile
from casefiles.names import Directory
from casefiles.reading.cells import BadCell
from casefiles.reading.results import Note, Reading, Refusal, Row
from casefiles.shown import Part
from followup.past.matching import Leavers, Programmes, category_of
from followup.past.reading import LOAD_AGAIN
from followup.past.shown import parts_of
from programmes.models import Grade, ProgrammeVersion

NAMED = 5
Key = tuple[str, date, int]
NOT_KNOWN = "Owner not known"


class PastPlan:
    """New past audits with their open actions and rounds; those that are there; rows refused."""

    def __init__(self, reading: Reading, on: date) -> None:
        self.reading, self.directory, self.leavers, self.programmes = reading, Directory(on), Leavers(), Programmes()
        self.new: list[dict[str, Any]] = []
        self.same, self.undated = 0, 0
        self.taken: dict[Key, tuple[dict[str, Any], Row]] = {}
        self.differing: list[str] = []
        self.strangers: dict[str, list[str]] = defaultdict(list)
        self.unknown_cases: dict[str, None] = {}
        self._load({row.reference for row in reading.rows})
        for row in reading.rows:
            month = _month(row)
            self.latest[row.reference] = max(self.latest.get(row.reference, month), month)
        self.refused = [*reading.refused, *(refusal for row in reading.rows if (refusal := self._place(row)))]

    def _load(self, references: set[str]) -> None:
        """What the portal has: cases, past audits, the latest month of each case, months of its own. Four queries."""
        files = CaseFile.objects.filter(reference__in=references)
        self.cases = {file.reference: file for file in files.only("reference", "category", "closed_on")}
        audits = Audit.objects.filter(case_file__reference__in=references).live()
        self.there = {
            (reference, month, programme): (grade, round)
            for reference, month, programme, grade, round in audits.values_list(
                "case_file__reference", "month", "version__programme_id", "grade_id", "open_round")
        }
        given = Allocation.objects.live().filter(case_file__reference__in=references)
        self.latest = {}
        for reference, month in given.values_list("case_file__reference", "round__month"):
            self.latest[reference] = max(self.latest.get(reference, month), month)
        self.own = set(Round.objects.drawn_here().values_list("version__programme_id", "month"))

    def _place(self, row: Row) -> Refusal | None:
        try:
            self._take(row)
        except BadCell as bad:
            return Refusal(row.sheet, row.number, row.reference, bad.args[1], bad.args[0], LOAD_AGAIN,
                           facts=row.facts["given"])
        return None

    def _take(self, row: Row) -> None:
        month = _month(row)
        version = self.programmes.version(row.facts["programme"], month)
        grade = self.programmes.scale(version).grade(row.facts["grade"])
        known: Key = (row.reference, month, version.programme_id)
        if known in self.there:
            self.same += 1
            if self.there[known] != (grade.pk, row.facts["open_round"]):
                self.differing.append(row.reference)
            return
        if (version.programme_id, month) in self.own:
            raise BadCell(f"The portal drew the list of {month_name(month)} itself: past audits are from before",
                          "month")
        self._keep(known, self._facts(row, month, version, grade), row)

    def _keep(self, known: Key, facts: dict[str, Any], row: Row) -> None:
        if known not in self.taken:
            self.taken[known] = facts, row
            self.new.append(facts)
        elif self.taken[known][0] == facts:
            self.same += 1
        else:
            first = self.taken[known][1].number
            raise BadCell(f"This audit is on row {first} with other facts; that row was used", "month")

    def _facts(self, row: Row, month: date, version: ProgrammeVersion, grade: Grade) -> dict[str, Any]:
        self._check_round(row, month, grade)
        category, team = category_of(row.facts["category"]), self._team(row)
        auditor = self._auditor(row, team)
        file = self.cases.get(row.reference)
        if file is None:
            self.unknown_cases[row.reference] = None
        return {
            "reference": row.reference, "month": month.isoformat(), "version_id": version.pk, "grade_id": grade.pk,
            "category": file.category if file else category or CaseFile.Category.IN_NEED.value, "team_id": team,
            "auditor_id": auditor, "open_round": row.facts["open_round"],
            "actions": [self._action(action, team) for action in row.facts["actions"]],
        }

    def _check_round(self, row: Row, month: date, grade: Grade) -> None:
        if not row.facts["open_round"]:
            return
        if not grade.is_inadequate:
            raise BadCell(f"“{grade.label}” has no open inadequate round: put 0, or correct the grade", "open_round")
        file, latest = self.cases.get(row.reference), self.latest[row.reference]
        if latest > month:
            raise BadCell(f"The case was audited again in {month_name(latest)}, so this round is over: put 0",
                          "open_round")
        if file is None or not file.is_open:
            raise BadCell("The case is not among the open case files, so it cannot be audited again: import the "
                          "case files first, or put 0", "open_round")

    def _team(self, row: Row) -> int | None:
        given = row.facts["team"]
        team = self.directory.team(given)
        if given and team is None:
            self.strangers[given].append(row.reference)
        return team or self.directory.team(row.facts["service"])

    def _auditor(self, row: Row, team: int | None) -> int | None:
        given = row.facts["auditor"]
        if not given:
            return None
        auditor = self.directory.person(given, team) or self.leavers.person(given)
        if auditor is None:
            raise BadCell(f"Nobody in People is the auditor “{given[:60]}”, or more than one person is. "
                          "Add this person in People first, write the staff number, or leave the cell empty", "auditor")
        return auditor

    def _action(self, action: dict[str, str], team: int | None) -> dict[str, Any]:
        owner = self.directory.person(action["owner"], team)
        self.undated += not action["due_on"]
        outside = "" if owner else action["owner"] or NOT_KNOWN
        return {"what": action["what"], "owner_id": owner, "owner_outside": outside, "due_on": action["due_on"]}

    @property
    def open_actions(self) -> int:
        """How many actions come in."""
        return sum(len(row["actions"]) for row in self.new)

    @property
    def open_rounds(self) -> int:
        """How many re-audits are to be arranged."""
        return sum(row["open_round"] > 0 for row in self.new)

    def counts(self) -> dict[str, Any]:
        """The figures of the preview. A list never changes a past audit."""
        return {
            "new": len(self.new), "changed": 0, "same": self.same, "refused": len(self.refused),
            "open_actions": self.open_actions, "open_rounds": self.open_rounds,
            "sheets": [sheet.as_json() for sheet in self.reading.sheets], "left_out": self.reading.left_out,
            "unknown": self.reading.unknown,
        }

    def notes(self) -> list[Note]:
        """Lines worth checking."""
        return [*self.reading.notes, *self._of_teams(), *self._of_cases()]

    def _of_teams(self) -> list[Note]:
        if not self.strangers:
            return []
        shown = ", ".join(f"“{name[:60]}”" for name in list(self.strangers)[:NAMED])
        more = f" and {len(self.strangers) - NAMED} more" if len(self.strangers) > NAMED else ""
        named = f"{len(self.strangers)} team{' is' if len(self.strangers) == 1 else 's are'}"
        return [Note(f"{named} not in People: {shown}{more}",
                     "The audit belongs to the service beside it; without one, only Performance and Quality see it.",
                     sum(self.strangers.values(), []))]

    def _of_cases(self) -> list[Note]:
        notes = []
        if self.unknown_cases:
            notes.append(Note("The case is not known here", "It comes in as a closed case file.",
                              list(self.unknown_cases)))
        if self.differing:
            notes.append(Note("The audit is here already, with another grade or open round",
                              "It stays as it is: a list never changes a past audit.", self.differing))
        if self.undated:
            notes.append(Note(f"{count(self.undated, 'action')} without a day", "Due four weeks after this import."))
        return notes

    def as_json(self) -> dict[str, Any]:
        """What confirming will write: ids, references and facts."""
        return {"new": self.new}

    def parts(self) -> list[Part]:
        """The first rows of each kind, with names."""
        return parts_of(self.new)


def _month(row: Row) -> date:
    """The month of a row; kept as text, since a reading may have been stored."""
    return date.fromisoformat(str(row.facts["month"]))


def plan(reading: Reading, on: date) -> PastPlan:
    """What taking over these audits would do on a day."""
    return PastPlan(reading, on)
