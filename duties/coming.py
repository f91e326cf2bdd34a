"""What will happen if a duty is not done: who is told next, and when, in words."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from calendars.rules import london_date
from calendars.words import Moment, clock, day_and_month, long_date
from duties.ladders import LEADERS, MORNING, Rung, gone_off, next_rung, rungs_of
from duties.models import Duty
from people.roles import Role

OF_THE_HOLDER = {"line_manager": "your line manager", "managers_manager": "their manager"}
OF_ANYBODY = {"line_manager": "the line manager", "managers_manager": "the manager above"}
WORDS = {
    "holder": "you",
    "unit_manager": "the team’s manager",
    "pq": "Performance and Quality",
    "people_of_case": "the people of the case",
    LEADERS: "senior leaders, in figures",
}


def who(words: Iterable[str], *, is_mine: bool) -> str:
    """The people behind the words of a rung: "your line manager and Performance and Quality"."""
    named = WORDS | (OF_THE_HOLDER if is_mine else OF_ANYBODY | {"holder": "whoever holds it"})
    said = [named.get(word) or f"the {_lower(Role(word).label)}" for word in words]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


def _lower(label: str) -> str:
    return label if label.startswith("Performance") else f"{label[0].lower()}{label[1:]}"


def next_escalation(duty: Duty, moment: Moment) -> tuple[datetime, list[str]] | None:
    """When somebody besides the holder is told next, and the words for those who have not been told before."""
    if duty.ladder is None:
        return None
    rungs = [rung for rung in rungs_of(duty.ladder.rungs) if _others(rung, set())]
    told = {word for rung in gone_off(rungs, duty.due_at, duty.opened_at, *moment) for word in rung.tell}
    new = [rung for rung in rungs if _others(rung, told)] or rungs
    found = next_rung(new, duty.due_at, *moment)
    return (found[0], _others(found[1], told) or _others(found[1], set())) if found else None


def _others(rung: Rung, told: set[str]) -> list[str]:
    """Whom a rung names besides the holder; the leaders' digest is nobody who comes and asks."""
    return [word for word in rung.tell if word not in ("holder", LEADERS) and word not in told]


def in_words(duty: Duty, moment: Moment, *, is_mine: bool = True) -> str:
    """ "Tomorrow your line manager is told"; nothing where nobody else will be."""
    found = next_escalation(duty, moment)
    if not found:
        return ""
    when, words = found
    are = "is" if len(words) == 1 and words[0] not in ("pq", "people_of_case") else "are"
    return f"{_when(when, moment.now)} {who(words, is_mine=is_mine)} {are} told"


def _when(moment: datetime, now: datetime) -> str:
    day, today = london_date(moment), london_date(now)
    at = "" if _is_morning(moment) else f" at {clock(moment)}"
    if day == today:
        return f"Today{at}"
    if day == today + timedelta(days=1):
        return f"Tomorrow{at}"
    return f"On {day_and_month(day) if day.year == today.year else long_date(day)}{at}"


def _is_morning(moment: datetime) -> bool:
    return clock(moment) == "8am" and moment.minute == MORNING.minute
