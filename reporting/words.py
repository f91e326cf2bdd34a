"""Sentences of the dashboard: first what matters, in plain words, from the same figures as the tables."""

from datetime import date, datetime

from calendars.rules import is_late, month_end_due
from calendars.words import MONTHS, clock, count, day_and_month, long_date
from reporting.figures import GradeKey, Grades, HeatMap, Volume
from reporting.rules import SMALL_SAMPLE, percent, xmr
from reporting.telling import HIDDEN, Plain

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
EVERY = {1: "", 2: "both "}


def month_word(month: date) -> str:
    """ "October"."""
    return MONTHS[month.month - 1]


def headline(month: date, volume: Volume, grades: Grades, inadequate: int, tell: Plain, now: datetime) -> str:
    """The sentence on top."""
    return " ".join([finished(month, volume, tell, now), good(month, grades, tell), remaining(inadequate, tell)])


def finished(month: date, volume: Volume, tell: Plain, now: datetime) -> str:
    """How many audits were finished in time; while the month runs, so far."""
    if not volume.allocated:
        return f"No audit of {month_word(month)} is in this report."
    if not volume.timed:
        return f"The audits of {month_word(month)} were taken over from before the portal."
    share = tell.share(volume.in_time, volume.timed).value
    if share == HIDDEN:
        return f"How many audits of {month_word(month)} were finished in time is held back: the rest is a small number."
    audits = f"{share} of the audits" if share.endswith("%") else f"{share} audits"
    due = month_end_due(month.year, month.month)
    if not is_late(now, due):
        return f"{audits} are finished so far; all are due on {day_and_month(due)}."
    return f"{audits} were finished in time in {month_word(month)}."


def good(month: date, grades: Grades, tell: Plain) -> str:
    """How many were good or better, and whether that is usual."""
    part, whole = grades.good(month), grades.final(month)
    if not whole:
        return "None of them has a final grade yet."
    share = tell.rate(part, whole).value
    if share == HIDDEN:
        return "How many were good or better is held back: a small number could be worked out."
    return f"{share} were good or better{usual(month, grades)}."


def usual(month: date, grades: Grades) -> str:
    """Where the month lies within the limits of the months shown; nothing under ten months."""
    limits = xmr(grades.shares())
    if limits is None:
        return ""
    share = 100 * grades.good(month) / grades.final(month)
    if limits.lower <= share <= limits.upper:
        return ", within the usual range"
    return f", {'above' if share > limits.upper else 'below'} the usual range"


def remaining(inadequate: int, tell: Plain) -> str:
    """How many cases are still inadequate."""
    if inadequate == 0:
        return "No child’s case is inadequate now."
    if tell.count(inadequate) == HIDDEN:
        return "A few children’s cases remain inadequate."
    if inadequate == 1:
        return "One child’s case remains inadequate."
    number = NUMBERS[inadequate] if inadequate < len(NUMBERS) else str(inadequate)
    return f"{number} children’s cases remain inadequate."


def as_at(volume: Volume, final: int, tell: Plain, now: datetime) -> str:
    """What the figures rest on."""
    moment = f"As at {long_date(now)}, {clock(now)}."
    if tell.is_suppressed:
        return f"{moment} {tell.count(final)} audits are final and counted in the grades."
    provisional = volume.finished - final - volume.ungraded
    left = f"; {provisional} {_is(provisional)} provisional and not in the grades" if provisional else ""
    if volume.ungraded:
        left += f"; {volume.ungraded} {_is(volume.ungraded)} final and not graded"
    state = "final and graded" if volume.ungraded else "final"
    return f"{moment} {final} of the {volume.finished} finished {_is(final)} {state}{left}."


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def grades_in_words(month: date, keys: list[GradeKey], shown: list[str]) -> str:
    """The month's grades as a sentence, for those who do not see the chart."""
    parts = ", ".join(f"{key.label.lower()} {n}" for key, n in zip(keys, shown, strict=True))
    return f"{month_word(month)}: {parts}." if parts else f"No audit of {month_word(month)} is final yet."


def mix(month: date, grades: Grades, tell: Plain) -> str:
    """One line above the chart: the most frequent grade."""
    counts = grades.of(month)
    if tell.is_suppressed or not sum(counts):
        return ""
    most = max(counts)
    key = grades.keys[counts.index(most)]
    return f"Most frequent in {month_word(month)}: “{key.label.lower()}”, {most} of {sum(counts)}."


def weakest(heat: HeatMap, tell: Plain) -> str:
    """Which domain is met most and least often, where there are enough audits to say."""
    found = [(percent(*heat.total(position)), title) for position, title in heat.domains
             if heat.total(position)[1] >= SMALL_SAMPLE]
    if tell.is_suppressed or len(found) < 2 or min(found)[0] == max(found)[0]:
        return ""
    (least, weak), (most, strong) = min(found), max(found)
    return f"“{weak}” is met least often ({least}%), “{strong}” most often ({most}%)."


def answered(raised: int, quick: int, unanswered: int) -> str:
    """How fast immediate concerns were answered."""
    if not raised:
        return "none raised"
    if unanswered:
        return f"{count(unanswered, 'concern')} not answered yet"
    if quick == raised:
        return f"{EVERY.get(raised, 'all ')}answered within the hour"
    return f"{quick} answered within the hour, {raised - quick} later"


def published(listed, tell: Plain) -> str:
    """Whether a list went out by the first working day."""
    if listed is None:
        return "No list"
    if not listed.days_late:
        return f"Yes, {day_and_month(listed.published_on)}"
    return f"{count(listed.days_late, 'day')} late, {day_and_month(listed.published_on)}"
