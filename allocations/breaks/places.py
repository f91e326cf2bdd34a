"""A month's places for the first tab of its round: the limit, who waits, who has a break (S1-07, S1-08)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from allocations.break_models import Break, BreakMonth
from allocations.breaks.pool import pool_on, rules_for
from allocations.breaks.rules import SMALL_POOL, places
from allocations.pool import service_names
from calendars.rules import audit_year, audit_year_bounds, break_deadline, in_time_for_break


@dataclass(frozen=True)
class Line:
    """One wish, with the service and how many breaks the auditor has in the year."""

    wish: Break
    service: str
    breaks: int
    in_pool: bool = True


@dataclass(frozen=True)
class Places:
    """The month."""

    pool: int
    places: int
    percent: int
    per_year: int
    cap: int
    asked: int
    waiting: list[Line]
    granted: list[Line]
    told_at: datetime | None
    closes_at: datetime
    is_open: bool

    @property
    def taken(self) -> int:
        """Places held: a granted break of somebody who has left the pool holds none."""
        return sum(line.in_pool for line in self.granted)

    @property
    def over(self) -> int:
        """Granted beyond what the pool as it is now allows: leavers, or the lead's decision (B7)."""
        return max(self.taken - self.places, 0)

    @property
    def is_full(self) -> bool:
        """No place is left."""
        return self.taken >= self.places

    @property
    def is_small(self) -> bool:
        """Below five there is no place at all, unless the P&Q lead grants one (A5)."""
        return self.pool < SMALL_POOL


def places_of(month: date, now: datetime) -> Places:
    """The month as it stands."""
    rules = rules_for(month)
    wishes = list(Break.objects.filter(month=month).select_related("auditor").order_by("position", "granted_at", "pk"))
    year = audit_year_bounds(audit_year(month, rules.year_starts_month), rules.year_starts_month)
    here = set(pool_on(month).values_list("staff_id", flat=True))
    had = Counter(Break.objects.granted().filter(month__range=year).values_list("auditor_id", flat=True))
    services = service_names()
    lines = [Line(wish, services.get(wish.auditor.unit_id, ""), had[wish.auditor_id], wish.auditor_id in here)
             for wish in wishes]
    told = BreakMonth.objects.filter(month=month).values_list("limit_told_at", flat=True).first()
    return Places(
        len(here), places(len(here), rules.break_percent), rules.break_percent, rules.breaks_per_year, rules.yearly_cap,
        len(wishes),
        [line for line in lines if line.wish.status == Break.Status.WAITING],
        [line for line in lines if line.wish.status == Break.Status.GRANTED], told,
        break_deadline(month.year, month.month), in_time_for_break(now, month.year, month.month),
    )
