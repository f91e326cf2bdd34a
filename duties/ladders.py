"""Ladder arithmetic: when each rung of a duty goes off. Pure; `extra` are the council's own closure days."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from calendars.rules import LONDON, NO_DAYS, Days, add_working_days, london_date

MORNING = time(8, 0)
LEADERS = "slt_digest"  # nobody by name: it is counted in the leaders' digest


@dataclass(frozen=True)
class Rung:
    """A reminder or escalation: so many units before, on or after the due time, told to these.

    `repeat` lets it go off again each so many units, until the duty is done (S4-21).
    """

    name: str
    when: str
    offset: int
    unit: str
    tell: tuple[str, ...]
    says: str = ""
    repeat: int = 0

    def moment(self, due_at: datetime, extra: Days = NO_DAYS) -> datetime:
        """When it goes off: to the hour for hours, else at 8 in the morning, London time."""
        signed = {"before": -self.offset, "on": 0, "after": self.offset}[self.when]
        if self.unit == "hours":
            return due_at + timedelta(hours=signed)
        day = london_date(due_at)
        day = add_working_days(day, signed, extra) if self.unit == "working_days" else day + timedelta(days=signed)
        return datetime.combine(day, MORNING, LONDON)

    def again(self, times: int) -> "Rung":
        """The rung as it goes off for the so many-th time after the first."""
        if not times:
            return self
        return replace(self, name=f"{self.name} ({times + 1})", when="after", offset=self.offset + times * self.repeat)

    def occurrences(self, due_at: datetime, extra: Days) -> Iterator[tuple[datetime, "Rung"]]:
        """Each time it goes off, with the moment, oldest first; without end where it repeats."""
        times = 0
        while times == 0 or self.repeat:
            rung = self.again(times)
            yield rung.moment(due_at, extra), rung
            times += 1


def rungs_of(rows: list[dict]) -> list[Rung]:
    """The rungs of a stored ladder."""
    return [Rung(row["name"], row["when"], row["offset"], row["unit"], tuple(row["tell"]), row.get("says", ""),
                 row.get("repeat") or 0)
            for row in rows]


def next_rung(rungs: list[Rung], due_at: datetime, after: datetime, extra: Days = NO_DAYS
              ) -> tuple[datetime, Rung] | None:
    """The first time a rung goes off later than `after`: when, and which."""
    found = (next((each for each in rung.occurrences(due_at, extra) if each[0] > after), None) for rung in rungs)
    return min(filter(None, found), key=lambda each: each[0], default=None)


def next_moment(rungs: list[Rung], due_at: datetime, after: datetime, extra: Days = NO_DAYS) -> datetime | None:
    """The first moment later than `after` at which a rung goes off."""
    found = next_rung(rungs, due_at, after, extra)
    return found[0] if found else None


def gone_off(rungs: list[Rung], due_at: datetime, since: datetime, now: datetime, extra: Days = NO_DAYS) -> list[Rung]:
    """The rungs whose moment lies after `since` and not after `now`, oldest first."""
    passed = [each for rung in rungs for each in _until(rung, due_at, now, extra) if since < each[0]]
    return [rung for _, rung in sorted(passed, key=lambda each: (each[0], each[1].name))]


def _until(rung: Rung, due_at: datetime, now: datetime, extra: Days) -> Iterator[tuple[datetime, Rung]]:
    for moment, each in rung.occurrences(due_at, extra):
        if moment > now:
            return
        yield moment, each


def all_before(rungs: list[Rung], due_at: datetime, extra: Days, repeats: int) -> list[tuple[datetime, Rung]]:
    """What a ladder will send for a due time, oldest first, each repeated rung so many times more."""
    found = []
    for rung in rungs:
        times = repeats + 1 if rung.repeat else 1
        found += [pair for pair, _ in zip(rung.occurrences(due_at, extra), range(times), strict=False)]
    return sorted(found, key=lambda each: (each[0], each[1].name))
