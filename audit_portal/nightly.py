"""The nightly check of the duties as a job: once a London night, after two, by whichever worker is free.

It stands here because a job is asked for above duties (the direction between apps).
"""

from datetime import datetime
from time import monotonic
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from calendars.rules import LONDON
from duties import sweep
from duties.models import Sweep
from jobs import progress
from jobs import registry as jobs
from jobs.workflow import ask
from people.lines import system_actor

JOB = "duties.sweep"
FROM_HOUR = 2
A_TURN = 90  # seconds; a job may take 160, so what takes longer goes on in the next


def register() -> None:
    """Make the job known."""
    jobs.register(JOB, work)


@transaction.atomic
def start(now: datetime) -> bool:
    """Ask for tonight's check where nobody has; gives whether it did. A night that was slept through comes later."""
    local = now.astimezone(LONDON)
    if local.hour < FROM_HOUR:
        return False
    found, is_new = sweep.begin(at=now, night=local.date())
    if is_new:
        _ask(found, now)
    return is_new


def _ask(found: Sweep, now: datetime) -> None:
    ask(kind=JOB, title="Check the duties", arguments={"sweep": found.pk}, by=system_actor(), at=now)


def work(arguments: dict[str, Any]) -> str:
    """A turn of the check; the next job takes the next one."""
    found, now, until = Sweep.objects.get(pk=arguments["sweep"]), timezone.now(), monotonic() + A_TURN
    if not sweep.carry_on(found, at=now, tell=progress.tell, enough=lambda: monotonic() > until):
        _ask(found, now)
    return reverse("operations:status")
