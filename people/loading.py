"""Loading a list of units and staff that was checked beforehand: one transaction, few statements."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, Lower

from calendars.rules import london_date
from people.folding import fold
from people.models import Auditor, RoleGrant, Staff, Unit
from people.permissions import check_can_load_people
from people.refusals import Refused
from people.signing_in import forget_addresses
from people.training import expiry_of
from people.turns import change_pool
from trail.writing import record

Rows = list[dict[str, Any]]
UNIT_FIELDS = ("name", "phone", "out_of_hours_phone", "is_quality_service")
STAFF_FIELDS = ("name", "email", "job_title", "phone")
FROM_THE_TOP = (Unit.Kind.DIRECTORATE, Unit.Kind.SERVICE, Unit.Kind.GROUP, Unit.Kind.TEAM)


@transaction.atomic
def load_people(*, units: Rows, people: Rows, by: Staff, at: datetime) -> None:
    """Write units and people that are new or changed; references tie them together. Nobody is taken away."""
    change_pool()
    check_can_load_people(by)
    for kind in FROM_THE_TOP:
        _write_units([row for row in units if row["kind"] == kind])
    _write_staff(people)
    _tie(units, people)
    write_paths()
    _write_grants(people, by, london_date(at))
    _write_auditors([row for row in people if row["auditor"]], london_date(at))
    record("people.loaded", target=by, by=by, at=at, changes={"units": len(units), "people": len(people)})


def _units() -> dict[str, int]:
    return dict(Unit.objects.values_list("reference", "pk"))


def _staff() -> dict[str, int]:
    return dict(Staff.objects.values_list("reference", "pk"))


def _write_units(rows: Rows) -> None:
    known = _units() if rows else {}
    _free_names(rows)
    Unit.objects.bulk_create(
        [
            Unit(
                reference=row["reference"],
                kind=row["kind"],
                folded_name=fold(row["name"]),
                parent_id=known.get(row["parent"]),
                **{name: row[name] for name in UNIT_FIELDS},
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["reference"],
        update_fields=["folded_name", "parent", *UNIT_FIELDS],
    )


def _free_names(rows: Rows) -> None:
    """Units that change their names give them up first: two may swap, and the database looks at each row alone."""
    wanted = {row["reference"]: fold(row["name"]) for row in rows}
    there = Unit.objects.filter(reference__in=wanted).values_list("pk", "reference", "folded_name")
    renamed = [pk for pk, reference, name in there if name != wanted[reference]]
    Unit.objects.filter(pk__in=renamed).update(folded_name=Concat(Value("renamed "), Cast("pk", CharField())))


def _free_addresses(rows: Rows) -> None:
    """The same for e-mail addresses. One that belongs to nobody of the list came after it was read."""
    wanted = {row["reference"]: row["email"].casefold() for row in rows}
    others = Staff.objects.exclude(reference__in=wanted).annotate(folded_email=Lower("email"))
    if others.filter(folded_email__in=wanted.values()).exists():
        raise Refused("People were changed since this list was read. Load the list again.")
    there = Staff.objects.filter(reference__in=wanted).values_list("pk", "reference", "email")
    moving = [pk for pk, reference, email in there if email.casefold() != wanted[reference]]
    forget_addresses(moving)
    Staff.objects.filter(pk__in=moving).update(email=Concat(Cast("pk", CharField()), Value("@moving.invalid")))


def _write_staff(rows: Rows) -> None:
    known = _units()
    _free_addresses(rows)
    Staff.objects.bulk_create(
        [
            Staff(
                reference=row["reference"],
                folded_name=fold(row["name"]),
                password=make_password(None),
                unit_id=known.get(row["unit"]),
                **{name: row[name] for name in STAFF_FIELDS},
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["reference"],
        update_fields=["folded_name", "unit", *STAFF_FIELDS],
    )


def _tie(units: Rows, people: Rows) -> None:
    """Managers of units and line managers, now that everybody is there."""
    staff = _staff()
    manager_of = {row["reference"]: staff.get(row["manager"]) for row in units}
    managed = list(Unit.objects.filter(reference__in=manager_of))
    for unit in managed:
        unit.manager_id = manager_of[unit.reference]
    Unit.objects.bulk_update(managed, ["manager"])
    above = {row["reference"]: staff.get(row["line_manager"]) for row in people}
    reporting = list(Staff.objects.filter(reference__in=above))
    for person in reporting:
        person.line_manager_id = above[person.reference]
    Staff.objects.bulk_update(reporting, ["line_manager"], batch_size=2000)


def write_paths() -> None:
    """The path of every unit from the top, where it differs."""
    units = {unit.pk: unit for unit in Unit.objects.only("pk", "parent_id", "path")}
    changed = []
    for unit in units.values():
        path = path_of(unit, units)
        if path != unit.path:
            unit.path = path
            changed.append(unit)
    Unit.objects.bulk_update(changed, ["path"])


def path_of(unit: Unit, units: dict[int, Unit]) -> str:
    """Ids from the top down to `unit`: "/1/4/9/"."""
    ids = []
    above: Unit | None = unit
    while above is not None:
        ids.append(str(above.pk))
        above = units.get(above.parent_id)
    return f"/{'/'.join(reversed(ids))}/"


def _write_grants(rows: Rows, by: Staff, on: date) -> None:
    staff = _staff()
    held = set(RoleGrant.objects.on(on).filter(unit=None).values_list("staff_id", "role"))
    wanted = dict.fromkeys((staff[row["reference"]], role) for row in rows for role in row["roles"])
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(staff_id=person, role=role, starts_on=on, granted_by=by)
            for person, role in wanted
            if (person, role) not in held
        ],
        ignore_conflicts=True,
    )


def _write_auditors(rows: Rows, on: date) -> None:
    """Into the register, back into it, or another day of training, which counts for the months of the setting."""
    staff = _staff()
    known = Auditor.objects.filter(staff__reference__in=[row["reference"] for row in rows])
    entries = {entry.staff_id: entry for entry in known}
    changed, new = [], []
    for row in rows:
        pk, trained = staff[row["reference"]], row["trained_on"] and date.fromisoformat(row["trained_on"])
        entry = entries.get(pk)
        if entry is None:
            new.append(Auditor(staff_id=pk, joined_on=on, trained_on=trained, training_expires_on=expiry_of(trained)))
            continue
        if trained and trained != entry.trained_on:
            entry.trained_on, entry.training_expires_on = trained, expiry_of(trained)
        entry.left_on, entry.joined_on = None, entry.joined_on or on
        changed.append(entry)
    Auditor.objects.bulk_create(new)
    Auditor.objects.bulk_update(changed, ["joined_on", "trained_on", "training_expires_on", "left_on"])
