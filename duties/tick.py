"""The tick: finds the rungs that have come and writes their notices. Safe with any number of beats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from calendars.calendar import local_extra_days
from calendars.rules import Days, london_date
from duties import registry
from duties.holders import meant, told_by_kind, who_may_know, with_cover
from duties.ladders import LEADERS, Rung, gone_off, next_moment, rungs_of
from duties.locks import while_ticking
from duties.models import Duty, Notice, RungFired
from duties.notices import duty_rows, write
from people.lines import Lines
from people.models import Staff

BATCH = 200
WITH = ("ladder", "unit", "holder__unit", "holder__line_manager__unit", "holder__line_manager__line_manager")
PREFIX = {"before": "Reminder", "on": "Due today", "after": "Overdue"}
EVENT = {"before": "duty.reminder", "on": "duty.due", "after": "duty.overdue"}


@dataclass(frozen=True)
class Firing:
    """A duty with the rungs of its ladder that have come: all are written down, the newest is told."""

    duty: Duty
    come: list[Rung]

    @property
    def newest(self) -> Rung:
        """The rung that is told."""
        return self.come[-1]

    @property
    def key(self) -> str:
        """What makes the notice of a rung the same however often it is written."""
        return f"duty:{self.duty.pk}:{self.duty.revision}:{self.newest.name}"


def tick(now: datetime) -> int:
    """Fire every rung that has come by `now`; gives how many duties were touched.

    No e-mail is packed meanwhile, so that after a long gap each person gets one and not one for each batch.
    """
    done = 0
    with while_ticking():
        while touched := _tick_batch(now):
            done += touched
    return done


@transaction.atomic
def _tick_batch(now: datetime) -> int:
    """One batch: the rungs, their notices and the next times commit together. The number of queries is constant."""
    claimed = list(
        Duty.objects.due_for_tick(now)
        .select_related(*WITH)
        .order_by("next_rung_at", "id")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    if claimed:
        fire(claimed, now, local_extra_days())
    return len(claimed)


def fire(duties: list[Duty], now: datetime, extra: Days) -> None:
    """Write down the rungs that have come; after a long gap only the newest is told, not each of them."""
    written = _written(duties)
    firings = [Firing(duty, _come(duty, written, now, extra)) for duty in duties]
    firings = [firing for firing in firings if firing.come]
    rows = (row for firing in firings for row in _rows(firing, now, extra))
    RungFired.objects.bulk_create(rows, ignore_conflicts=True)
    write(_notices(firings, now))
    for duty in duties:
        duty.next_rung_at = next_moment(rungs_of(duty.ladder.rungs), duty.due_at, now, extra)
    Duty.objects.bulk_update(duties, ["next_rung_at"])


def _written(duties: list[Duty]) -> set[tuple[int, int, str]]:
    """The rungs of these duties that went off before."""
    return set(RungFired.objects.filter(duty__in=duties).values_list("duty", "revision", "rung"))


def _come(duty: Duty, written: set[tuple[int, int, str]], now: datetime, extra: Days) -> list[Rung]:
    """What has gone off since the stored time.

    Where that is nothing, a closure day that was added since moved the rung to before its stored time: it is told all
    the same.
    """
    rungs = rungs_of(duty.ladder.rungs)
    since = duty.next_rung_at - timedelta(microseconds=1)
    if come := gone_off(rungs, duty.due_at, since, now, extra):
        return come
    come = gone_off(rungs, duty.due_at, duty.opened_at, now, extra)
    return [rung for rung in come if (duty.pk, duty.revision, rung.name) not in written][-1:]


def _rows(firing: Firing, now: datetime, extra: Days) -> Iterable[RungFired]:
    """A rung for every one that came; the leaders' digest counts those that name them."""
    duty = firing.duty
    for rung in firing.come:
        yield RungFired(duty=duty, revision=duty.revision, rung=rung.name, fired_at=now,
                        came_at=rung.moment(duty.due_at, extra), tells_leaders=LEADERS in rung.tell)


def _notices(firings: list[Firing], now: datetime) -> list[list[Notice]]:
    lines = Lines(london_date(now), whole=True)
    told = told_by_kind((firing.duty, firing.newest.tell) for firing in firings)
    people = [meant(firing.duty, firing.newest.tell, lines, told) for firing in firings]
    known = registry.known(
        (person, firing.duty.subject_type, firing.duty.subject_id)
        for firing, group in zip(firings, people, strict=True)
        for person in with_cover(group, lines)
    )
    return [
        _told(firing, who_may_know(group, (firing.duty.subject_type, firing.duty.subject_id), known, lines), now)
        for firing, group in zip(firings, people, strict=True)
    ]


def _told(firing: Firing, people: list[Staff], now: datetime) -> list[Notice]:
    """The holder is told what to do; who else is told learns whose it is."""
    duty, rung = firing.duty, firing.newest
    says = f". {rung.says}" if rung.says else ""
    title = f"{PREFIX[rung.when]}: {_lower(duty.title)}{says}"
    others = f"{PREFIX[rung.when]}, with {duty.holder}: {_lower(registry.others_told(duty.kind))}"
    return duty_rows(duty, firing.key, people, event=EVENT[rung.when], title=title, at=now, others=others)


def _lower(words: str) -> str:
    return f"{words[0].lower()}{words[1:]}"
