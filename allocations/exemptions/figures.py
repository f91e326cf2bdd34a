"""How soon exemptions are asked for: days from allocation, which are late, by reason (S1-12)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from allocations.exemption_models import Exemption
from calendars.rules import Days, london_date, working_days_between
from programmes.models import ProgrammeVersion


def lag_of(exemption: Exemption) -> int:
    """Calendar days from the day of allocation to the day of the request."""
    return (london_date(exemption.asked_at) - london_date(exemption.allocation.allocated_at)).days


def is_late(asked_at: datetime, due_at: datetime, working_days: int | None, extra: Days) -> bool:
    """Asked with fewer working days left than whoever takes the audit over is given (B5)."""
    if working_days is None:
        return False
    return working_days_between(london_date(asked_at), london_date(due_at), extra) < working_days


@dataclass(frozen=True)
class Reason:
    """One reason: how many requests, and the median of days."""

    label: str
    requests: int
    days: float


@dataclass(frozen=True)
class Figures:
    """All requests of a list. `reasons` with the most requests first."""

    requests: int
    pending: int
    late: int
    days: float | None
    reasons: list[Reason]

    @property
    def most(self) -> float:
        """The longest bar."""
        return max((reason.days for reason in self.reasons), default=0) or 1


class Clock:
    """Marks requests as late by the rules of their own programme version; each version is read once."""

    def __init__(self, extra: Days) -> None:
        self.extra = extra
        self.days: dict[int, int | None] = {}

    def mark(self, exemption: Exemption) -> Exemption:
        """Adds `lag` and `is_late`."""
        exemption.lag = lag_of(exemption)
        days = self._days(exemption.allocation.round.version)
        exemption.is_late = is_late(exemption.asked_at, exemption.allocation.due_at, days, self.extra)
        return exemption

    def _days(self, version: ProgrammeVersion) -> int | None:
        if version.pk not in self.days:
            self.days[version.pk] = version.rules.timescales.late_reallocation_working_days
        return self.days[version.pk]


def figures_of(exemptions: Iterable[Exemption]) -> Figures:
    """Counts and medians of marked requests."""
    rows = list(exemptions)
    by_reason: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_reason[row.get_reason_display()].append(row.lag)
    reasons = [Reason(label, len(lags), median(lags)) for label, lags in by_reason.items()]
    return Figures(
        len(rows), sum(row.is_pending for row in rows), sum(row.is_late for row in rows),
        median(row.lag for row in rows) if rows else None,
        sorted(reasons, key=lambda reason: (-reason.requests, reason.label)))
