"""What beat wakes the workers for: places that came free when the pool grew. Safe to run twice, at once or late."""

from celery import shared_task
from django.utils import timezone

from allocations.breaks import workflow


@shared_task
def fill_breaks() -> int:
    """Give free places to who waits for them (A7)."""
    return workflow.fill_all(timezone.now())
