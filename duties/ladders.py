"""Ladder arithmetic: when each rung of a duty goes off. Pure; `extra` are the council's own closure days."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from calendars.rules import LONDON, NO_DAYS, Days, add_working_days, london_date

MORNING = time(8, 0)


@dataclass(frozen=True)
class Rung:
    """A reminder or escalation: so many units before, on or after the due time, told to these."""

    name: str
    when: str
    offset: int
    unit: str
    tell: tuple[str, ...]
    says: str = ""

    def moment(self, due_at: datetime, extra: Days = NO_DAYS) -> datetime:
        """When it goes off: to the hour for hours, else at 8 in the morning, London time."""
        signed = {"before": -self.offset, "on": 0, "after": self.offset}[self.when]
        if self.unit == "hours":
            return due_at + timedelta(hours=signed)
        day = london_date(due_at)
        day = add_working_days(day, signed, extra) if self.unit == "working_days" else day + timedelta(days=signed)
        return datetime.combine(day, MORNING, LONDON)


def rungs_of(rows: list[dict]) -> list[Rung]:
    """The rungs of a stored ladder."""
    return [Rung(row["name"], row["when"], row["offset"], row["unit"], tuple(row["tell"]), row.get("says", ""))
            for row in rows]


def next_moment(rungs: list[Rung], due_at: datetime, after: datetime, extra: Days = NO_DAYS) -> datetime | None:
    """The first moment later than `after` at which a rung goes off."""
    return min((moment for rung in rungs if (moment := rung.moment(due_at, extra)) > after), default=None)


def gone_off(rungs: list[Rung], due_at: datetime, since: datetime, now: datetime, extra: Days = NO_DAYS) -> list[Rung]:
    """The rungs whose moment lies after `since` and not after `now`, oldest first."""
    passed = [rung for rung in rungs if since < rung.moment(due_at, extra) <= now]
    return sorted(passed, key=lambda rung: (rung.moment(due_at, extra), rung.name))
