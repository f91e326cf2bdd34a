"""Who can take an audit over: the rules of the draw, for one case and from today; best first (S1-13, B5)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from allocations.due import due_when_given_late
from allocations.forbidden import Forbidden, overrides_of
from allocations.models import Allocation, Break, Round
from allocations.months import months_between
from allocations.pool import ON_A_BREAK, away_all_month, reason, registered
from calendars.rules import audit_year, audit_year_bounds, london_date
from calendars.words import count
from people.models import Auditor as Registered

Given = Allocation.Status
CONNECTED = "Knows the case, or belongs to its team or group"
HAS_IT = "Has this audit now"
HAD_IT = "Had this audit before"
EXEMPTED = "Is exempted in this month"
TAKES_PART = "Takes part in this audit"


@dataclass(frozen=True)
class Taker:
    """One auditor of the register; `why_not` says why they cannot take the audit over."""

    entry: Registered
    service: str
    this_month: int
    this_year: int
    cap: int
    is_quality: bool
    why_not: str = ""

    @property
    def order(self) -> tuple[int, int, str, int]:
        """Fewest this month, fewest this year, name."""
        return self.this_month, self.this_year, self.entry.staff.folded_name, self.entry.staff_id

    @property
    def is_full(self) -> bool:
        """As many audits this month as they take, or more."""
        return self.this_month >= self.entry.capacity

    @property
    def words(self) -> str:
        """What speaks for them."""
        month = count(self.this_month, "audit") if self.this_month else "no audit"
        full = f", which is all they take in a month ({self.entry.capacity})" if self.is_full else ""
        return (f"{month[:1].upper()}{month[1:]} this month{full}; {self.this_year} of {self.cap} this year; no "
                "connection with the case or its team is known")


@dataclass(frozen=True)
class Takers:
    """Everybody: who can, best first, and who cannot. `beyond` where only people with enough already are left."""

    able: list[Taker]
    unable: list[Taker]
    beyond: bool

    def find(self, staff_id: int) -> Taker | None:
        """What is said of one person; None where they are not in the register."""
        return next((each for each in (*self.able, *self.unable) if each.entry.staff_id == staff_id), None)


def takers_of(allocation: Allocation, at: datetime, taking_part: Iterable[int] = ()) -> Takers:
    """The register as it stands, for one allocation. `taking_part` are the people of the audit itself."""
    facts = _Facts(allocation, at, frozenset(taking_part))
    found = sorted((facts.taker(entry) for entry in facts.entries), key=lambda taker: taker.order)
    able = [taker for taker in found if not taker.why_not]
    free = [taker for taker in able if not taker.is_full]
    full = [replace(taker, why_not=f"Has {count(taker.this_month, 'audit')} this month, and others have fewer")
            for taker in able if taker.is_full]
    unable = [taker for taker in found if taker.why_not]
    if free:
        return Takers(free, sorted([*unable, *full], key=lambda taker: taker.order[2:]), beyond=False)
    return Takers(able, sorted(unable, key=lambda taker: taker.order[2:]), beyond=bool(able))


class _Facts:
    """What the database says, read once for the whole register."""

    def __init__(self, allocation: Allocation, at: datetime, taking_part: frozenset[int]) -> None:
        round, self.today = allocation.round, london_date(at)
        rules = round.version.rules.sampling
        self.cap, self.needs_training, self.taking_part = rules.yearly_cap, rules.training_required, taking_part
        self.entries = list(registered(self.today))
        until = london_date(due_when_given_late(round, at))
        self.away = away_all_month(self.today, until)
        self.resting = on_break_between(min(round.month, self.today), until)
        self.month, self.year = given_in_year(round)
        self.has_it = allocation.auditor_id if allocation.status == Given.ALLOCATED else None
        self.had_it, self.exempted = _before(allocation)
        forbidden = Forbidden(self.entries, rules.same_team_forbidden, only=allocation.case_file)
        allowed = {each.auditor for each in overrides_of(round, [allocation.case_file], forbidden)}
        self.connected = forbidden.for_case(allocation.case_file) - allowed
        self.units = forbidden.units

    def taker(self, entry: Registered) -> Taker:
        """One auditor."""
        line = [self.units[pk] for pk in entry.staff.unit.ids_upwards()] if entry.staff.unit else []
        service = next((unit.name for unit in line if unit.kind == "service"), line[0].name if line else "")
        is_quality = any(unit.is_quality_service for unit in line)
        return Taker(entry, service, self.month[entry.staff_id], self.year[entry.staff_id], self.cap, is_quality,
                     self._why_not(entry))

    def _why_not(self, entry: Registered) -> str:
        if entry.staff_id in self.had_it:
            return HAS_IT if entry.staff_id == self.has_it else HAD_IT
        if entry.staff_id in self.exempted:
            return EXEMPTED
        if entry.staff_id in self.taking_part:
            return TAKES_PART
        if entry.staff.reference in self.connected:
            return CONNECTED
        if entry.staff_id in self.resting:
            return ON_A_BREAK
        if entry.staff_id in self.away:
            return "Away until it is due"
        return reason(entry, self.today, False, self.year[entry.staff_id], self.cap, self.needs_training)


def given_in_year(round: Round) -> tuple[Counter[int], Counter[int]]:
    """How many audits each auditor has of the round’s month and of its audit year, without exempted ones (A2)."""
    starts = round.version.rules.sampling.year_starts_month
    year = audit_year_bounds(audit_year(round.month, starts), starts)
    rows = Allocation.objects.counted().filter(round__month__range=year)
    given = list(rows.order_by().values_list("auditor_id", "round__month"))
    in_month = Counter(auditor for auditor, month in given if month == round.month)
    return in_month, Counter(auditor for auditor, _ in given)


def _before(allocation: Allocation) -> tuple[set[int], set[int]]:
    """Who had this audit already, and who is exempted from another of the month: neither can do it."""
    exempted = Q(round__month=allocation.round.month, status=Given.EXEMPTED)
    rows = Allocation.objects.filter(Q(number=allocation.number) | exempted).order_by()
    found = list(rows.values_list("auditor_id", "number"))
    had_it = {auditor for auditor, number in found if number == allocation.number}
    return had_it, {auditor for auditor, _ in found} - had_it


def on_break_between(first: date, last: date) -> set[int]:
    """Whose granted break lies in one of the months in which the audit would be done (B5)."""
    rows = Break.objects.granted().filter(month__in=months_between(first, last))
    return set(rows.values_list("auditor_id", flat=True))
