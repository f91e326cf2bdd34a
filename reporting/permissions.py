"""Who may read reports, and of what: the whole council, one's own services, or suppressed totals for the board."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from audits.querysets import AuditQuerySet
from calendars.rules import today_in_london
from people.models import RoleGrant, Staff, Unit
from people.querysets import under_paths
from people.roles import Role


@dataclass(frozen=True)
class Scope:
    """What one reader's report covers. `paths` of None is the whole council."""

    paths: tuple[str, ...] | None = None
    service: str = ""
    is_board: bool = False
    sees_no_notice: bool = False

    def limits(self, now: datetime, prefix: str = "") -> Q:
        """The audits of this report; `prefix` leads to the audit, such as "audit__"."""
        found = Q() if self.sees_no_notice else Q(**{f"{prefix}visible_from__lte": now})
        if self.paths is not None:
            found &= under_paths(f"{prefix}unit_path", self.paths)
        return found & Q(**{f"{prefix}service_name": self.service}) if self.service else found

    def of(self, audits: AuditQuerySet, now: datetime) -> AuditQuerySet:
        """These audits within the report, without substituted and cancelled ones."""
        return audits.live().filter(self.limits(now))

    def choose(self, service: str, services: list[str]) -> "Scope":
        """The same for one service. One that is not the reader's is not found."""
        if service and (self.is_board or service not in services):
            raise Http404("No such service in this report.")
        return replace(self, service=service)


def check_can_read_reports(staff: Staff) -> None:
    """P&Q, senior leaders, heads of service for their own, and the board its totals."""
    hats = staff.hats()
    if not (hats.is_pq or hats.is_leader or hats.wears(Role.HEAD_OF_SERVICE, Role.BOARD_VIEWER)):
        raise PermissionDenied("Reports are for senior leaders, heads of service and Performance and Quality.")


def scope_of(staff: Staff) -> Scope:
    """The widest report that a reader may have."""
    check_can_read_reports(staff)
    hats = staff.hats()
    if hats.is_pq or hats.is_leader:
        return Scope(sees_no_notice=hats.is_pq)
    if hats.wears(Role.HEAD_OF_SERVICE):
        return Scope(paths=own_services(staff))
    return Scope(is_board=True)


def own_services(staff: Staff) -> tuple[str, ...]:
    """Paths of the services that somebody heads, by managing them or by a role given for them."""
    today = today_in_london()
    granted = RoleGrant.objects.on(today).filter(staff=staff, role=Role.HEAD_OF_SERVICE).values("unit")
    units = Unit.objects.open(today).filter(Q(kind=Unit.Kind.SERVICE, manager=staff) | Q(pk__in=granted))
    return tuple(units.values_list("path", flat=True))
