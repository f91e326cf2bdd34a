"""Verbs on jobs: ask, claim, run. A job is taken up again when its worker died."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jobs.models import Job
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
        outcome = work_for(job.kind)(job.arguments, lambda done, of, message: _report(job, done, of, message))
    except JobFailed as failure:
        _finish(job, Job.State.FAILED, message=str(failure))
    except Exception as error:
        log.exception("Job %s failed: %s", job.pk, type(error).__name__)
        if job.attempts >= MOST_ATTEMPTS:
            _finish(job, Job.State.FAILED, message=OUR_SIDE)
    else:
        _finish(job, Job.State.DONE, outcome_url=outcome)


def _report(job: Job, done: int, of: int, message: str) -> None:
    Job.objects.filter(pk=job.pk).update(
        done_steps=done, all_steps=of, message=message[:300], leased_until=timezone.now() + LEASE
    )


def _finish(job: Job, state: str, *, message: str = "", outcome_url: str = "") -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state, message=message[:300], outcome_url=outcome_url, finished_at=timezone.now()
    )
