"""An Annex A workbook as one list of open case files: its lists merged on the child (DOMAIN section 4).

Lists 6 to 9 are the open cases; 2 and 1 add early help and initial contacts; 3 gives dates of referral.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from casefiles.reading import cells
from casefiles.reading.layouts import (
    CONTACTS,
    EARLY_HELP,
    IN_CARE,
    IN_NEED,
    LEAVING_CARE,
    MANY_A_CHILD,
    PROTECTION,
    REFERRALS,
    Facts,
    Found,
    Layout,
)
from casefiles.reading.results import Note, Reading, Refusal, Row

STATUSES = (("looked after", "a"), ("in care", "a"), ("protection", "b"), ("need", "c"), ("assessment", "d"),
            ("closed", "e"))
STATUS_WORDS = {"a": "looked after", "b": "child protection plan", "c": "child in need plan", "d": "open assessment"}
DIED = "c"


@dataclass(frozen=True)
class Entry:
    """One row of one list that is open: the child, what the row says, how it ranks against the others."""

    reference: str
    layout: Layout
    category: str
    rank: int
    facts: dict[str, Any]
    status: str
    sheet: str
    number: int


class Workbook:
    """What its lists say of each child, gathered before it is merged."""

    def __init__(self, on: date, keep_birth_year: bool) -> None:
        self.on, self.keep_birth_year = on, keep_birth_year
        self.reading = Reading(read_as={"layout": "Annex A"})
        self.lists: set[int] = set()
        self.entries: dict[str, list[Entry]] = defaultdict(list)
        self.closed: dict[str, set[int]] = defaultdict(set)
        self.referred: dict[str, date] = {}

    def read(self, one: Found) -> None:
        """One list, row by row."""
        self.lists.add(one.layout.number)
        self.reading.covers |= one.layout.covers
        self.reading.sheets.append(one.sheet)
        for number, facts in one.rows():
            one.sheet.rows += 1
            self._take(one, number, facts)

    def _take(self, one: Found, number: int, facts: Facts) -> None:
        reference = cells.text(facts["reference"])
        try:
            reference = cells.reference(facts["reference"])
            self._place(one, number, reference, facts)
        except cells.BadCell as bad:
            column = bad.args[1] if len(bad.args) > 1 else one.layout.keep["reference"]
            self.reading.refused.append(Refusal(one.sheet.name, number, cells.no_name(reference), column,
                                                bad.args[0], facts=_as_they_stand(one, facts)))

    def _place(self, one: Found, number: int, reference: str, facts: Facts) -> None:
        if "referred" in one.layout.keep and (day := _day(one.layout, "referred", facts)):
            self.referred[reference] = max(day, self.referred.get(reference, day))
        if one.layout is REFERRALS:
            return
        entry = read_row(one, number, reference, facts, self.on, self.keep_birth_year)
        if entry is None:
            self.closed[reference].add(one.layout.number)
            return
        _check_not_twice(entry, self.entries.get(reference, []))
        self.entries[reference].append(entry)

    def reading_of_all(self) -> Reading:
        """The children merged, with what is worth checking."""
        notes = Notes(self.lists)
        self.reading.rows = [self._merged(rows, notes) for rows in self.entries.values() if rows]
        notes.closed_but_open(self.entries, self.closed)
        only_referred = [reference for reference in self.referred if not self.entries.get(reference)]
        if REFERRALS.number in self.lists and only_referred:
            self.reading.notes.append(Note("On the list of referrals and on no list of open cases",
                                           "Left out: there is no open case.", only_referred))
        self.reading.notes += [note for note in notes.all() if note.references]
        return self.reading

    def _merged(self, rows: list[Entry], notes: "Notes") -> Row:
        row = merge(rows, notes)
        if self.lists & {CONTACTS.number, REFERRALS.number} and (day := self.referred.get(row.reference)):
            row.facts["referral_on"] = day
        return row


LIST_WORDS = {1: "Initial contact", 2: "Early help", 6: "Child in need", 7: "Child protection plan",
              8: "Child in care", 9: "Care leaver"}


def _as_they_stand(one: Found, facts: Facts) -> dict[str, str]:
    """The kept cells of a refused row under the names of our own list, to be corrected there."""
    started = {"plan_started_on": cells.no_name(cells.text(facts["started"]))} if "started" in one.layout.keep else {}
    kept = {name: cells.text(facts[name])[:120] for name in ("team", "worker") if name in one.layout.keep}
    return {"category": LIST_WORDS.get(one.layout.number, ""), **kept, **started}


def read_row(one: Found, number: int, reference: str, facts: Facts, on: date, keep_birth_year: bool) -> Entry | None:
    """The row as an entry; None when its own dates or status close it. Raises BadCell with the column."""
    layout = one.layout
    started = _day(layout, "started", facts)
    ended = _day(layout, "ended", facts)
    status = status_of(facts["status"]) if layout is IN_NEED else ""
    if ended or status == "e" or (layout is LEAVING_CARE and _died(facts["in_touch"])):
        return None
    category, rank = _category(layout, status, facts, on)
    kept = _facts(one, facts, on) | ({"plan_started_on": started} if started else {})
    if keep_birth_year and (birth_year := cells.birth_year(facts["born"])):
        kept["birth_year"] = birth_year
    if layout is LEAVING_CARE:
        kept["eligibility"] = cells.uncoded(facts["eligibility"])
    return Entry(reference, layout, category, rank, kept, status, one.sheet.name, number)


def _day(layout: Layout, fact: str, facts: Facts) -> date | None:
    try:
        return cells.day(facts[fact])
    except cells.BadCell as bad:
        raise cells.BadCell(str(bad), layout.keep[fact]) from None


def _died(value: Any) -> bool:
    code, words = cells.uncoded(value)
    return words.startswith("died") or (not words and code == DIED)


def status_of(value: Any) -> str:
    """The letter of a list 6 case status, by its words first: systems vary in their letters."""
    code, words = cells.uncoded(value)
    return next((letter for part, letter in STATUSES if part in words), code if code in "abcde" else "")


def _category(layout: Layout, status: str, facts: Facts, on: date) -> tuple[str, int]:
    """Category and rank: in care, protection, care leaver (18 or over), in need, assessment, care leaver under 18,
    early help, initial contact.
    """
    if layout is IN_CARE:
        return "in_care", 0
    if layout is PROTECTION:
        return "protection", 1
    if layout in (EARLY_HELP, CONTACTS):
        return ("early_help", 6) if layout is EARLY_HELP else ("contact", 7)
    if layout is LEAVING_CARE:
        return "care_leaver", 5 if cells.is_adult(facts["age"], facts["born"], on) is False else 2
    return ("assessment", 4) if status == "d" else ("in_need", 3)


def _facts(one: Found, facts: Facts, on: date) -> dict[str, Any]:
    """Only what the list has a column for: a contact has no team, which does not take one away."""
    kept: dict[str, Any] = {name: cells.text(facts[name]) for name in ("team", "worker", "adviser")
                            if name in one.places}
    if "disability" in one.places:
        kept["has_disability"] = cells.yes_no(facts["disability"])
    return kept | {"age_band": cells.age_band(facts["age"], facts["born"], on)}


def _check_not_twice(entry: Entry, others: list[Entry]) -> None:
    if entry.layout.number in MANY_A_CHILD:
        return
    for other in others:
        if other.layout is entry.layout and other.facts != entry.facts:
            raise cells.BadCell(f"The same case is on row {other.number} with other details; that row was used")


def merge(entries: list[Entry], notes: "Notes") -> Row:
    """One child from the rows of all lists: category of the highest, blanks filled from the next."""
    ranked = sorted(entries, key=lambda entry: (entry.rank, entry.number))
    first = ranked[0]
    lists = {entry.layout.number for entry in ranked}
    notes.compare(ranked, lists)
    facts = {
        "category": first.category,
        "subject_kind": "care_leaver" if first.category == "care_leaver" else "child",
        "is_care_leaver": LEAVING_CARE.number in lists,
        "age_band": _first(ranked, "age_band"),
        "plan_started_on": first.facts.get("plan_started_on"),
    }
    for fact in ("has_disability", "birth_year"):
        if _is_known(ranked, fact):
            facts[fact] = next((entry.facts[fact] for entry in ranked if entry.facts.get(fact) is not None), None)
    return Row(first.reference, facts | _people(ranked), first.sheet, first.number)


def _is_known(ranked: list[Entry], fact: str) -> bool:
    return any(fact in entry.facts for entry in ranked)


def _first(ranked: list[Entry], fact: str) -> str:
    return next((entry.facts[fact] for entry in ranked if entry.facts.get(fact)), "")


def _people(ranked: list[Entry]) -> dict[str, str]:
    """Team, worker and personal adviser; for a care leaver the personal adviser leads, where there is one."""
    people = {fact: _first(ranked, fact) for fact in ("team", "worker") if _is_known(ranked, fact)}
    if _is_known(ranked, "adviser"):
        adviser = people["personal_adviser"] = _first(ranked, "adviser")
        leads = ranked[0].category == "care_leaver" and adviser
        people["worker"] = adviser if leads else people.get("worker") or adviser
    return people


class Notes:
    """Where the lists disagree about a child; nothing is refused for it."""

    def __init__(self, lists: set[int]) -> None:
        self.lists = lists
        self.found: dict[tuple[str, str], Note] = {}

    def all(self) -> list[Note]:
        """In the order in which they were met."""
        return list(self.found.values())

    def add(self, text: str, done: str, reference: str) -> None:
        """One more child for a line."""
        self.found.setdefault((text, done), Note(text, done)).references.append(reference)

    def compare(self, ranked: list[Entry], lists: set[int]) -> None:
        """List 6 status against lists 7 and 8; eligible children who are not in care; status left out."""
        six = next((entry for entry in ranked if entry.layout is IN_NEED), None)
        if six is not None:
            self._compare_status(six, ranked[0], lists)
        nine = next((entry for entry in ranked if entry.layout is LEAVING_CARE), None)
        if nine and IN_CARE.number in self.lists and not lists & {IN_CARE.number} and _is_eligible(nine):
            self.add("List 9 says eligible child, list 8 has no open episode", _counted(ranked[0]), nine.reference)

    def _compare_status(self, six: Entry, first: Entry, lists: set[int]) -> None:
        expected = {8: "a", 7: "b"}
        highest = 8 if 8 in lists else 7 if 7 in lists else None
        if not six.status:
            self.add("List 6 gives no case status that we know", _counted(first), six.reference)
        elif highest and six.status != expected[highest] and not (six.status == "b" and 7 in lists):
            list_name = "list 8 has an open episode" if highest == 8 else "list 7 has an open plan"
            self.add(f"List 6 says {STATUS_WORDS[six.status]}, {list_name}", _counted(first), six.reference)
        elif highest is None and (number := {"a": 8, "b": 7}.get(six.status)) in self.lists:
            list_name = "list 8 has no open episode" if number == 8 else "list 7 has no open plan"
            self.add(f"List 6 says {STATUS_WORDS[six.status]}, {list_name}", _counted(first), six.reference)

    def closed_but_open(self, entries: dict[str, list[Entry]], closed: dict[str, set[int]]) -> None:
        """Closed on list 6, open on list 7 or 8: it stays open."""
        for reference, rows in entries.items():
            numbers = {entry.layout.number for entry in rows}
            if IN_NEED.number in closed[reference] and numbers & {7, 8} and IN_NEED.number not in numbers:
                first = min(rows, key=lambda entry: entry.rank)
                name = "list 8 has an open episode" if 8 in numbers else "list 7 has an open plan"
                self.add(f"List 6 says closed, {name}", _counted(first), reference)


def _is_eligible(nine: Entry) -> bool:
    code, words = nine.facts["eligibility"]
    return words.startswith("eligible") or (not words and code == "d")


WORDS = {"in_care": "child in care", "protection": "child protection plan", "care_leaver": "care leaver",
         "in_need": "child in need", "assessment": "open assessment", "early_help": "early help",
         "contact": "initial contact"}


def _counted(entry: Entry) -> str:
    return f"Counted as {WORDS[entry.category]}."
