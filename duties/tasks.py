"""What beat wakes the workers for. Each task is safe to run twice, at once or late."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from duties import digests
from duties.delivery import drain as drain_notices
from duties.models import Heartbeat
from duties.tick import tick as tick_duties

A_FEW = 20
A_WHILE = timedelta(seconds=30)  # well within the limit of a task, and within the lease of an e-mail


@shared_task
def drain() -> int:
    """Send the notices that wait, a few at a time with the clock read anew; what is left goes with the next wake-up."""
    sent, until = 0, timezone.now() + A_WHILE
    while timezone.now() < until:
        done = drain_notices(timezone.now(), A_FEW)
        sent += done
        if done < A_FEW:
            break
    return sent


@shared_task
def tick() -> int:
    """Fire the rungs that have come."""
    now = timezone.now()
    Heartbeat.objects.update_or_create(name="tick", defaults={"beat_at": now})
    return tick_duties(now)


@shared_task
def make_digest() -> bool:
    """Make the leaders' digest of the month before, where its time has come and nobody has made it."""
    return digests.make_if_due(timezone.now()) is not None


@shared_task
def heartbeat() -> None:
    """Leave a sign of life."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"beat_at": timezone.now()})
