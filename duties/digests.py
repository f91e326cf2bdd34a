"""The leaders' digest: what was late in a month, in figures, told once on the first working day after (S1-62, S1-63).

A rung of a ladder that names `slt_digest` tells nobody by name: it is counted here, in the month in which it came.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from calendars.calendar import local_extra_days
from calendars.months import month_name
from calendars.rules import Days, add_months_clamped, at_london, first_working_day, london_date
from duties.models import Duty, LeadersDigest, RungFired
from duties.notices import notify
from duties.outstanding import NO_SERVICE, service_of
from duties.registry import label_of, register_event, register_subject
from people.lines import system_actor
from people.models import RoleGrant, Staff, Unit
from people.roles import LEADERS
from trail.writing import record

MADE = "digest.made"
MADE_AT = time(8, 30)  # London, after the reminders of eight o'clock


@dataclass(frozen=True)
class Line:
    """One kind, or one service: how many were late, how many of these are open still, the longest, in days."""

    name: str
    late: int
    still_open: int
    longest: int


def register() -> None:
    """Who may hear of a digest: whoever may read it."""
    register_subject(LeadersDigest, LeadersDigest.objects.visible_to)
    register_event(MADE, "The month’s digest for senior leaders")


def make_if_due(now: datetime) -> LeadersDigest | None:
    """The digest of the newest month whose time has come, where it is to be made; safe with any number of beats.

    After a long gap only the newest is made: a month that leaders would read of much later is in the reports.
    """
    month = month_due(now, local_extra_days())
    if LeadersDigest.objects.filter(month=month).exists() or not _is_countable(month):
        return None
    return make_digest(month=month, at=now)


def month_due(now: datetime, extra: Days) -> date:
    """The newest month of which leaders are to be told: from 8:30am on the first working day after its end."""
    this_month = london_date(now).replace(day=1)
    comes_at = at_london(first_working_day(this_month.year, this_month.month, extra), MADE_AT)
    return add_months_clamped(this_month, -1 if now >= comes_at else -2)


def _is_countable(month: date) -> bool:
    """There was something to do by then, and no rung of the month is still to be fired by a tick."""
    _, end = bounds(month)
    to_fire = Duty.objects.open().filter(next_rung_at__lt=end)
    return Duty.objects.filter(opened_at__lt=end).exists() and not to_fire.exists()


def bounds(month: date) -> tuple[datetime, datetime]:
    """The first moment of a month in London, and the first after it."""
    return at_london(month, time()), at_london(add_months_clamped(month, 1), time())


@transaction.atomic
def make_digest(*, month: date, at: datetime) -> LeadersDigest | None:
    """Count a month as things stand at `at` and tell the leaders; nothing where somebody else was quicker."""
    digest, is_new = LeadersDigest.objects.get_or_create(
        month=month, defaults={"made_at": at, "figures": figures_of(month, at)}
    )
    if not is_new:
        return None
    notify(f"digest:{month:%Y-%m}", leaders(london_date(at)), event=MADE, subject=digest, title=title_of(digest),
           url=digest.get_absolute_url(), at=at)
    record(MADE, target=digest, by=system_actor(), at=at)
    return digest


def leaders(on: date) -> list[Staff]:
    """Everybody who leads on a day: by a role, or by managing a directorate. One query."""
    granted = RoleGrant.objects.on(on).filter(role__in=LEADERS).values("staff")
    managing = Unit.objects.open(on).filter(kind=Unit.Kind.DIRECTORATE, manager__isnull=False).values("manager")
    return list(Staff.objects.filter(Q(pk__in=granted) | Q(pk__in=managing), is_active=True).order_by("pk"))


def title_of(digest: LeadersDigest) -> str:
    """The notice: figures only."""
    late, still_open = totals(digest)
    name = month_name(digest.month)
    return f"{name}: {_things(late)} late, {still_open} still open" if late else f"{name}: nothing was late"


def _things(count: int) -> str:
    return "1 thing was" if count == 1 else f"{count} things were"


def totals(digest: LeadersDigest) -> tuple[int, int]:
    """All that was late in the month, and how much of it was open still when it was counted."""
    rows = digest.figures["kinds"]
    return sum(row["late"] for row in rows), sum(row["still_open"] for row in rows)


def by_kind(digest: LeadersDigest) -> list[Line]:
    """A line for each kind, most late first."""
    return _sorted(Line(**{**row, "name": label_of(row["name"])}) for row in digest.figures["kinds"])


def by_service(digest: LeadersDigest) -> list[Line]:
    """A line for each service concerned, most late first."""
    return _sorted(Line(**row) for row in digest.figures["services"])


def _sorted(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.late, line.name))


def figures_of(month: date, at: datetime) -> dict:
    """What the digest of a month says. Three queries, however much was late."""
    rows, services = list(_late(month, at)), _services()
    open_now = Duty.objects.open()
    return {
        "kinds": _summed((row[0], row[3:]) for row in rows),
        "services": _summed((_name_of(row[1] or row[2] or "", services), row[3:]) for row in rows),
        **open_now.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=at))),
    }


def _late(month: date, at: datetime) -> QuerySet:
    """By kind and unit, the holder's where none is concerned: how many late, open still, and the longest open."""
    since, until = bounds(month)
    told = RungFired.objects.filter(duty=OuterRef("pk"), tells_leaders=True, came_at__gte=since, came_at__lt=until)
    lasted = ExpressionWrapper(Coalesce("closed_at", Value(at)) - F("opened_at"), output_field=DurationField())
    places = ("kind", "unit__path", "holder__unit__path")
    counts = {"late": Count("pk"), "still_open": Count("pk", filter=Q(closed_at=None)), "longest": Max(lasted)}
    return Duty.objects.filter(Exists(told)).order_by().values(*places).annotate(**counts).values_list(*places, *counts)


def _services() -> dict[str, Unit]:
    return {unit.path: unit for unit in Unit.objects.filter(kind=Unit.Kind.SERVICE)}


def _name_of(path: str, services: dict[str, Unit]) -> str:
    service = service_of(path, services)
    return service.name if service else NO_SERVICE


def _summed(rows: Iterator[tuple[str, tuple[int, int, timedelta]]]) -> list[dict]:
    """One line for each name, as it is stored."""
    found: dict[str, list[tuple[int, int, timedelta]]] = defaultdict(list)
    for name, counts in rows:
        found[name].append(counts)
    return [asdict(_line(name, *zip(*counts, strict=True))) for name, counts in found.items()]


def _line(name: str, late: tuple[int, ...], still_open: tuple[int, ...], lasted: tuple[timedelta, ...]) -> Line:
    return Line(name, sum(late), sum(still_open), max(lasted).days)
