"""The year at a glance: auditors down, twelve months across, one word in each cell (S1-03, S1-04, A4)."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q

from allocations.break_models import Break
from allocations.breaks.pool import pools
from allocations.breaks.rules import is_too_small, must_break, places
from allocations.models import Allocation
from allocations.months import months_from
from allocations.registry import completed
from calendars.rules import audit_year_bounds, in_time_for_break, is_late, london_date
from people.models import Staff
from programmes.policy import Sampling

Given = Allocation.Status
ALLOTTED = ("auditor_id", "round__month", "pk", "number", "status", "due_at")


class Allotted(NamedTuple):
    """What the grid needs of an allocation."""

    pk: int
    number: str | None
    status: str
    due_at: datetime


class Cell(NamedTuple):
    """One month of one auditor: its word, and the class that colours it."""

    month: date
    kind: str
    word: str


@dataclass
class Row:
    """One auditor's year."""

    staff: Staff
    service: str = ""
    cells: list[Cell] = field(default_factory=list)
    used: int = 0
    breaks: int = 0
    per_year: int = 2
    months_left: int = 0

    @property
    def forced(self) -> int:
        """Months without an audit because ten are reached; not breaks, and in nobody's way (A4)."""
        return sum(cell.kind == "cap" for cell in self.cells)

    @property
    def breaks_left(self) -> int:
        """How many breaks are still to be taken."""
        return max(self.per_year - self.breaks, 0)


@dataclass(frozen=True)
class Column:
    """One month of all auditors: places taken of how many, and how far above the limit (B7)."""

    month: date
    taken: int
    places: int

    @property
    def is_full(self) -> bool:
        """No place is left."""
        return self.taken >= self.places

    @property
    def over(self) -> int:
        """Granted beyond what the pool as it is now allows: leavers, or the lead's decision."""
        return max(self.taken - self.places, 0)


@dataclass(frozen=True)
class Facts:
    """What the database says of a year, read once."""

    months: list[date]
    rules: Sampling
    now: datetime
    open_months: frozenset[date]
    pools: dict[date, set[int]]
    wishes: dict[tuple[int, date], Break]
    given: dict[tuple[int, date], list[Allotted]]
    completed: dict[int, datetime]
    used: Counter[int]

    def is_open(self, month: date) -> bool:
        """Whether a break can still be asked for."""
        return month in self.open_months

    @cached_property
    def this_month(self) -> date:
        """The first day of the month that runs."""
        return london_date(self.now).replace(day=1)


def facts_of(year: int, now: datetime, rules: Sampling, only: Staff | None = None) -> Facts:
    """What is known of everybody's year, or of one person's. Four queries, whatever the number of auditors."""
    months = months_from(audit_year_bounds(year, rules.year_starts_month)[0], 12)
    whose = Q(auditor=only) if only else Q()
    wishes = Break.objects.filter(whose, month__in=months, status__in=["waiting", "granted"])
    given: dict[tuple[int, date], list[Allotted]] = defaultdict(list)
    rows = Allocation.objects.filter(whose, round__month__in=months, status__in=[Given.ALLOCATED, Given.EXEMPTED])
    used: Counter[int] = Counter()
    for auditor, month, *facts in rows.order_by("pk").values_list(*ALLOTTED):
        each = Allotted(*facts)
        given[auditor, month].append(each)
        used[auditor] += each.status == Given.ALLOCATED
    found = {(wish.auditor_id, wish.month): wish for wish in wishes}
    still_open = frozenset(month for month in months if in_time_for_break(now, month.year, month.month))
    return Facts(months, rules, now, still_open, pools(months), found, given, completed(rows), used)


def row_of(staff: Staff, facts: Facts, service: str = "") -> Row:
    """One auditor's twelve months; what is to come is counted on until the ten are reached (A4)."""
    row = Row(staff, service, per_year=facts.rules.breaks_per_year)
    row.used = facts.used[staff.pk]
    planned = row.used
    for month in facts.months:
        cell = _cell(staff, month, facts, is_capped=planned >= facts.rules.yearly_cap)
        planned += cell.kind == "open" and facts.is_open(month)
        row.cells.append(cell)
    row.breaks = sum(cell.kind == "break" for cell in row.cells)
    row.months_left = sum(facts.is_open(cell.month) and cell.kind in {"open", "cap"} for cell in row.cells)
    return row


def _cell(staff: Staff, month: date, facts: Facts, is_capped: bool) -> Cell:
    """The word of one month: what was given first, then breaks, then what can still come."""
    given = facts.given.get((staff.pk, month))
    if given:
        return Cell(month, *_given_word(given, facts))
    wish = facts.wishes.get((staff.pk, month))
    if wish and wish.status == Break.Status.GRANTED:
        return Cell(month, "break", "Break")
    if wish and facts.is_open(month):
        return Cell(month, "open", "Waiting")
    if staff.pk not in facts.pools[month]:
        return Cell(month, "none", "–")
    return _coming(month, facts, is_capped)


def _coming(month: date, facts: Facts, is_capped: bool) -> Cell:
    """A month without an audit so far."""
    if month < facts.this_month:
        return Cell(month, "none", "None")
    return Cell(month, "cap", "Cap") if is_capped else Cell(month, "open", "Audit")


def _given_word(given: list[Allotted], facts: Facts) -> tuple[str, str]:
    """Done, late, now or exempt; of several audits in a month the one that is furthest behind speaks."""
    words = [_audit_word(each, facts) for each in given if each.status == Given.ALLOCATED]
    if not words:
        return "exempt", "Exempt"
    if len(words) == 1:
        return words[0]
    return next(pair for pair in (("late", "Late"), ("now", "Now"), ("done", "Done")) if pair in words)


def _audit_word(each: Allotted, facts: Facts) -> tuple[str, str]:
    done_at = facts.completed.get(each.pk)
    if done_at is None:
        return ("late", "Late") if is_late(facts.now, each.due_at) else ("now", "Now")
    return ("late", "Late") if is_late(done_at, each.due_at) else ("done", "Done")


def needs_break_soon(row: Row, cap: int) -> bool:
    """As many breaks to take as months left, or more, and ten audits in sight (A4)."""
    return must_break(row.months_left, row.breaks_left) and row.used + row.months_left > cap


def columns_of(facts: Facts) -> list[Column]:
    """The foot of the grid: breaks granted of places, for each month."""
    taken: dict[date, int] = defaultdict(int)
    for (staff, month), wish in facts.wishes.items():
        taken[month] += wish.status == Break.Status.GRANTED and staff in facts.pools[month]
    return [Column(month, taken[month], places(len(facts.pools[month]), facts.rules.break_percent))
            for month in facts.months]


def too_small(facts: Facts) -> int:
    """The size of the pool where it cannot give everybody their breaks; 0 where it can (A4)."""
    now = facts.this_month
    pool = len(facts.pools[now if now in facts.pools else facts.months[0]])
    return pool if is_too_small(pool, facts.rules.breaks_per_year, facts.rules.break_percent) else 0


def still_to_take(rows: list[Row], columns: list[Column], facts: Facts) -> tuple[int, int]:
    """Breaks that ten audits a year leave to take, and places left to take them in."""
    cap = facts.rules.yearly_cap
    needed = sum(min(row.breaks_left, max(row.used + row.months_left - cap, 0)) for row in rows)
    left = sum(max(column.places - column.taken, 0) for column in columns if facts.is_open(column.month))
    return needed, left
