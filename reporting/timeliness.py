"""Was each step in time: the list, the audits, what was returned, Part B, actions. Counted by the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
)

from allocations.models import Allocation, Round
from audits.models import Audit, Return
from calendars.rules import london_date, month_end_due
from followup.models import Action, PartB
from reporting.figures import A_SECOND
from reporting.permissions import Scope

AGES = (30, 60, 90)


class Median(Aggregate):
    """The middle value; between two, their mean."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Listed:
    """When a month's list went out, and by when it had to."""

    published_on: date
    publish_by: date

    @property
    def days_late(self) -> int:
        """Calendar days after the first working day; 0 in time (S1-02)."""
        return max((self.published_on - self.publish_by).days, 0)


@dataclass(frozen=True)
class Answered:
    """Part B of one month's audits."""

    supervised: int = 0
    supervision_due: int = 0
    median_days: int | None = None
    confirmed: int = 0
    open_for: tuple[int, ...] = (0, 0, 0)


@dataclass(frozen=True)
class Overdue:
    """Actions not confirmed: now, over sixty days late, and as it was when the month before ended."""

    overdue: int
    open: int
    over_sixty: int
    overdue_before: int
    open_before: int


def lists(months: list[date]) -> dict[date, Listed]:
    """When the lists of some months went out, of several in a month the one that was latest. One query.

    Nobody knows of months from before the portal; a list without notice has no working day to be out by.
    """
    rounds = Round.objects.published().drawn_here().filter(month__in=months, is_no_notice=False)
    found: dict[date, Listed] = {}
    for month, at, by in rounds.order_by("month", "pk").values_list("month", "published_at", "publish_by"):
        listed = Listed(london_date(at), by)
        if month not in found or listed.days_late > found[month].days_late:
            found[month] = listed
    return found


def returned(scope: Scope, months: list[date], now: datetime) -> dict[date, tuple[int, int]]:
    """Returned audits: sent back in time, of those sent back or due (S1-48). One query."""
    rows = (
        Return.objects.filter(scope.limits(now, "audit__"), audit__month__in=months).order_by()
        .values_list("audit__month").annotate(in_time=Count("pk", filter=Q(resubmitted_at__lt=F("due_at") + A_SECOND)),
                  due=Count("pk", filter=Q(resubmitted_at__isnull=False) | Q(due_at__lt=now)))
    )
    return {month: (in_time, due) for month, in_time, due in rows}


def answers(scope: Scope, months: list[date], now: datetime) -> dict[date, Answered]:
    """Supervision in time, days until the manager confirmed, and how long the rest has been open (S1-62). One query.

    Those of audits from before the portal count for how long they are open, and for nothing else.
    """
    took = ExpressionWrapper(F("returned_at") - F("opened_at"), output_field=DurationField())
    is_open = Q(status=PartB.Status.OPEN)
    ages = {f"open_{days}": Count("pk", filter=is_open & Q(opened_at__lt=now - timedelta(days=days))) for days in AGES}
    recorded, ours = Q(supervision_recorded_at__isnull=False), Q(audit__is_past=False)
    rows = (
        PartB.objects.filter(scope.limits(now, "audit__"), audit__month__in=months).order_by().values("audit__month")
        .annotate(
            supervised=Count("pk", filter=ours & Q(supervision_recorded_at__lt=F("supervision_due_at") + A_SECOND)),
            supervision_due=Count("pk", filter=ours & (recorded | Q(supervision_due_at__lt=now))),
            confirmed=Count("pk", filter=ours & Q(status="closed")), median=Median(took, filter=ours), **ages)
    )
    return {row["audit__month"]: _answered(row) for row in rows}


def _answered(row: dict) -> Answered:
    median = None if row["median"] is None else round(row["median"] / timedelta(days=1))
    return Answered(row["supervised"], row["supervision_due"], median, row["confirmed"],
                    tuple(row[f"open_{days}"] for days in AGES))


def actions(scope: Scope, month: date, before: date, now: datetime) -> Overdue:
    """Actions of audits up to the month that nobody has confirmed, now and when the month before ended. One query."""
    today, then = london_date(now), month_end_due(before.year, before.month)
    is_open = Q(status=Action.Status.OPEN)
    was_open = Q(part_b__opened_at__lte=then) & (is_open | Q(confirmed_at__gt=then))
    found = Action.objects.filter(scope.limits(now, "part_b__audit__"), part_b__audit__month__lte=month).aggregate(
        open=Count("pk", filter=is_open), overdue=Count("pk", filter=is_open & Q(due_on__lt=today)),
        over_sixty=Count("pk", filter=is_open & Q(due_on__lt=today - timedelta(days=60))),
        open_before=Count("pk", filter=was_open),
        overdue_before=Count("pk", filter=was_open & Q(due_on__lt=london_date(then))),
    )
    return Overdue(**found)


def exempted(scope: Scope, months: list[date], now: datetime) -> dict[date, int]:
    """Exemptions agreed, of audits within the report; whoever took one over keeps its number. One query."""
    audits = Audit.objects.filter(scope.limits(now), number=OuterRef("number"))
    rows = Allocation.objects.filter(Exists(audits), status=Allocation.Status.EXEMPTED, round__month__in=months)
    return dict(rows.order_by().values_list("round__month").annotate(n=Count("pk")))
