"""Who stands above whom: managers of units, line managers, cover, and the last resort, the P&Q lead."""

from datetime import date

from people.models import Absence, RoleGrant, Staff, Unit
from people.roles import Role


def managers_upwards(unit: Unit) -> list[Staff]:
    """The living managers from `unit` up to the directorate, nearest first, each once."""
    order = unit.ids_upwards()
    units = {row.pk: row for row in Unit.objects.filter(pk__in=order).select_related("manager")}
    managers: list[Staff] = []
    for pk in order:
        manager = units[pk].manager
        if manager and manager.is_active and manager not in managers:
            managers.append(manager)
    return managers


def manager_of_kind(unit: Unit, kind: str) -> Staff | None:
    """The living manager of the unit of that kind at or above `unit`, or the next one up."""
    order = unit.ids_upwards()
    rows = {row.pk: row for row in Unit.objects.filter(pk__in=order).select_related("manager")}
    reached = False
    for pk in order:
        reached = reached or rows[pk].kind == kind
        manager = rows[pk].manager
        if reached and manager and manager.is_active:
            return manager
    return None


def line_manager(staff: Staff) -> Staff | None:
    """The named line manager, else the nearest living manager above who is somebody else."""
    if staff.line_manager and staff.line_manager.is_active:
        return staff.line_manager
    if staff.unit is None:
        return None
    return next((person for person in managers_upwards(staff.unit) if person != staff), None)


def cover_for(staff: Staff, on: date) -> Staff | None:
    """Who covers for `staff` on a day, where they are away and somebody living was named."""
    absence = (
        Absence.objects.filter(staff=staff, starts_on__lte=on, ends_on__gte=on, cover__is_active=True)
        .select_related("cover")
        .first()
    )
    return absence.cover if absence else None


def holders_of(role: str, on: date) -> list[Staff]:
    """Everyone living who was granted `role`, longest first."""
    grants = RoleGrant.objects.on(on).filter(role=role, staff__is_active=True).select_related("staff")
    return [grant.staff for grant in grants.order_by("starts_on", "pk")]


class NobodyToTurnTo(Exception):
    """There is no living P&Q lead: the installation cannot hold duties."""


def pq_lead(on: date) -> Staff:
    """The P&Q lead, to whom every duty climbs in the end; an officer where there is no lead.

    Raises NobodyToTurnTo where the council has neither.
    """
    people = holders_of(Role.QA_LEAD, on) or holders_of(Role.QA_OFFICER, on)
    if not people:
        raise NobodyToTurnTo("Give somebody the role Performance and Quality lead first.")
    return people[0]


def system_actor() -> Staff:
    """The account under which the portal itself acts: the tick, the draw's clock, imports by night."""
    actor, _ = Staff.objects.get_or_create(
        reference="system",
        defaults={
            "name": "Audit Portal",
            "email": "system@audit-portal.invalid",
            "is_system": True,
            "is_active": False,
            "password": "!",
        },
    )
    return actor
