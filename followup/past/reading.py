"""A list of past audits: one row for each audit, from whatever the council kept them in. No database.

Where the list is silent: an empty team, auditor or category is not known; an empty open_actions or
open_round is nothing open. Facts are plain texts and numbers, so that they can be kept as JSON.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from calendars.rules import add_months_clamped
from casefiles.reading import cells
from casefiles.reading.cases import columns_found
from casefiles.reading.headed import Headed, find_heading
from casefiles.reading.layouts import Facts
from casefiles.reading.results import BadFile, Reading, Refusal, Row, Sheet
from followup.past.actions import ACTION_COLUMNS, read_actions

ALIASES = {
    "reference": ("case reference", "case ref", "ref", "case", "case id", "case number", "child id", "person id",
                  "client id", "child unique id", "mosaic id", "lcs id"),
    "month": ("audit month", "month of audit", "month audited", "date", "audit date", "date of audit", "audited on"),
    "team": ("team name", "allocated team"),
    "service": ("service area", "service name"),
    "grade": ("overall grade", "audit grade", "overall judgement", "overall judgment", "judgement", "judgment",
              "rating"),
    "auditor": ("audited by", "auditor name", "name of auditor"),
    "category": ("case category", "case type", "plan type"),
    "programme": ("audit programme", "audit type", "type of audit"),
    "open_actions": ("actions open", "outstanding actions", "actions outstanding"),
    "actions_due": ("action due", "actions due on", "next action due", "due date of actions"),
    "open_round": ("open inadequate round", "open inadequate rounds", "inadequate round", "inadequate rounds",
                   "open rounds"),
    **ACTION_COLUMNS,
}
NEEDED = ("reference", "month", "team", "grade")
WANTED = ("A list of past audits needs columns named reference, month, team and grade; auditor, open_actions and "
          "open_round where they are known.")
LOAD_AGAIN = "Correct it in the list and load it again."
MOST_YEARS, MOST_ROUNDS, MOST_SIGNS = 10, 9, 120
TEXTS = ("team", "service", "grade", "auditor", "category", "programme")
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{4})")
_WORDED = re.compile(r"([A-Za-z]{3,9})[ -.,]{1,2}(\d{4}|\d{2})")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")


def read(tables: Sequence[Any], on: date) -> Reading:
    """The past audits in every sheet that names the columns. Raises BadFile when none does."""
    found = {table.name: find_heading(table, ALIASES, NEEDED) for table in tables}
    if not any(found.values()):
        raise BadFile(f"{WANTED} {columns_found(tables)}")
    reading = Reading()
    for name, headed in found.items():
        reading.sheets.append(_take(headed, on, reading) if headed else Sheet(name))
    if not reading.rows and not reading.refused:
        raise BadFile("This list has only its heading: there is no audit in it.")
    return reading


def _take(headed: Headed, on: date, reading: Reading) -> Sheet:
    sheet = headed.sheet("Past audits")
    for number, facts in headed.rows():
        sheet.rows += 1
        given = headed.as_they_stand(facts)
        try:
            headed.check_width(facts.cells)
            reference = _reading("reference", cells.reference, facts)
            reading.rows.append(Row(reference, read_facts(facts, on) | {"given": given}, sheet.name, number))
        except cells.BadCell as bad:
            column = headed.names.get(bad.args[1], "") if len(bad.args) > 1 else ""
            reading.refused.append(Refusal(sheet.name, number, _shown(facts), column, bad.args[0], LOAD_AGAIN,
                                           facts=given))
    return sheet


def _shown(facts: Facts) -> str:
    """The reference of a refused row; what is not one may be a child's name, and is not kept."""
    try:
        return cells.reference(facts["reference"])
    except cells.BadCell:
        return ""


def _reading(name: str, read_cell: Any, facts: Facts) -> Any:
    """A cell, its fact named where it cannot be read."""
    try:
        return read_cell(facts[name])
    except cells.BadCell as bad:
        raise cells.BadCell(bad.args[0], name) from None


def read_facts(facts: Facts, on: date) -> dict[str, Any]:
    """What a row says. Raises BadCell with the column."""
    kept: dict[str, Any] = {name: _short(name, facts) for name in TEXTS}
    if not kept["grade"]:
        raise cells.BadCell("There is no grade", "grade")
    month = _reading("month", read_month, facts)
    check_month(month, on)
    return kept | {"month": month.isoformat(), "open_round": _reading("open_round", read_round, facts),
                   "actions": read_actions(facts)}


def _short(name: str, facts: Facts) -> str:
    given = cells.text(facts[name])
    if len(given) > MOST_SIGNS:
        raise cells.BadCell(f"This is longer than {MOST_SIGNS} signs", name)
    return given


def read_month(value: Any) -> date:
    """A month as 2026-05, 05/2026, May 2026 or any day of it, as its first day. Raises BadCell."""
    if isinstance(value, date | datetime):
        return cells.day(value).replace(day=1)
    given = cells.text(value)
    if not given:
        raise cells.BadCell("There is no month")
    year, month = _parts(given) or (0, 0)
    if year:
        if not 1 <= month <= 12:
            raise cells.BadCell(f"“{given[:40]}” is not a month")
        return date(year, month, 1)
    try:
        return cells.day(given).replace(day=1)
    except cells.BadCell:
        raise cells.BadCell(f"“{given[:40]}” is not a month: write 2026-05, 05/2026 or May 2026") from None


def _parts(given: str) -> tuple[int, int] | None:
    if found := _YEAR_FIRST.fullmatch(given):
        return int(found[1]), int(found[2])
    if found := _MONTH_FIRST.fullmatch(given):
        return int(found[2]), int(found[1])
    if found := _WORDED.fullmatch(given):
        names = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(found[1].lower())]
        year = int(found[2])
        return (year + 2000 if year < 100 else year, names[0]) if len(names) == 1 else None
    return None


def check_month(month: date, on: date) -> None:
    """Before this month, whose audits the portal draws itself, and not longer ago than ten years."""
    this = on.replace(day=1)
    if month >= this:
        raise cells.BadCell("Past audits are of the months before this one; this month’s are drawn here", "month")
    if month < add_months_clamped(this, -12 * MOST_YEARS):
        raise cells.BadCell(f"This month is more than {MOST_YEARS} years ago", "month")


def read_round(value: Any) -> int:
    """0 or nothing: no inadequate round is open. 1: the first is, its re-audit still to come. Raises BadCell."""
    given = cells.text(value)
    if not given or cells.yes_no(given) is False:
        return 0
    if not (given.isascii() and given.isdigit()) or int(given[:4]) > MOST_ROUNDS:
        raise cells.BadCell(f"“{given[:40]}” is not a round: 0 where nothing is open, 1 where a re-audit is to come, "
                            "2 where a second one is")
    return int(given)
