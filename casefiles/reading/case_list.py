"""A plain list of case files: one row each, its columns known by their names or because somebody said so."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casefiles.reading import cells
from casefiles.reading.apart import Cells, Table
from casefiles.reading.headed import Headed, best_heading, headed, places_by_name, unique_names
from casefiles.reading.layouts import Facts
from casefiles.reading.results import BadFile, Reading, Refusal, Row
from people.folding import fold

ALIASES = {
    "reference": ("case reference", "case ref", "ref", "case id", "case number", "child unique id", "child id",
                  "person id", "client id", "unique id", "mosaic id", "lcs id", "carer id", "carer reference"),
    "category": ("case category", "case type", "type of case", "type", "plan type", "status of child"),
    "team": ("allocated team", "team name", "current team"),
    "worker": ("allocated worker", "social worker", "allocated social worker", "key worker", "keyworker",
               "case worker", "caseworker", "supervising social worker"),
    "personal_adviser": ("personal advisor", "allocated personal advisor", "pa"),
    "iro": ("independent reviewing officer", "reviewing officer"),
    "cp_adviser": ("cp advisor", "child protection adviser", "child protection advisor", "cpa", "cp chair"),
    "manager": ("team manager", "case manager", "manager name"),
    "referral_on": ("referral date", "date of referral", "referred on"),
    "plan_started_on": ("plan start date", "plan start", "date plan started", "start date"),
    "ended": ("closure date", "case closure date", "date closed", "end date", "closed on"),
    "age_band": ("age group",),
    "age": ("age of child years", "current age"),
    "born": ("date of birth", "dob", "birth date"),
    "disability": ("disabled", "does the child have a disability", "has disability"),
    "sibling_group": ("siblings", "family group", "family id", "family identifier"),
    "subject_kind": ("subject", "subject type", "kind of subject"),
    "restricted": ("restricted access", "is restricted"),
    "corrects": ("corrects import",),
}
LABELS = {
    "reference": "Case reference", "category": "Category", "team": "Team", "worker": "Worker",
    "personal_adviser": "Personal adviser", "iro": "Independent reviewing officer",
    "cp_adviser": "Child protection adviser", "manager": "Team manager", "referral_on": "Date of referral",
    "plan_started_on": "Plan started on", "ended": "Closed on", "age_band": "Age group", "age": "Age in years",
    "born": "Date of birth", "disability": "Disability", "sibling_group": "Brothers and sisters",
    "subject_kind": "Child, care leaver or foster carer", "restricted": "Restricted", "initials": "Initials",
}
HIDDEN = frozenset({"born", "age"})  # read for the age band, and left out
WORDED = ("category", "team", "worker", "personal_adviser", "iro", "cp_adviser", "manager")
DAYS = ("referral_on", "plan_started_on")
FEW, MOSTLY = 60, 0.6
YES_OR_NO = {True: "Yes", False: "No", None: ""}
CARER_WORDS = frozenset({"carer id", "carer reference"})
ADDED = frozenset({"iro", "cp_adviser", "manager", "personal_adviser", "sibling_group"})
HOLDS = {
    "all": "Every open case: one that is missing from it is closed",
    "categories": "Every open case of the categories that are in it: others stay as they are",
    "some": "Only some cases: nothing is closed",
    "adds": "Only people or brothers and sisters of cases that are known: nothing is new, nothing is closed",
}


@dataclass(frozen=True)
class Columns:
    """Under which heading each fact stands; the category of every row where there is no column for it."""

    names: dict[str, str]
    category: str = ""
    holds: str = "all"
    source: str = ""

    def places(self, row: Cells) -> dict[str, int]:
        """Where each fact stands in a heading row."""
        where = {name: index for index, name in enumerate(unique_names(row)) if name}
        return {fact: where[name] for fact, name in self.names.items() if name in where}


NEEDED = ("reference", "category", "team", "worker")
CATEGORIES = {
    "in_care": ("in care", "child in care", "children in care", "looked after", "looked after child", "cla", "lac",
                "cic"),
    "protection": ("protection", "child protection", "child protection plan", "cp", "cpp", "cp plan"),
    "care_leaver": ("care leaver", "care leavers", "leaving care", "cl"),
    "in_need": ("in need", "child in need", "children in need", "child in need plan", "cin", "cin plan"),
    "assessment": ("assessment", "open assessment", "single assessment", "child and family assessment"),
    "early_help": ("early help", "eh", "family support", "early help assessment"),
    "contact": ("contact", "initial contact"),
    "fostering": ("fostering", "foster carer", "foster carers", "foster care"),
}
KINDS = {"child": ("child", "young person"), "care_leaver": ("care leaver",),
         "foster_carer": ("foster carer", "carer")}
CHILDREN = frozenset(CATEGORIES) - {"fostering"}
CARERS = frozenset({"fostering"})
_CATEGORY_OF = {cells.heading(word): key for key, words in CATEGORIES.items() for word in (key, *words)}
_KIND_OF = {cells.heading(word): key for key, words in KINDS.items() for word in (key, *words)}


LONGEST_NAME = max(len(name.split()) for name in _CATEGORY_OF)
SAYS_NOTHING = frozenset("plan case open current status child children young person a of".split())


def best_table(tables: Sequence[Table]) -> tuple[Table, int, Cells] | None:
    """The table and row that look most like the heading of a case list; None where none looks like any list."""
    found = [(best, table) for table in tables if (best := best_heading(table, ALIASES))]
    if not found:
        return None
    (_, _, number, row), table = max(found, key=lambda pair: pair[0][:2])
    return table, number, row


def columns_by_name(row: Cells) -> Columns | None:
    """The columns of a list that explains itself: of cases, of foster carers, or of people of known cases."""
    places, unique = places_by_name(row, ALIASES), unique_names(row)
    names = {fact: unique[index] for fact, index in places.items()}
    if "reference" not in names:
        return None
    if "corrects" in names:
        return Columns(names, holds="some")
    if all(fact in names for fact in NEEDED):
        return Columns(names)
    if "category" not in names and "worker" in names and cells.heading(names["reference"]) in CARER_WORDS:
        return Columns(names, category="fostering", holds="categories")
    if not names.keys() & {"category", "team", "worker"} and names.keys() & ADDED:
        return Columns(names, holds="adds")
    return None


def read_case_list(table: Table, number: int, row: Cells, columns: Columns, on: date,
                   keep_birth_year: bool = False) -> Reading:
    """Each row as a case file."""
    keeps = HIDDEN - {"born"} if keep_birth_year else HIDDEN
    reader = _ListReader(headed(table, number, row, columns.places(row), keeps), columns, on, keep_birth_year)
    for found, facts in reader.headed.rows():
        reader.take(found, facts)
    return reader.reading_of_all()


class _ListReader:
    """One list, row by row."""

    def __init__(self, found: Headed, columns: Columns, on: date, keep_birth_year: bool) -> None:
        self.headed, self.columns, self.on, self.keep_birth_year = found, columns, on, keep_birth_year
        self.sheet = found.sheet("Foster carers" if columns.category == "fostering" else "Case files")
        self.reading = Reading(sheets=[self.sheet], names=found.names, only_known=columns.holds == "adds",
                               read_as={"source": columns.source} if columns.source else {})
        self.seen: dict[str, Row] = {}
        self.words: dict[str, Counter[str]] = {fact: Counter() for fact in WORDED if fact in found.places}

    def take(self, number: int, facts: Facts) -> None:
        """One row: kept, closed by its own date, or refused."""
        self.sheet.rows += 1
        given = cells.text(facts["reference"])
        try:
            self.headed.check_width(facts.cells)
            reference = cells.reference(facts["reference"])
            if _day("ended", facts["ended"]):
                self.sheet.closed += 1
                return
            row = Row(reference, self._facts(facts), self.sheet.name, number)
            _check_not_twice(row, self.seen.get(reference))
        except cells.BadCell as bad:
            column = self.headed.names.get(bad.args[1] if len(bad.args) > 1 else "reference", "")
            self.reading.refused.append(Refusal(self.sheet.name, number, cells.no_name(given), column,
                                                bad.args[0], facts=self._as_they_stand(facts)))
        else:
            self.seen[reference] = row
            self._correct(facts)

    def _correct(self, facts: Facts) -> None:
        """Which import the rows were refused by: then only they are loaded."""
        given = cells.text(facts["corrects"])
        if given.isdigit() and len(given) < 10:
            self.reading.corrects = int(given)

    def _facts(self, facts: Facts) -> dict[str, Any]:
        kept = read_facts(self.headed.places.keys(), facts, self.on)
        for fact, words in self.words.items():
            words[cells.text(facts[fact])] += 1
        if self.columns.category:
            kept["category"] = self.columns.category
        if self.keep_birth_year and (birth_year := cells.birth_year(facts["born"])):
            kept["birth_year"] = birth_year
        if "initials" in self.headed.places:
            kept["initials"] = "".join(sign for sign in cells.text(facts["initials"]) if sign.isalpha())[:6].upper()
        return kept

    def _as_they_stand(self, facts: Facts) -> dict[str, str]:
        """The cells of a refused row; of those that cannot be what their column says, nothing that may be a name."""
        kept = {fact: cells.text(facts[fact])[:120] for fact in WORDED if fact in self.headed.places}
        kept |= {fact: cells.no_name(cells.text(facts[fact])) for fact in DAYS if fact in self.headed.places}
        kept["sibling_group"] = cells.group_of(facts["sibling_group"])
        kept["age_band"] = cells.band_as_given(facts["age_band"])
        kept |= {fact: YES_OR_NO[cells.yes_no(facts[fact])] for fact in ("disability", "restricted")}
        kept["category"] = self.columns.category or kept.get("category", "")
        return {fact: given for fact, given in kept.items() if given}

    def _check_words(self, fact: str, words: Counter[str]) -> None:
        if _is_of_everybody(words):
            raise BadFile(f"Nearly every row has a word of its own in the column “{self.headed.names[fact]}”, so it "
                          f"cannot be the {LABELS[fact].lower()}. Does it hold names of children? Nothing of it was "
                          "kept. Choose the list again and say which column is which.")

    def reading_of_all(self) -> Reading:
        """All rows, and the categories of which this is the whole list. Raises BadFile where a column is mistaken."""
        for fact, words in self.words.items():
            self._check_words(fact, words)
        self.reading.rows = list(self.seen.values())
        if self.columns.holds == "all":
            self.reading.covers = covers(self.reading.rows)
        elif self.columns.holds == "categories":
            self.reading.covers = categories_of(self.reading.rows)
        return self.reading


def _is_of_everybody(words: Counter[str]) -> bool:
    """Nearly as many different words as rows: names of children, not of the few who work with them."""
    different = len(words) - ("" in words)
    return different > FEW and different > (words.total() - words[""]) * MOSTLY


def categories_of(rows: list[Row]) -> frozenset[str]:
    """The categories that occur; words that we do not know yet do not count."""
    return frozenset(row.facts["category"] for row in rows if row.facts.get("category"))


def covers(rows: list[Row]) -> frozenset[str]:
    """A list with children is all children, one with foster carers all carers (B15): neither closes the other."""
    categories = categories_of(rows)
    return (CHILDREN if categories & CHILDREN else frozenset()) | (CARERS if categories & CARERS else frozenset())


def read_facts(columns: Any, facts: Facts, on: date) -> dict[str, Any]:
    """The facts of a row, only of columns that the list has. Raises BadCell with the fact.

    A category in words that we do not know stays as words: they are asked for once, then remembered.
    """
    kept: dict[str, Any] = {}
    if "category" in columns:
        kept |= _category(facts["category"])
    if given := cells.text(facts["subject_kind"]):
        kept["subject_kind"] = _kind(given)
    for name in WORDED[1:]:
        if name in columns:
            kept[name] = cells.text(facts[name])
    for name in DAYS:
        if name in columns:
            kept[name] = _day(name, facts[name])
    if columns & {"age_band", "age", "born"}:
        kept["age_band"] = cells.band_as_given(facts["age_band"]) or cells.age_band(facts["age"], facts["born"], on)
    if "disability" in columns:
        kept["has_disability"] = cells.yes_no(facts["disability"])
    if "sibling_group" in columns:
        kept["sibling_group"] = cells.group_of(facts["sibling_group"])
    if "restricted" in columns:
        kept["is_restricted"] = cells.yes_no(facts["restricted"]) is True
    return kept


def _category(value: Any) -> dict[str, str]:
    given = cells.text(value)
    if not given:
        raise cells.BadCell("There is no category", "category")
    _, words = cells.uncoded(value)
    found = category_of(words) or category_of(given)
    return {"category": found} if found else {"category": "", "category_as_given": given[:60]}


def category_of(words: str) -> str:
    """The category that words mean beyond doubt: every part of them is a name of it or says nothing more."""
    rest, found = cells.heading(words).split(), set()
    while rest:
        size = next((n for n in range(min(len(rest), LONGEST_NAME), 0, -1) if " ".join(rest[:n]) in _CATEGORY_OF), 0)
        if size:
            found.add(_CATEGORY_OF[" ".join(rest[:size])])
        elif rest[0] not in SAYS_NOTHING:
            return ""
        rest = rest[max(size, 1):]
    return found.pop() if len(found) == 1 else ""


def kind_of(category: str, given: str) -> str:
    """Child, care leaver or foster carer (S1-17, A46): by the list where it says so, else by the category."""
    if category == "fostering":
        return "foster_carer"
    return given or ("care_leaver" if category == "care_leaver" else "child")


def _kind(given: str) -> str:
    if found := _KIND_OF.get(cells.heading(given)):
        return found
    raise cells.BadCell("The kind of subject is not known: it is child, care leaver or foster carer", "subject_kind")


def _day(name: str, value: Any) -> date | None:
    try:
        return cells.day(value)
    except cells.BadCell as bad:
        raise cells.BadCell(str(bad), name) from None


def _check_not_twice(row: Row, other: Row | None) -> None:
    if other and {key: fold(str(fact)) for key, fact in other.facts.items()} != {
            key: fold(str(fact)) for key, fact in row.facts.items()}:
        raise cells.BadCell(f"The same case is on row {other.number} with other details; that row was used")
