"""What beat wakes the workers for. Each task is safe to run twice, at once or late."""

from celery import shared_task
from django.utils import timezone

from duties.delivery import drain as drain_notices
from duties.models import Heartbeat
from duties.tick import tick as tick_duties


@shared_task
def drain() -> int:
    """Send the notices that wait."""
    return drain_notices(timezone.now())


@shared_task
def tick() -> int:
    """Fire the rungs that have come."""
    now = timezone.now()
    Heartbeat.objects.update_or_create(name="tick", defaults={"beat_at": now})
    return tick_duties(now)


@shared_task
def heartbeat() -> None:
    """Leave a sign of life."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"beat_at": timezone.now()})
