"""Ladders as people read them: who is told when, and what will be sent for a given due date."""

from dataclasses import dataclass
from datetime import date, datetime

from calendars.rules import Days, end_of_day
from duties.coming import who
from duties.ladders import Rung, all_before, rungs_of
from duties.models import Ladder
from duties.registry import label_of
from programmes.models import Programme

EVERY = "Every programme"
REPEATS = 3  # how often a repeated rung is shown
UNITS = {"working_days": "working day", "calendar_days": "day", "hours": "hour"}
SAID = {"before": "Reminder", "on": "Due", "after": "Overdue"}


@dataclass(frozen=True)
class Shown:
    """A ladder with its names."""

    ladder: Ladder
    label: str
    rungs: list[Rung]


def by_programme() -> list[tuple[str, list[Shown]]]:
    """The newest ladders, under the programme they belong to. Two queries."""
    titles = dict(Programme.objects.values_list("slug", "title"))
    found: dict[str, list[Shown]] = {}
    for ladder in Ladder.objects.current():
        found.setdefault(titles.get(ladder.programme, EVERY), []).append(shown(ladder))
    return [(title, sorted(rows, key=lambda row: row.label)) for title, rows in sorted(found.items())]


def shown(ladder: Ladder) -> Shown:
    """One ladder."""
    return Shown(ladder, label_of(ladder.kind), rungs_of(ladder.rungs))


def when_in_words(rung: Rung) -> str:
    """ "2 working days before", "on the day", "1 hour after, then every 5 hours"."""
    if rung.when == "on":
        said = "at the due time" if rung.unit == "hours" else "on the day it is due"
    else:
        said = f"{_span(rung.offset, rung.unit)} {rung.when}"
    return f"{said}, then every {_span(rung.repeat, rung.unit)}" if rung.repeat else said


def _span(n: int, unit: str) -> str:
    return f"{n} {UNITS[unit]}{'' if n == 1 else 's'}"


@dataclass(frozen=True)
class Sent:
    """One thing that a ladder would send: when, what it would begin with, to whom."""

    moment: datetime
    said: str
    says: str
    told: str


def preview(ladder: Ladder, due: date | datetime, extra: Days) -> list[Sent]:
    """Everything that would be sent for something due on a day (at its end) or at a moment, while nobody does it."""
    due_at = due if isinstance(due, datetime) else end_of_day(due)
    return [
        Sent(moment, SAID[rung.when], rung.says, who(rung.tell, is_mine=False))
        for moment, rung in all_before(rungs_of(ladder.rungs), due_at, extra, REPEATS)
    ]
