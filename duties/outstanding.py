"""P&Q's board of all that waits: how much of what kind or service, how long overdue, and when it was last chased."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet

from duties.filters import of_age
from duties.models import Duty, Notice
from duties.notices import NUDGE
from duties.registry import label_of
from people.models import Unit

AGES = ("month", "weeks", "days", "today", "later")
NO_SERVICE = "No service"


@dataclass(frozen=True)
class Line:
    """One kind, or one service: how many duties are open, by how long they have been due."""

    key: str
    name: str
    counts: tuple[int, ...]

    @property
    def all(self) -> int:
        """All open ones."""
        return sum(self.counts)

    @property
    def overdue(self) -> int:
        """Those past their due time."""
        return sum(self.counts[:3])


def by_kind(duties: QuerySet[Duty]) -> list[Line]:
    """A line for each kind, most overdue first. One query."""
    rows = _counted(duties, "kind")
    return _sorted(Line(kind, label_of(kind), tuple(counts)) for kind, counts in rows.items())


def by_service(duties: QuerySet[Duty], units: Iterable[Unit]) -> list[Line]:
    """A line for each service concerned, most overdue first; what concerns no unit counts to its holder's. Two queries,
    of which the large one joins nothing.
    """
    units = {unit.pk: unit for unit in units}
    services = {unit.path: unit for unit in units.values() if unit.kind == Unit.Kind.SERVICE}
    sums: dict[Unit | None, list[int]] = defaultdict(lambda: [0] * len(AGES))
    concerned = _counted(duties.exclude(unit=None), "unit").items()
    of_holders = _counted(duties.filter(unit=None), "holder__unit").items()
    for pk, counts in (*concerned, *of_holders):
        service = service_of(units[pk].path if pk in units else "", services)
        sums[service] = [a + b for a, b in zip(sums[service], counts, strict=True)]
    return _sorted(Line(str(unit.pk) if unit else "", unit.name if unit else NO_SERVICE, tuple(counts))
                   for unit, counts in sums.items())


def service_of(path: str, services: dict[str, Unit]) -> Unit | None:
    """The service to which a unit belongs, by the path of the unit; none above a service."""
    return next((unit for prefix, unit in services.items() if path.startswith(prefix)), None)


def _counted(duties: QuerySet[Duty], field: str) -> dict:
    counts = {age: Count("pk", filter=of_age(age)) for age in AGES}
    rows = duties.order_by().values(field).annotate(**counts).values_list(field, *AGES)
    return {key: ages for key, *ages in rows}


def _sorted(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.overdue, -line.all, line.name))


def total(lines: list[Line]) -> Line:
    """All lines together."""
    return Line("", "All", tuple(map(sum, zip(*(line.counts for line in lines), strict=True))) or (0,) * len(AGES))


def nudges(duties: Iterable[Duty]) -> dict[int, datetime]:
    """When P&Q last asked the holders of some duties, by duty. One query."""
    asked = Notice.objects.filter(duty__in=[duty.pk for duty in duties], event=NUDGE, channel="inbox").order_by()
    return dict(asked.values("duty").annotate(last=Max("created_at")).values_list("duty", "last"))


def unowned(duties: QuerySet[Duty]) -> int:
    """How many have no owner of their own."""
    return duties.filter(Q(is_unowned=True)).count()


def nudge_key(duty: Duty, on: date) -> str:
    """One reminder of this kind a day, however often it is asked for."""
    return f"duty:{duty.pk}:{duty.revision}:nudge:{on}"
