"""Verbs on units: their place in the tree, names, managers, phones, closing."""

from datetime import datetime
from typing import Any

from django.db import transaction

from calendars.rules import london_date
from people.folding import fold
from people.models import Staff, Unit
from people.permissions import check_can_manage_people
from people.refusals import Refused
from people.registry import Moved, in_unit, people_moved
from people.turns import take_turn
from people.workflow.changes import apply
from trail.writing import record

FROM_THE_TOP = (Unit.Kind.DIRECTORATE, Unit.Kind.SERVICE, Unit.Kind.GROUP, Unit.Kind.TEAM)
FIELDS = ("name", "parent", "manager", "phone", "out_of_hours_phone", "is_quality_service")


def place_unit(unit: Unit) -> None:
    """Write the path of `unit` and of all that lies under it."""
    unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    for child in unit.children.all():
        child.parent = unit
        place_unit(child)


@transaction.atomic
def add_unit(*, reference: str, kind: str, by: Staff, at: datetime, **fields: Any) -> Unit:
    """A new directorate, service, group or team in its place."""
    take_turn()
    check_can_manage_people(by)
    unit = Unit(reference=reference, kind=kind, **fields)
    if Unit.objects.filter(reference__iexact=reference).exists():
        raise Refused(f"Another unit has the reference {reference}. Choose another.", "reference")
    _check_place(unit)
    unit.save(force_insert=True)
    place_unit(unit)
    record("unit.added", target=unit, by=by, at=at, changes={name: str(value) for name, value in fields.items()})
    if unit.manager:
        people_moved(Moved(units=(unit,), staff=(unit.manager,)), by=by, at=at)
    return unit


@transaction.atomic
def change_unit(*, unit: Unit, by: Staff, at: datetime, **fields: Any) -> Unit:
    """Rename, move, give another manager or phones. Duties and cases of the unit follow in the same transaction."""
    take_turn()
    check_can_manage_people(by)
    unit = Unit.objects.select_for_update(of=("self",)).select_related("parent", "manager").get(pk=unit.pk)
    before = unit.manager
    changes = apply(unit, fields, FIELDS)
    if not changes:
        return unit
    _check_place(unit)
    unit.save()
    if "parent" in changes:
        place_unit(unit)
    record("unit.changed", target=unit, by=by, at=at, changes=changes)
    if changes.keys() & {"parent", "manager", "is_quality_service"}:
        people = tuple(person for person in (before, unit.manager) if person)
        lines = (unit,) if "parent" in changes else ()
        people_moved(Moved(units=(unit,), lines=lines, staff=people), by=by, at=at)
    return unit


def give_unit(*, unit: Unit, manager: Staff | None, by: Staff, at: datetime) -> None:
    """The unit of a leaver to another manager, or to none: then the manager above answers."""
    unit = Unit.objects.select_for_update(of=("self",)).select_related("parent", "manager").get(pk=unit.pk)
    before, unit.manager = unit.manager, manager
    unit.save(update_fields=["manager"])
    record("unit.changed", target=unit, by=by, at=at, changes={"manager": [str(before or ""), str(manager or "")]})
    people_moved(Moved(units=(unit,), staff=tuple(filter(None, (before, manager)))), by=by, at=at)


def _check_place(unit: Unit) -> None:
    """A unit lies under a larger one, never under itself; its name is the only one there."""
    if unit.manager and not unit.manager.is_active:
        raise Refused(f"{unit.manager} has left. Choose a manager who works here.", "manager")
    if unit.kind == Unit.Kind.DIRECTORATE:
        if unit.parent:
            raise Refused("A directorate stands at the top and lies under nothing.", "parent")
    elif unit.parent is None:
        raise Refused(f"Choose under which unit this {unit.kind} lies.", "parent")
    elif unit.parent.closed_on:
        raise Refused(f"{unit.parent} is closed. Choose a unit that is open.", "parent")
    elif FROM_THE_TOP.index(unit.parent.kind) >= FROM_THE_TOP.index(unit.kind):
        raise Refused(f"A {unit.kind} cannot lie under a {unit.parent.kind}. Choose a larger unit.", "parent")
    namesakes = Unit.objects.filter(parent=unit.parent, folded_name=fold(unit.name)).exclude(pk=unit.pk)
    if namesakes.exists():
        raise Refused("Another unit under the same parent has this name. Choose another.", "name")


@transaction.atomic
def close_unit(*, unit: Unit, by: Staff, at: datetime) -> Unit:
    """Close a unit in which nothing is left. Raises Refused, naming what is."""
    take_turn()
    check_can_manage_people(by)
    unit = Unit.objects.select_for_update(of=("self",)).select_related("manager").get(pk=unit.pk)
    if unit.closed_on:
        return unit
    if left := still_there(unit):
        raise Refused(f"{unit} cannot be closed yet: it still has {', '.join(left)}.")
    unit.closed_on = london_date(at)
    unit.save(update_fields=["closed_on"])
    record("unit.closed", target=unit, by=by, at=at)
    people_moved(Moved(units=(unit,), staff=(unit.manager,) if unit.manager else ()), by=by, at=at)
    return unit


def still_there(unit: Unit) -> list[str]:
    """What keeps a unit open: units below, people, what higher apps have in it (open case files)."""
    counts = (
        (unit.children.filter(closed_on=None).count(), "open unit below it", "open units below it"),
        (unit.staff.working().count(), "person", "people"),
        *in_unit(unit),
    )
    return [f"{count:,} {one if count == 1 else many}" for count, one, many in counts if count]


@transaction.atomic
def reopen_unit(*, unit: Unit, by: Staff, at: datetime) -> Unit:
    """Open a unit again that was closed by mistake, under a parent that is open."""
    take_turn()
    check_can_manage_people(by)
    unit = Unit.objects.select_for_update(of=("self",)).select_related("parent", "manager").get(pk=unit.pk)
    if unit.closed_on:
        _check_place(unit)
        unit.closed_on = None
        unit.save(update_fields=["closed_on"])
        record("unit.reopened", target=unit, by=by, at=at)
        people_moved(Moved(units=(unit,)), by=by, at=at)
    return unit
