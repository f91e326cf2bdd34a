"""The tick: finds the rungs that have come and writes their notices. Safe with any number of beats."""

from datetime import datetime, timedelta

from django.db import transaction

from calendars.calendar import local_extra_days
from calendars.rules import Days, london_date
from duties.holders import recipients
from duties.ladders import Rung, gone_off, next_moment, rungs_of
from duties.models import Duty, Notice, RungFired
from duties.notices import duty_rows

BATCH = 200


def tick(now: datetime) -> int:
    """Fire every rung that has come by `now`; gives how many duties were touched."""
    done = 0
    while touched := _tick_batch(now):
        done += touched
    return done


@transaction.atomic
def _tick_batch(now: datetime) -> int:
    claimed = list(
        Duty.objects.due_for_tick(now)
        .select_related("ladder", "holder__unit", "unit")
        .order_by("next_rung_at", "id")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    extra = local_extra_days()
    for duty in claimed:
        fire(duty, now, extra)
    return len(claimed)


def fire(duty: Duty, now: datetime, extra: Days) -> None:
    """Record the rungs that have come; after a long gap only the newest is told, not each of them.

    The rung, its notices and the next time commit together.
    """
    rungs = rungs_of(duty.ladder.rungs)
    come = gone_off(rungs, duty.due_at, _just_before(duty), now, extra) or _moved(duty, rungs, now, extra)
    for rung in come:
        RungFired.objects.get_or_create(duty=duty, revision=duty.revision, rung=rung.name, defaults={"fired_at": now})
    if come:
        _tell(duty, come[-1], now)
    duty.next_rung_at = next_moment(rungs, duty.due_at, now, extra)
    duty.save(update_fields=["next_rung_at"])


def _moved(duty: Duty, rungs: list[Rung], now: datetime, extra: Days) -> list[Rung]:
    """A closure day that was added since moved the rung to before its stored time: it is told all the same."""
    fired = set(duty.rungs_fired.filter(revision=duty.revision).values_list("rung", flat=True))
    since = gone_off(rungs, duty.due_at, duty.opened_at, now, extra)
    return [rung for rung in since if rung.name not in fired][-1:]


def _just_before(duty: Duty) -> datetime:
    return duty.next_rung_at - timedelta(microseconds=1)


def _tell(duty: Duty, rung: Rung, now: datetime) -> None:
    prefix = {"before": "Reminder", "on": "Due today", "after": "Overdue"}[rung.when]
    title = f"{prefix}: {duty.title[0].lower()}{duty.title[1:]}{'. ' if rung.says else ''}{rung.says}"[:200]
    people = recipients(duty, rung.tell, london_date(now))
    key = f"duty:{duty.pk}:{duty.revision}:{rung.name}"
    Notice.objects.bulk_create(duty_rows(duty, key, people, title=title, at=now), ignore_conflicts=True)
