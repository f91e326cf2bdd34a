"""The figures of a month, each counted by the database: the number of queries never depends on the number of audits."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from audits.models import Answer, Audit, Concern, FamilyView
from audits.noncompletion import DONE_LATE, awaiting_q, due_by, missed_q
from calendars.rules import add_months_clamped, at_london
from duties.models import Duty
from programmes.models import Judgement
from reporting.permissions import Scope

MONTHS_SHOWN, HEAT_MONTHS = 12, 3
AN_HOUR = timedelta(hours=1)
A_SECOND = timedelta(seconds=1)  # within the second in which it is due is in time (calendars.rules.is_late)
IN_TIME = Q(first_shared_at__lt=F("due_at") + A_SECOND)


@dataclass(frozen=True)
class Volume:
    """One month's audits: how many were given out, finished (first shared, A13) and finished in time.

    Of `past` ones, taken over from before the portal, nobody knows when they were finished or whom they heard (B13).
    """

    allocated: int = 0
    finished: int = 0
    in_time: int = 0
    late: int = 0
    missed: int = 0
    awaiting: int = 0
    heard: int = 0
    past: int = 0
    ungraded: int = 0  # final, under a programme that gives no grade (S4-14)

    @property
    def timed(self) -> int:
        """How many have a time by which they were due and done."""
        return self.allocated - self.past

    @property
    def asked(self) -> int:
        """How many of the finished ones say whether the family was heard."""
        return self.finished - self.past


@dataclass(frozen=True)
class GradeKey:
    """A grade as the chart orders and colours it, best first."""

    position: int
    label: str
    short_label: str
    colour: str
    is_good: bool
    is_inadequate: bool


@dataclass(frozen=True)
class Grades:
    """Final grades by month: what was found, and every grade that occurs, best first."""

    months: dict[date, dict[GradeKey, int]]
    keys: list[GradeKey]

    def of(self, month: date) -> list[int]:
        """The counts of one month in the order of the grades."""
        found = self.months.get(month, {})
        return [found.get(key, 0) for key in self.keys]

    def final(self, month: date) -> int:
        """How many audits of a month are final."""
        return sum(self.of(month))

    def good(self, month: date) -> int:
        """How many of them are good or better."""
        return sum(n for key, n in self.months.get(month, {}).items() if key.is_good)

    def shares(self) -> list[float]:
        """Good or better in per cent, month by month, oldest first."""
        months = sorted(month for month in self.months if self.final(month))
        return [100 * self.good(month) / self.final(month) for month in months]


@dataclass
class HeatMap:
    """For each domain and service: judged "met", and judged at all."""

    domains: list[tuple[int, str]] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    cells: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)

    def total(self, position: int) -> tuple[int, int]:
        """One domain over all services."""
        found = [self.cells.get((position, service), (0, 0)) for service in self.services]
        return sum(met for met, _ in found), sum(judged for _, judged in found)


@dataclass(frozen=True)
class Concerns:
    """Immediate concerns of a month: raised, answered within the hour, not answered yet."""

    raised: int
    within_an_hour: int
    unanswered: int
    raised_before: int


def window(month: date, count: int = MONTHS_SHOWN) -> list[date]:
    """So many months that end with `month`, oldest first."""
    return [add_months_clamped(month, -step) for step in range(count - 1, -1, -1)]


def volumes(scope: Scope, month: date, now: datetime) -> dict[date, Volume]:
    """Audited against allocated, for each month shown. One query."""
    heard = Exists(FamilyView.objects.filter(audit=OuterRef("pk"), removed_at=None))
    finished, ours = Q(first_shared_at__isnull=False), Q(is_past=False)
    rows = (
        scope.of(Audit.objects.filter(month__in=window(month)), now).order_by().values("month")
        .annotate(
            allocated=Count("pk"), finished=Count("pk", filter=finished), in_time=Count("pk", filter=IN_TIME & ours),
            late=Count("pk", filter=due_by(now) & DONE_LATE), heard=Count("pk", filter=finished & Q(heard)),
            past=Count("pk", filter=~ours),
            ungraded=Count("pk", filter=Q(is_graded=False, finalised_at__isnull=False)),
            missed=Count("pk", filter=missed_q(now)), awaiting=Count("pk", filter=awaiting_q(now)),
        )
    )
    return {row.pop("month"): Volume(**row) for row in rows}


def grades(scope: Scope, month: date, now: datetime) -> Grades:
    """Final grades of the months shown (after moderation, where there was one). One query."""
    rows = scope.of(Audit.objects.final().filter(month__in=window(month)), now).order_by().values_list(
        "month", "grade__position", "grade__label", "grade__short_label", "grade__colour", "grade__is_good_or_better",
        "grade__is_inadequate").annotate(n=Count("pk"))
    months: dict[date, dict[GradeKey, int]] = defaultdict(dict)
    for when, *key, n in rows:
        months[when][GradeKey(*key)] = n
    keys = {key for found in months.values() for key in found}
    return Grades(dict(months), sorted(keys, key=lambda key: (key.position, key.label)))


def heat_map(scope: Scope, month: date, now: datetime) -> HeatMap:
    """Judgements of the final audits of three months by domain and service, without "not applicable". One query."""
    audits = scope.of(Audit.objects.final().filter(month__in=window(month, HEAT_MONTHS)), now)
    judged = Q(value__in=[Judgement.MET, Judgement.PARTIALLY_MET, Judgement.NOT_MET])
    rows = (
        Answer.objects.filter(judged, field="judgement", audit__in=audits).order_by()
        .values_list("domain__position", "domain__title", "audit__service_name")
        .annotate(met=Count("pk", filter=Q(value=Judgement.MET)), judged=Count("pk"))
    )
    found = HeatMap()
    for position, title, service, met, count in rows:
        found.cells[position, service or "No service"] = (met, count)
        found.domains.append((position, title))
    found.domains = sorted(dict(found.domains).items())
    found.services = sorted({service for _, service in found.cells})
    return found


def still_inadequate(scope: Scope, month: date, now: datetime) -> QuerySet[Audit]:
    """Audits that left a case inadequate: final, and no later final audit of the same case up to the month.

    One from before the portal counts where its round was still open when it was taken over (B13).
    """
    later = Audit.objects.final().filter(
        case_file=OuterRef("case_file"), month__gt=OuterRef("month"), month__lte=month)
    due = Duty.objects.open().filter(audit_number=OuterRef("number")).order_by("due_at", "pk").values("due_at")[:1]
    final = Audit.objects.final().filter(month__lte=month, grade__is_inadequate=True).exclude(open_round=0)
    return scope.of(final, now).exclude(Exists(later)).annotate(next_due=Subquery(due)).order_by("month", "number")


def concerns(scope: Scope, month: date, now: datetime) -> Concerns:
    """Immediate concerns raised in a month and in the one before. One query."""
    start, middle, end = (at_london(add_months_clamped(month, step), time()) for step in (-1, 0, 1))
    this = Q(raised_at__gte=middle, raised_at__lt=end)
    quick = this & Q(acknowledged_at__lte=F("raised_at") + AN_HOUR)
    found = Concern.objects.filter(scope.limits(now, "audit__"), raised_at__gte=start, raised_at__lt=end).aggregate(
        raised=Count("pk", filter=this), within_an_hour=Count("pk", filter=quick),
        unanswered=Count("pk", filter=this & Q(acknowledged_at=None)), raised_before=Count("pk", filter=~this),
    )
    return Concerns(**found)


def services(scope: Scope, month: date, now: datetime) -> list[str]:
    """The services that had audits in the months shown. One query."""
    audits = scope.of(Audit.objects.filter(month__in=window(month)), now)
    return sorted(name for name in audits.order_by().values_list("service_name", flat=True).distinct() if name)
