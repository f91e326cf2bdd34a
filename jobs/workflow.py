"""Verbs on jobs: ask, claim, run. A job is taken up again when its worker died."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q
from django.utils import timezone

from jobs.models import Job
from jobs.progress import heard_by
from jobs.registry import work_for
from people.models import Staff

log = logging.getLogger("portal.jobs")
LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 3
OUR_SIDE = "Something went wrong on our side. Try again, or ask for help."


class JobFailed(Exception):
    """The work could not be done; the message is fit for its owner."""


def ask(*, kind: str, title: str, arguments: dict[str, Any], by: Staff, at: datetime) -> Job:
    """Ask for long work; a worker takes it up within seconds."""
    return Job.objects.create(kind=kind, title=title, arguments=arguments, owner=by, created_at=at)


@transaction.atomic
def claim(now: datetime) -> Job | None:
    """Lease the oldest job that waits or whose lease has run out; one that broke its workers is not tried for ever."""
    _give_up(now)
    free = Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, leased_until__lt=now)
    job = Job.objects.filter(free).order_by("created_at").select_for_update(skip_locked=True).first()
    if job is None:
        return None
    job.state, job.leased_until, job.attempts = Job.State.RUNNING, now + LEASE, job.attempts + 1
    job.save(update_fields=["state", "leased_until", "attempts"])
    return job


def _give_up(now: datetime) -> None:
    """A job whose worker died each time, such as for want of memory, has failed."""
    broken = Job.objects.filter(state=Job.State.RUNNING, leased_until__lt=now, attempts__gte=MOST_ATTEMPTS)
    broken.update(state=Job.State.FAILED, message=OUR_SIDE, finished_at=now)


def run(job: Job) -> None:
    """Do a claimed job and keep what came of it; a failure is said in words, never with data."""
    try:
        with heard_by(lambda done, of, message: _report(job, done, of, message)):
            outcome = work_for(job.kind)(job.arguments)
    except JobFailed as failure:
        _finish(job, Job.State.FAILED, message=str(failure))
    except Exception as error:
        # Where, but not what: the message of a database error may hold the values of a row.
        log.error("Job %s failed: %s at %s", job.pk, type(error).__name__, _place_of(error))
        if job.attempts >= MOST_ATTEMPTS:
            _finish(job, Job.State.FAILED, message=OUR_SIDE)
    else:
        _finish(job, Job.State.DONE, outcome_url=outcome)


def _place_of(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:])


def _report(job: Job, done: int, of: int, message: str) -> None:
    """Written beside the work's own transaction, or nobody would see it before the work is done."""
    values = [done, of, message[:300], timezone.now() + LEASE, job.pk, job.attempts]
    with _beside() as cursor:
        cursor.execute("UPDATE jobs_job SET done_steps = %s, all_steps = %s, message = %s, leased_until = %s"
                       " WHERE id = %s AND attempts = %s AND state = 'running'", values)


@contextmanager
def _beside() -> Iterator[CursorWrapper]:
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield cursor
        return
    other = connections.create_connection(connection.alias)
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def _finish(job: Job, state: str, *, message: str = "", outcome_url: str = "") -> None:
    """Only whoever holds the lease ends the job: a worker that lost it in between says nothing."""
    Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).update(
        state=state, message=message[:300], outcome_url=outcome_url, finished_at=timezone.now()
    )
