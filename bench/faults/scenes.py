"""The scenes of T-R7: months with a deadline, the reminders before it, and what the clock does meanwhile.

What is expected is reckoned from the calendar alone, not with the portal's own arithmetic.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench.faults.simulated import every

LONDON = ZoneInfo("Europe/London")
MORNING, LAST_SECOND = time(8), time(23, 59, 59)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """A rung: so many calendar days at eight in the morning, or so many hours to the second, before the deadline."""

    name: str
    days: int | None = None
    hours: int | None = None

    def row(self) -> dict:
        """As a programme has it."""
        offset, unit = (self.hours, "hours") if self.days is None else (self.days, "calendar_days")
        when = "before" if offset > 0 else "after" if offset < 0 else "on"
        return {"name": self.name, "when": when, "offset": abs(offset), "unit": unit, "tell": ["holder"],
                "says": self.name}

    def moment(self, deadline: datetime) -> datetime:
        """When it is due."""
        if self.days is None:
            return deadline.astimezone(UTC) - timedelta(hours=self.hours)
        return datetime.combine(deadline.date() - self.days * DAY, MORNING, LONDON).astimezone(UTC)


@dataclass(frozen=True)
class Scene:
    """A month with its last day, the reminders looked at, and the days that are lived minute for minute, nearly."""

    title: str
    last_day: date
    reminders: tuple[Reminder, ...]
    closely: tuple[date, date]
    down: tuple[datetime, datetime] | None = None
    jumps: tuple[tuple[datetime, timedelta], ...] = ()

    @property
    def deadline(self) -> datetime:
        """The last second of the month in London."""
        return datetime.combine(self.last_day, LAST_SECOND, LONDON)

    @property
    def month(self) -> date:
        """Its first day."""
        return self.last_day.replace(day=1)

    @property
    def next_month(self) -> date:
        """The first day after it."""
        return self.last_day + DAY

    def steps(self, fine: timedelta, coarse: timedelta) -> list[datetime]:
        """The moments at which everything that beat wakes is run, in the order of the clock of the server."""
        start, end = at_london(self.month, 9), at_london(self.next_month + 3 * DAY, 12)
        since, until = at_london(self.closely[0], 0), at_london(self.closely[1], 0)
        true = sorted({start, *every(coarse, since, end), *every(fine, since, until)})
        if self.down:
            true = [now for now in true if not self.down[0] < now < self.down[1]]
        return [now + next((by for at, by in self.jumps if at <= now < at + 2 * fine), timedelta()) for now in true]


def at_london(day: date, hour: int) -> datetime:
    """An hour of the day in London."""
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


USUAL = (Reminder("A day before", 1), Reminder("On the day", 0), Reminder("A day after", -1))
SCENES = (
    Scene("clocks go back, 25 October 2026", date(2026, 10, 31),
          (Reminder("The morning before", 7), Reminder("On that morning", 6),
           Reminder("In the hour that comes twice, first", hours=167),
           Reminder("In the hour that comes twice, then", hours=166), *USUAL),
          (date(2026, 10, 24), date(2026, 10, 26))),
    Scene("clocks go forward, 28 March 2027", date(2027, 3, 31),
          (Reminder("The morning before", 4), Reminder("On that morning", 3),
           Reminder("Before the hour that is left out", hours=94),
           Reminder("After the hour that is left out", hours=93), *USUAL),
          (date(2027, 3, 27), date(2027, 3, 29))),
    Scene("leap day, 29 February 2028", date(2028, 2, 29), USUAL, (date(2028, 2, 28), date(2028, 3, 2))),
    Scene("end of month and year, 31 December 2026", date(2026, 12, 31), USUAL, (date(2026, 12, 30), date(2027, 1, 2))),
    Scene("clock jumps by two hours, forward and back", date(2026, 12, 31), USUAL,
          (date(2026, 12, 30), date(2027, 1, 2)),
          jumps=((_utc(2026, 12, 30, 7), timedelta(hours=2)), (_utc(2026, 12, 30, 9), -timedelta(hours=2)),
                 (_utc(2026, 12, 31, 9), timedelta(hours=2)), (_utc(2027, 1, 1, 7, 45), timedelta(hours=2)),
                 (_utc(2027, 1, 1, 8, 30), -timedelta(hours=2)))),
    Scene("three days down over the end of a month", date(2027, 1, 31), USUAL, (date(2027, 1, 29), date(2027, 2, 3)),
          down=(_utc(2027, 1, 29, 18), _utc(2027, 2, 1, 18))),
)
