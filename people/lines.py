"""Who stands above whom: managers of units, line managers, cover, and the last resort, the P&Q lead."""

from datetime import date

from people.models import Absence, RoleGrant, Staff, Unit
from people.roles import Role

MANAGERS = ("manager__unit", "manager__line_manager__unit")


class NobodyToTurnTo(Exception):
    """There is no living P&Q lead: the installation cannot hold duties."""


class Lines:
    """The lines of one day. What was read is kept, so ask a new one after a change.

    `whole` reads all units, grants and absences at once: three queries however many people are asked about.
    """

    def __init__(self, on: date, *, whole: bool = False) -> None:
        self.on = on
        self._whole = whole
        self._units: dict[int, Unit] = {}
        self._roles: dict[str, list[Staff]] = {}
        self._absences: dict[int, Absence | None] = {}
        if whole:
            self._read_all()

    def _read_all(self) -> None:
        self._units = {unit.pk: unit for unit in Unit.objects.select_related(*MANAGERS)}
        for grant in self._grants():
            self._roles.setdefault(grant.role, []).append(grant.staff)
        for absence in self._away():
            self._absences.setdefault(absence.staff_id, absence)

    def _grants(self):
        grants = RoleGrant.objects.on(self.on).filter(staff__is_active=True).order_by("starts_on", "pk")
        return grants.select_related("staff__unit", "staff__line_manager__unit")

    def _away(self):
        found = Absence.objects.filter(starts_on__lte=self.on, ends_on__gte=self.on)
        return found.select_related("cover__unit").order_by("pk")

    def upwards(self, unit: Unit) -> list[Unit]:
        """`unit` and those above it, the directorate last."""
        order = unit.ids_upwards()
        if missing := [pk for pk in order if pk not in self._units]:
            found = Unit.objects.filter(pk__in=missing).select_related(*MANAGERS)
            self._units |= {row.pk: row for row in found}
        return [self._units[pk] for pk in order]

    def managers_upwards(self, unit: Unit) -> list[Staff]:
        """The living managers from `unit` up to the directorate, nearest first, each once."""
        living = (row.manager for row in self.upwards(unit) if row.manager and row.manager.is_active)
        return list(dict.fromkeys(living))

    def manager_of_kind(self, unit: Unit, kind: str) -> Staff | None:
        """The living manager of the unit of that kind at or above `unit`, or the next one up."""
        reached = False
        for row in self.upwards(unit):
            reached = reached or row.kind == kind
            if reached and row.manager and row.manager.is_active:
                return row.manager
        return None

    def line_manager(self, staff: Staff) -> Staff | None:
        """The named line manager, else the nearest living manager above who is somebody else."""
        if staff.line_manager and staff.line_manager.is_active:
            return staff.line_manager
        if staff.unit is None:
            return None
        return next((person for person in self.managers_upwards(staff.unit) if person != staff), None)

    def _absence_of(self, staff: Staff) -> Absence | None:
        if staff.pk not in self._absences and not self._whole:
            self._absences[staff.pk] = self._away().filter(staff=staff).first()
        return self._absences.get(staff.pk)

    def is_away(self, staff: Staff) -> bool:
        """Whether `staff` is absent on the day."""
        return self._absence_of(staff) is not None

    def cover_for(self, staff: Staff) -> Staff | None:
        """Who covers for `staff`, where they are away and somebody living was named."""
        absence = self._absence_of(staff)
        return absence.cover if absence and absence.cover and absence.cover.is_active else None

    def holders_of(self, role: str) -> list[Staff]:
        """Everyone living who was granted `role`, longest first."""
        if role not in self._roles and not self._whole:
            self._roles[role] = [grant.staff for grant in self._grants().filter(role=role)]
        return self._roles.get(role, [])

    def pq_lead(self) -> Staff:
        """The P&Q lead, to whom every duty climbs in the end; an officer where there is no lead.

        Raises NobodyToTurnTo where the council has neither.
        """
        people = self.holders_of(Role.QA_LEAD) or self.holders_of(Role.QA_OFFICER)
        if not people:
            raise NobodyToTurnTo("Give somebody the role Performance and Quality lead first.")
        return people[0]


def managers_upwards(unit: Unit) -> list[Staff]:
    """The living managers from `unit` up to the directorate, nearest first, each once."""
    return Lines(date.min).managers_upwards(unit)


def manager_of_kind(unit: Unit, kind: str) -> Staff | None:
    """The living manager of the unit of that kind at or above `unit`, or the next one up."""
    return Lines(date.min).manager_of_kind(unit, kind)


def line_manager(staff: Staff) -> Staff | None:
    """The named line manager, else the nearest living manager above who is somebody else."""
    return Lines(date.min).line_manager(staff)


def cover_for(staff: Staff, on: date) -> Staff | None:
    """Who covers for `staff` on a day, where they are away and somebody living was named."""
    return Lines(on).cover_for(staff)


def holders_of(role: str, on: date) -> list[Staff]:
    """Everyone living who was granted `role`, longest first."""
    return Lines(on).holders_of(role)


def pq_lead(on: date) -> Staff:
    """The P&Q lead, to whom every duty climbs in the end. Raises NobodyToTurnTo where the council has none."""
    return Lines(on).pq_lead()


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
