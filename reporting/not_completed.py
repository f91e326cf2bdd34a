"""Audits not completed in time, by month and service of the auditor; persons only for who answers for them (S1-63)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Count, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from audits.models import Audit
from audits.noncompletion import DONE_LATE, awaiting_q, due_by, in_line_of, missed, missed_q
from audits.querysets import AuditQuerySet
from people.models import Staff, Unit

MONTHS_SHOWN = 12
NO_SERVICE = "No service"


@dataclass(frozen=True)
class Reader:
    """What one reader sees: the totals of the whole council or of their line, and the persons of `persons`, if any."""

    staff: Staff
    sees_all: bool
    sees_council: bool
    sees_persons: bool

    def totals(self, now: datetime) -> AuditQuerySet:
        """The audits that the totals count."""
        return self._known(now) if self.sees_council else self.persons(now)

    def persons(self, now: datetime) -> AuditQuerySet:
        """The audits that may be listed with their auditors."""
        if not self.sees_persons:
            return Audit.objects.none()
        return self._known(now) if self.sees_all else self._known(now).filter(in_line_of(self.staff))

    def _known(self, now: datetime) -> AuditQuerySet:
        known = Q() if self.sees_all else Q(visible_from__lte=now)
        return Audit.objects.filter(known)


def reader_of(staff: Staff) -> Reader:
    """P&Q see everything, managers the auditors under them, senior leaders totals. Raises PermissionDenied."""
    hats = staff.hats()
    manages = hats.manages or (staff.is_active and staff.reports.exists())
    if not (hats.is_pq or manages or hats.is_leader):
        raise PermissionDenied("Managers see this of their own people, senior leaders in figures, Performance and "
                               "Quality all of it.")
    return Reader(staff, hats.is_pq, hats.is_pq or hats.is_leader, hats.is_pq or manages)


@dataclass(frozen=True)
class Line:
    """One month, or one service: how many audits fell due, and what became of those not complete then."""

    name: str | date
    due: int
    late: int
    missed: int
    awaiting: int

    @property
    def open(self) -> int:
        """Not completed, and still to be done."""
        return self.missed - self.late

    @property
    def in_time(self) -> int:
        """Complete when they were due."""
        return self.due - self.missed - self.awaiting

    def figures(self) -> tuple[int, ...]:
        """As the tables show them."""
        return self.due, self.in_time, self.late, self.open, self.awaiting


def by_month(audits: AuditQuerySet, now: datetime) -> list[Line]:
    """The newest months of which audits have fallen due, newest first. One query."""
    return _lines(audits, "month", now, "-month")[:MONTHS_SHOWN]


def by_service(audits: AuditQuerySet, months: list[date], now: datetime) -> list[Line]:
    """The same by service of the auditor, for some months. One query."""
    return _lines(with_service(audits.filter(month__in=months)), "service", now, "service")


def _lines(audits: AuditQuerySet, name: str, now: datetime, order: str) -> list[Line]:
    rows = audits.filter(due_by(now)).order_by().values(name).annotate(
        due=Count("pk"), late=Count("pk", filter=DONE_LATE), missed=Count("pk", filter=missed_q(now)),
        awaiting=Count("pk", filter=awaiting_q(now))).order_by(order)
    return [Line(row.pop(name), **row) for row in rows]


def with_service(audits: AuditQuerySet) -> AuditQuerySet:
    """With the service of the auditor; of whoever is above services, the unit."""
    path = ExpressionWrapper(OuterRef("auditor__unit__path"), CharField())
    above = Unit.objects.annotate(lower=path).filter(lower__startswith=F("path"), kind=Unit.Kind.SERVICE)
    service = Coalesce(Subquery(above.order_by("pk").values("name")[:1]), F("auditor__unit__name"), Value(NO_SERVICE))
    return audits.annotate(service=service)


def listed(reader: Reader, now: datetime) -> AuditQuerySet:
    """The audits not completed in time that this reader may see by person, with state and service."""
    found = with_service(missed(now).filter(pk__in=reader.persons(now).values("pk")))
    return found.select_related("auditor").order_by("-month", "auditor__folded_name", "number")
