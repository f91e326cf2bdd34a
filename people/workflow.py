"""Verbs on people: units in their tree, role grants, leaving. Others call these, never the fields."""

from datetime import date, datetime

from django.db import transaction

from people.models import RoleGrant, Staff, Unit
from people.permissions import check_can_manage_people
from trail.writing import record


def place_unit(unit: Unit) -> None:
    """Write the path of `unit` and of all that lies under it."""
    unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    for child in unit.children.all():
        child.parent = unit
        place_unit(child)


@transaction.atomic
def grant_role(
    *,
    staff: Staff,
    role: str,
    by: Staff,
    at: datetime,
    starts_on: date,
    ends_on: date | None = None,
    unit: Unit | None = None,
) -> RoleGrant:
    """Give a role from a day until a day; an acting assistant director is such a grant (B6)."""
    check_can_manage_people(by)
    grant = RoleGrant.objects.create(
        staff=staff, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, granted_by=by
    )
    record("people.role_granted", target=staff, by=by, at=at, changes={"role": role})
    return grant


@transaction.atomic
def end_account(*, staff: Staff, by: Staff, at: datetime, on: date) -> None:
    """Close an account: no sign-in, every role grant ended. Duties are handed on by duties.workflow.staff_left."""
    check_can_manage_people(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    staff.is_active, staff.left_on = False, on
    staff.save(update_fields=["is_active", "left_on"])
    staff.role_grants.on(on).update(ends_on=on)
    staff.managed_units.update(manager=None)
    record("people.left", target=staff, by=by, at=at)
