"""A list of units and staff: one row for each directorate, service, group, team and person."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from casefiles.reading import cells
from casefiles.reading.apart import Table
from casefiles.reading.cases import columns_found
from casefiles.reading.headed import Headed, find_heading
from casefiles.reading.layouts import Facts
from casefiles.reading.results import BadFile, Reading, Refusal, Row
from people.models import Unit
from people.roles import Role

ALIASES = {
    "kind": ("type",),
    "reference": ("staff number", "ref", "code"),
    "name": ("full name",),
    "parent": ("parent unit", "belongs to"),
    "manager": ("managed by",),
    "email": ("e mail", "email address"),
    "job_title": ("job", "title"),
    "phone": ("telephone", "phone number"),
    "unit": ("team",),
    "line_manager": ("reports to",),
    "roles": ("role",),
    "auditor": ("is auditor",),
    "trained_on": ("training date", "trained"),
    "out_of_hours_phone": ("out of hours",),
    "quality": ("quality service", "is quality service"),
}
NEEDED = ("kind", "reference", "name")
KINDS = (*Unit.Kind.values, "person")
MOST = {"name": 120, "job_title": 120, "phone": 30, "out_of_hours_phone": 30, "email": 254}
LOAD_AGAIN = "Correct it in the list and load it again."
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_UNIT_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,60}")


def read_people(tables: Sequence[Table], on: date | None = None) -> Reading:
    """The rows of a list of units and staff. Raises BadFile when it is not one."""
    headed = next((found for table in tables if (found := find_heading(table, ALIASES, NEEDED))), None)
    if headed is None:
        wanted = "A list of units and staff needs columns named kind, reference and name."
        raise BadFile(f"{wanted} {columns_found(tables)}")
    sheet = headed.sheet("Units and staff")
    reading, seen = Reading(sheets=[sheet]), {}
    for number, facts in headed.rows():
        sheet.rows += 1
        _take(headed, number, facts, reading, seen)
    reading.rows = list(seen.values())
    if not reading.rows and not reading.refused:
        raise BadFile("This list has only its heading: there is nobody in it.")
    return reading


def _take(headed: Headed, number: int, facts: Facts, reading: Reading, seen: dict[tuple[bool, str], Row]) -> None:
    reference, given = cells.text(facts["reference"]), headed.as_they_stand(facts)
    try:
        headed.check_width(facts.cells)
        row = Row(reference, read_facts(facts) | {"given": given}, headed.table.name, number)
        key = (row.facts["kind"] == "person", reference.casefold())
        if key in seen:
            raise cells.BadCell(f"The reference {reference} is on row {seen[key].number} too; that row was used",
                                "reference")
        seen[key] = row
    except cells.BadCell as bad:
        column = headed.names.get(bad.args[1], "") if len(bad.args) > 1 else ""
        reading.refused.append(Refusal(headed.table.name, number, reference[:40], column, bad.args[0], LOAD_AGAIN,
                                       facts=given))


def read_facts(facts: Facts) -> dict[str, Any]:
    """What a row says; an empty cell says nothing, so what is known already stays. Raises BadCell."""
    kind = cells.text(facts["kind"]).casefold()
    if kind not in KINDS:
        raise cells.BadCell(f"The kind “{kind[:20]}” is not known: {', '.join(KINDS)}", "kind")
    _check_reference(cells.text(facts["reference"]), kind)
    kept: dict[str, Any] = {"kind": kind, **_texts(facts)}
    if not kept.get("name"):
        raise cells.BadCell("There is no name", "name")
    return kept | (_of_person(facts, kept) if kind == "person" else _of_unit(facts))


def _check_reference(reference: str, kind: str) -> None:
    if not reference:
        raise cells.BadCell("There is no reference", "reference")
    if kind == "person" and len(reference) > 40:
        raise cells.BadCell("The staff number is longer than 40 signs", "reference")
    if kind != "person" and not _UNIT_REFERENCE.fullmatch(reference):
        raise cells.BadCell("The reference of a unit has letters, digits and hyphens only", "reference")


def _texts(facts: Facts) -> dict[str, str]:
    kept = {}
    for name, most in MOST.items():
        if given := cells.text(facts[name]):
            if len(given) > most:
                raise cells.BadCell(f"This is longer than {most} signs", name)
            kept[name] = given
    return kept


def _of_unit(facts: Facts) -> dict[str, Any]:
    kept = {name: given for name in ("parent", "manager") if (given := cells.text(facts[name]))}
    quality = cells.yes_no(facts["quality"])
    return kept | ({} if quality is None else {"is_quality_service": quality})


def _of_person(facts: Facts, kept: dict[str, Any]) -> dict[str, Any]:
    if not _EMAIL.fullmatch(kept.get("email", "")):
        raise cells.BadCell("A person needs an e-mail address: it is how they sign in", "email")
    found: dict[str, Any] = {name: given for name in ("unit", "line_manager") if (given := cells.text(facts[name]))}
    found["roles"] = _roles(cells.text(facts["roles"]))
    found["auditor"] = cells.yes_no(facts["auditor"]) is True
    try:
        found["trained_on"] = cells.day(facts["trained_on"])
    except cells.BadCell as bad:
        raise cells.BadCell(str(bad), "trained_on") from None
    return found


def _roles(given: str) -> list[str]:
    slugs = {role.label.casefold(): role.value for role in Role} | {role.value: role.value for role in Role}
    wanted = [part.strip().casefold() for part in given.split(";") if part.strip()]
    strangers = [part for part in wanted if part not in slugs]
    if strangers:
        raise cells.BadCell(f"The role “{strangers[0][:40]}” is not known. Roles: {', '.join(Role.values)}", "roles")
    return list(dict.fromkeys(slugs[part] for part in wanted))
