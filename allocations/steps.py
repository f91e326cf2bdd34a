"""The six steps of a round: where it stands, and in a few words how far each step is."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from allocations.models import Draw, Round
from allocations.workflow import days_late
from calendars.rules import london_date
from calendars.words import MONTHS, count, day_and_month

Status = Round.Status
STEP_OF = {
    Status.PLANNED: "frame", Status.FROZEN: "draw", Status.DRAWN: "draw", Status.REVIEWED: "publish",
    Status.PUBLISHED: "progress", Status.CLOSED: "progress",
}


@dataclass(frozen=True)
class Step:
    """One tab."""

    slug: str
    title: str
    state: str
    url: str


def step_url(round: Round, slug: str) -> str:
    """The page of a step; progress shows audits and belongs to a higher app, so its address is written out."""
    if slug == "progress":
        return f"/rounds/{round.slug}/progress/"
    return reverse(f"allocations:round-{slug}", args=[round.slug])


def steps_of(round: Round, last: Draw | None, auditors: int | None = None, progress: str = "") -> list[Step]:
    """The tabs; of a month from before the portal only the last. `auditors` is how many are on duty, where it is
    known; `last` the newest draw, without documents.
    """
    states = {
        "breaks": breaks_state(round), "auditors": auditors_state(last, auditors), "frame": frame_state(last),
        "draw": draw_state(round, last), "publish": publish_state(round),
        "progress": progress or progress_state(round, last),
    }
    titles = {slug: slug.capitalize() for slug in states}
    if round.is_taken_over:
        return [Step("progress", "Progress", states["progress"], step_url(round, "progress"))]
    return [Step(slug, f"{number} {titles[slug]}", state, step_url(round, slug))
            for number, (slug, state) in enumerate(states.items(), start=1)]


def breaks_state(round: Round) -> str:
    """How many are granted, and how many wait."""
    waits = f", {round.waiting} waiting" if round.waiting else ""
    return f"{round.granted} granted{waits}"


def auditors_state(last: Draw | None, auditors: int | None) -> str:
    """How many were on duty when the frame was frozen, or are now."""
    if last is None and auditors is None:
        return "As the register stands"
    return f"{last.auditors if last else auditors} on duty"


def frame_state(last: Draw | None) -> str:
    """When the frame was frozen."""
    return f"Frozen {short_day(last.frozen_at)}" if last else "Not frozen yet"


def draw_state(round: Round, last: Draw | None) -> str:
    """How long the list is, of how many wanted."""
    if last is None:
        return "After the frame"
    return f"{round.audits} of {sum(last.quotas.values())}" if last.drawn_at else "Not drawn yet"


def publish_state(round: Round) -> str:
    """Due, or published in time or late; nobody knows of a month from before the portal."""
    if round.is_taken_over:
        return "Before the portal"
    if round.published_at is None:
        return f"Due {day_and_month(round.publish_by)}"
    late = days_late(round)
    return f"{count(late, 'day') + ' late' if late else 'On time'}, {short_day(round.published_at)}"


def late_by(round: Round, today: date) -> int:
    """How many calendar days its list was late, or is by now (S1-02)."""
    if round.published_at:
        return 0 if getattr(round, "is_taken_over", False) else days_late(round)
    return max((today - round.publish_by).days, 0)


def progress_state(round: Round, last: Draw | None) -> str:
    """How many audits are out."""
    return count(round.audits, "audit") if round.published_at else "After publishing"


def short_day(moment) -> str:
    """ "2 November"."""
    day = london_date(moment)
    return f"{day.day} {MONTHS[day.month - 1]}"
