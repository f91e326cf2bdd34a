"""Named queries on people and units."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from people.roles import Role

if TYPE_CHECKING:
    from people.models import Staff


class UnitQuerySet(models.QuerySet):
    """Units of the council."""

    def open(self, on: date) -> "UnitQuerySet":
        """Units that are not closed on a day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=on))

    def closed(self, on: date) -> "UnitQuerySet":
        """Units that are closed on a day, by name."""
        return self.filter(closed_on__lte=on).order_by("folded_name", "pk")

    def under(self, paths: tuple[str, ...]) -> "UnitQuerySet":
        """Units that are, or lie under, one of the paths."""
        return self.filter(under_paths("path", paths))

    def visible_to(self, staff: "Staff") -> "UnitQuerySet":
        """The shape of the organisation is open to all staff, but not to board viewers."""
        return self if sees_colleagues(staff) else self.none()


def under_paths(field: str, paths: tuple[str, ...]) -> Q:
    """Matches rows whose `field` starts with one of `paths`; nothing when there are none."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def sees_colleagues(staff: "Staff") -> bool:
    """Everyone who works here may look up colleagues; a person with the board's view only may not."""
    roles = staff.hats().roles
    return staff.is_active and roles != {Role.BOARD_VIEWER}


class StaffQuerySet(models.QuerySet):
    """People."""

    def working(self) -> "StaffQuerySet":
        """Living accounts of persons: not left, not the system's own."""
        return self.filter(is_active=True, is_system=False)

    def over(self, on: date) -> "StaffQuerySet":
        """Whose last day, as a leaver or an external auditor, lies before a day (S3-05)."""
        return self.filter(Q(left_on__lt=on) | Q(access_ends_on__lt=on))

    def visible_to(self, staff: "Staff") -> "StaffQuerySet":
        """The staff directory (name, job, team, phone) is open to all staff."""
        return self.filter(is_system=False) if sees_colleagues(staff) else self.filter(pk=staff.pk)


class RoleGrantQuerySet(models.QuerySet):
    """Role grants by day."""

    def on(self, day: date) -> "RoleGrantQuerySet":
        """Grants that run on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def visible_to(self, staff: "Staff") -> "RoleGrantQuerySet":
        """Who holds which role is for P&Q and administrators; one's own for everyone."""
        hats = staff.hats()
        return self if hats.is_pq or hats.wears(Role.SYSTEM_ADMIN) else self.filter(staff=staff)


class AuditorQuerySet(models.QuerySet):
    """The auditor register."""

    def in_pool(self, day: date) -> "AuditorQuerySet":
        """Registered on a day: joined, not left, not suspended, account living, its last day not over (A5, S3-05)."""
        over = Q(staff__left_on__lt=day) | Q(staff__access_ends_on__lt=day)
        suspended = Q(suspended_from__lte=day) & (Q(suspended_until=None) | Q(suspended_until__gte=day))
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), joined_on__lte=day, staff__is_active=True).exclude(
            suspended | over
        )

    def in_register(self) -> "AuditorQuerySet":
        """Not left; also those who have asked to join."""
        return self.filter(left_on=None, staff__is_active=True)

    def asking(self) -> "AuditorQuerySet":
        """Volunteers who wait for an answer (S4-08)."""
        return self.in_register().filter(joined_on=None)

    def on_duty(self, first: date, last: date) -> "AuditorQuerySet":
        """In the pool on the first day and not away for the whole time until the last."""
        away = Exists(self._absences().filter(staff=OuterRef("staff"), starts_on__lte=first, ends_on__gte=last))
        return self.in_pool(first).filter(~away)

    def _absences(self) -> models.QuerySet:
        return self.model._meta.get_field("staff").related_model._meta.get_field("absences").related_model.objects

    def visible_to(self, staff: "Staff") -> "AuditorQuerySet":
        """P&Q and administrators see the register; an auditor their own entry."""
        hats = staff.hats()
        return self if hats.is_pq or hats.wears(Role.SYSTEM_ADMIN) else self.filter(staff=staff)
