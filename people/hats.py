"""What people may be on one day: roles granted, units managed. Two queries, kept on the person."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps

from calendars.rules import today_in_london
from people.roles import LEADERS, PQ_ROLES, Role

if TYPE_CHECKING:
    from people.models import Staff

ROLE_OF_KIND = {
    "team": Role.TEAM_MANAGER,
    "group": Role.GROUP_MANAGER,
    "service": Role.HEAD_OF_SERVICE,
    "directorate": Role.ASSISTANT_DIRECTOR,
}


@dataclass(frozen=True)
class Hats:
    """Roles of a person, and the paths of the units that they manage."""

    roles: frozenset[str]
    unit_paths: tuple[str, ...]

    def wears(self, *roles: str) -> bool:
        """Whether any of `roles` is held."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_pq(self) -> bool:
        """Performance and Quality: allocates and monitors (S1-01)."""
        return self.wears(*PQ_ROLES)

    @property
    def is_leader(self) -> bool:
        """Reads the monthly dashboard of the whole council."""
        return self.wears(*LEADERS)

    @property
    def manages(self) -> bool:
        """Whether any unit is theirs."""
        return bool(self.unit_paths)

    def manages_path(self, path: str) -> bool:
        """Whether a unit with `path` is one of theirs or lies under one."""
        return any(path.startswith(own) for own in self.unit_paths)


def role_of_unit(kind: str, is_quality_service: bool) -> str:
    """The role that managing a unit brings; the quality directorate is the strategic lead's."""
    if kind == "directorate" and is_quality_service:
        return Role.STRATEGIC_LEAD
    return ROLE_OF_KIND[kind]


Placed = tuple[str, bool, str]  # a unit's kind, whether it is quality's, its path
PLACED = ("kind", "is_quality_service", "path")
GRANTED = ("role", "unit__kind", "unit__is_quality_service", "unit__path")


def hats_of(staff: "Staff", on: date | None = None) -> Hats:
    """The hats of `staff` on a day (today in London when none is given).

    Nobody who left has any, nor an external auditor whose last day is over (S3-05). Who is granted the role
    of a unit's manager for that unit stands in for its manager (B6).
    """
    day = on or today_in_london()
    if staff.pk is None or not staff.is_active or staff.is_over(day):
        return Hats(frozenset(), ())
    return _hats(list(staff.role_grants.on(day).values_list(*GRANTED)),
                 list(staff.managed_units.open(day).values_list(*PLACED)))


def _hats(grants: list[tuple[str, str | None, bool | None, str | None]], units: list[Placed]) -> Hats:
    units = units + [unit for role, *unit in grants if unit[0] and role == role_of_unit(unit[0], unit[1])]
    roles = {role for role, *_ in grants} | {role_of_unit(kind, quality) for kind, quality, _ in units}
    return Hats(frozenset(roles), tuple(path for _, _, path in units))


def put_on(people: Iterable["Staff"]) -> None:
    """Read today's hats of many people in two queries, so that `staff.hats()` asks no more."""
    day = today_in_london()
    bare = [person for person in people if None not in person.__dict__.get("_hats", {})]
    living = [person.pk for person in bare if person.is_active and not person.is_over(day)]
    grants, units = defaultdict(list), defaultdict(list)
    for pk, *row in _rows("RoleGrant").on(day).filter(staff__in=living).order_by("pk").values_list("staff", *GRANTED):
        grants[pk].append(tuple(row))
    for pk, *row in _rows("Unit").open(day).filter(manager__in=living).order_by("pk").values_list("manager", *PLACED):
        units[pk].append(tuple(row))
    for person in bare:
        person.__dict__.setdefault("_hats", {})[None] = _hats(grants[person.pk], units[person.pk])


def _rows(model: str) -> Any:
    return apps.get_model("people", model).objects
