"""Simulated time: everything that beat wakes is run at moments that are given, by one beat or by several at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import time_machine

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
Script = list[tuple[datetime, Callable[[datetime], Any]]]


@dataclass
class Mail:
    """What was sent, and when by the clock of the simulation."""

    sent: list[tuple[datetime, Any]] = field(default_factory=list)

    def said(self) -> Counter:
        """By content: to whom, what, when."""
        return Counter((when, tuple(message.to), message.subject, message.body) for when, message in self.sent)

    def repeats(self) -> int:
        """How many e-mails went out again."""
        names = Counter(message.extra_headers["Message-ID"] for _, message in self.sent)
        return names.total() - len(names)


class Beats:
    """So many beats at the same moment, each of whose messages is delivered so many times."""

    def __init__(self, beats: int, times: int) -> None:
        self.beats, self.times = beats, times
        self.together = Barrier(beats)
        self.pool = ThreadPoolExecutor(beats)
        self.tasks = [*_tasks()]
        self.last: dict[Any, datetime] = {}

    def step(self, now: datetime) -> None:
        """Every task of the schedule whose time has come, one after the other; each is run by all beats at once."""
        with time_machine.travel(now.astimezone(UTC), tick=False):
            for task, pause in self.tasks:
                if self._has_come(task, pause, now):
                    self.last[task] = now
                    self.at_once(lambda task=task: [task() for _ in range(self.times)])

    def _has_come(self, task: Any, pause: timedelta, now: datetime) -> bool:
        """After its pause, or where the clock was set back."""
        last = self.last.get(task)
        return last is None or not last < now < last + pause

    def at_once(self, work: Callable[[], Any]) -> list[Any]:
        """The same thing by each beat; what one of them raised is raised here."""
        def run() -> Any:
            self.together.wait(60)
            return work()

        return [done.result() for done in [self.pool.submit(run) for _ in range(self.beats)]]

    def close(self) -> None:
        """Give their connections back."""
        from django.db import connection

        self.at_once(lambda: connection.close())
        self.pool.shutdown()


def _tasks() -> Iterator[tuple[Any, timedelta]]:
    """The tasks of the schedule with the time between two of each."""
    from django.conf import settings

    from audit_portal.celery import app

    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        pause = entry["schedule"]
        yield app.tasks[entry["task"]], pause if isinstance(pause, timedelta) else timedelta(seconds=pause)


@contextmanager
def outbox() -> Iterator[Mail]:
    """What is sent meanwhile is kept in this process."""
    from django.core import mail
    from django.test import override_settings

    mail.outbox = []
    with override_settings(EMAIL_BACKEND=LOCMEM):
        yield Mail()


def live(script: Script, steps: Iterable[datetime], *, beats: int, times: int = 1) -> Mail:
    """Live through these moments: what people do by then, then everything that beat wakes. Gives the mail."""
    from django.core import mail

    todo, running = sorted(script, key=lambda row: row[0]), Beats(beats, times)
    try:
        with outbox() as kept:
            for now in steps:
                while todo and todo[0][0] <= now:
                    moment, act = todo.pop(0)
                    with time_machine.travel(moment.astimezone(UTC), tick=False):
                        act(moment)
                running.step(now)
                kept.sent += [(now, message) for message in mail.outbox]
                mail.outbox.clear()
            return kept
    finally:
        running.close()


def start_again() -> None:
    """An empty database, with its numbers beginning at 1 again."""
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def every(pause: timedelta, since: datetime, until: datetime) -> list[datetime]:
    """Moments so far apart."""
    return [since + number * pause for number in range(int((until - since) / pause) + 1)]
