"""The open actions of a past audit: as columns of their own, as a list in one cell, or only how many."""

import re
from typing import Any

from casefiles.reading import cells
from casefiles.reading.layouts import Facts

MOST_ACTIONS, MOST_TEXT, MOST_NAME = 20, 1000, 120
NUMBERS = range(1, MOST_ACTIONS + 1)
PARTS = ("what", "owner", "due")
ACTION_COLUMNS: dict[str, tuple[str, ...]] = {
    f"action_{number}_{part}": (f"action {number}",) if part == "what" else () for number in NUMBERS for part in PARTS
}
_ENDS_WITH_DAY = re.compile(
    r"(?P<what>.*?)[ ,:(-]*\b(?:due |by |due by |until )?"
    r"(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} [A-Za-z]{3,9} \d{4})\)?", re.DOTALL)
Action = dict[str, str]


def read_actions(facts: Facts) -> list[Action]:
    """What is still to do, each with owner and day where they are given. Raises BadCell with the column.

    A number larger than the actions described adds the rest without words; a smaller one contradicts them.
    """
    described = [action for number in NUMBERS if (action := _described(facts, number))]
    given = cells.text(facts["open_actions"])
    due_on = _day(facts, "actions_due")
    if not given or cells.yes_no(given) is False:
        return described
    if not (given.isascii() and given.isdigit()):
        return _checked([*described, *_listed(given, due_on)])
    count = int(given[:4])
    if count < len(described):
        raise cells.BadCell(f"The list says {count} and describes {len(described)} actions", "open_actions")
    return _checked([*described, *({"what": "", "owner": "", "due_on": due_on} for _ in range(count - len(described)))])


def _checked(actions: list[Action]) -> list[Action]:
    if len(actions) > MOST_ACTIONS:
        raise cells.BadCell(f"An audit has at most {MOST_ACTIONS} open actions here", "open_actions")
    return actions


def _described(facts: Facts, number: int) -> Action | None:
    names = {part: f"action_{number}_{part}" for part in PARTS}
    what, owner = _text(facts[names["what"]], names["what"]), cells.text(facts[names["owner"]])
    due_on = _day(facts, names["due"])
    if not (what or owner or due_on):
        return None
    if not what:
        raise cells.BadCell(f"Action {number} has an owner or a day, and nothing to do", names["what"])
    return {"what": what, "owner": owner[:MOST_NAME], "due_on": due_on}


def _listed(given: str, due_on: str) -> list[Action]:
    """ "Update the chronology by 30/11/2026; See the child alone": what stands between semicolons."""
    return [_one(part.strip(), due_on) for part in given.split(";") if part.strip()]


def _one(given: str, due_on: str) -> Action:
    found = _ENDS_WITH_DAY.fullmatch(given)
    if found and found["what"].strip():
        given, due_on = found["what"].strip(), _as_day(found["day"], "open_actions")
    return {"what": _text(given, "open_actions"), "owner": "", "due_on": due_on}


def _text(value: Any, column: str) -> str:
    given = cells.text(value)
    if len(given) > MOST_TEXT:
        raise cells.BadCell(f"This is longer than {MOST_TEXT} signs", column)
    return given


def _day(facts: Facts, column: str) -> str:
    return _as_day(facts[column], column)


def _as_day(value: Any, column: str) -> str:
    try:
        found = cells.day(value)
    except cells.BadCell as bad:
        raise cells.BadCell(bad.args[0], column) from None
    return found.isoformat() if found else ""
