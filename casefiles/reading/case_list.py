"""A plain list of case files: one row each, with reference, category, team and worker."""

from datetime import date
from typing import Any

from casefiles.reading import cells
from casefiles.reading.headed import Headed, find_heading
from casefiles.reading.layouts import Facts
from casefiles.reading.results import Reading, Refusal, Row
from casefiles.reading.tables import Table
from people.folding import fold

ALIASES = {
    "reference": ("case reference", "case ref", "ref", "case id", "case number", "child unique id", "child id",
                  "person id", "client id", "unique id", "mosaic id", "lcs id", "carer id", "carer reference"),
    "category": ("case category", "case type", "type of case", "type", "plan type"),
    "team": ("allocated team", "team name", "current team"),
    "worker": ("allocated worker", "social worker", "allocated social worker", "key worker", "keyworker",
               "case worker", "personal adviser", "personal advisor", "supervising social worker"),
    "iro": ("independent reviewing officer", "reviewing officer"),
    "cp_adviser": ("cp advisor", "child protection adviser", "child protection advisor", "cpa", "cp chair"),
    "referral_on": ("referral date", "date of referral", "referred on"),
    "plan_started_on": ("plan start date", "plan start", "date plan started", "start date"),
    "age_band": ("age group",),
    "age": ("age of child years", "current age"),
    "disability": ("disabled", "does the child have a disability", "has disability"),
    "sibling_group": ("siblings", "family group", "family id", "family identifier"),
    "subject_kind": ("subject", "subject type", "kind of subject"),
    "restricted": ("restricted access", "is restricted"),
}
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


def find_case_list(table: Table) -> Headed | None:
    """The table as a case list, when it names the four columns."""
    return find_heading(table, ALIASES, NEEDED)


def read_case_list(headed: Headed, on: date) -> Reading:
    """Each row as a case file. It is the whole list of the kinds of subject that occur in it."""
    sheet = headed.sheet("Case files")
    reading, seen = Reading(sheets=[sheet]), {}
    for number, facts in headed.rows():
        sheet.rows += 1
        reference = cells.text(facts["reference"])
        try:
            headed.check_width(facts.cells)
            reference = cells.reference(facts["reference"])
            row = Row(reference, read_facts(headed, facts, on), sheet.name, number)
            _check_not_twice(row, seen.get(reference))
        except cells.BadCell as bad:
            column = headed.names.get(bad.args[1] if len(bad.args) > 1 else "reference", "")
            reading.refused.append(Refusal(sheet.name, number, reference[:40], column, bad.args[0]))
        else:
            seen[reference] = row
    reading.rows = list(seen.values())
    reading.covers = covers(reading.rows)
    return reading


def covers(rows: list[Row]) -> frozenset[str]:
    """A list with children is all children, one with foster carers all carers (B15): neither closes the other."""
    categories = {row.facts["category"] for row in rows}
    return (CHILDREN if categories & CHILDREN else frozenset()) | (CARERS if categories & CARERS else frozenset())


def read_facts(headed: Headed, facts: Facts, on: date) -> dict[str, Any]:
    """The facts of a row, only of columns that the list has. Raises BadCell with the fact."""
    category = _category(facts["category"])
    kept: dict[str, Any] = {"category": category, "subject_kind": _kind(facts["subject_kind"], category),
                            "is_care_leaver": category == "care_leaver"}
    for name in ("team", "worker", "iro", "cp_adviser"):
        if name in headed.places:
            kept[name] = cells.text(facts[name])
    for name in ("referral_on", "plan_started_on"):
        if name in headed.places:
            kept[name] = _day(name, facts[name])
    if headed.places.keys() & {"age_band", "age"}:
        kept["age_band"] = cells.text(facts["age_band"])[:10] or cells.age_band(facts["age"], None, on)
    if "disability" in headed.places:
        kept["has_disability"] = cells.yes_no(facts["disability"])
    if "sibling_group" in headed.places:
        kept["sibling_group"] = cells.text(facts["sibling_group"])[:40]
    if "restricted" in headed.places:
        kept["is_restricted"] = cells.yes_no(facts["restricted"]) is True
    return kept


def _category(value: Any) -> str:
    _, words = cells.uncoded(value)
    given = cells.text(value)
    found = _CATEGORY_OF.get(cells.heading(words)) or _CATEGORY_OF.get(cells.heading(given))
    if not found:
        reason = f"The category “{given[:40]}” is not known" if given else "There is no category"
        raise cells.BadCell(reason, "category")
    return found


def _kind(value: Any, category: str) -> str:
    given = cells.text(value)
    if category == "fostering":
        return "foster_carer"
    if not given:
        return "care_leaver" if category == "care_leaver" else "child"
    if found := _KIND_OF.get(cells.heading(given)):
        return found
    raise cells.BadCell(f"The kind of subject “{given[:40]}” is not known: child, care leaver or foster carer",
                        "subject_kind")


def _day(name: str, value: Any) -> date | None:
    try:
        return cells.day(value)
    except cells.BadCell as bad:
        raise cells.BadCell(str(bad), name) from None


def _check_not_twice(row: Row, other: Row | None) -> None:
    if other and {key: fold(str(fact)) for key, fact in other.facts.items()} != {
            key: fold(str(fact)) for key, fact in row.facts.items()}:
        raise cells.BadCell(f"The same case is on row {other.number} with other details; that row was used")
