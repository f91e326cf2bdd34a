"""What beat wakes the workers for: answers that nobody gave in time. Safe to run twice, at once or late."""

from celery import shared_task
from django.utils import timezone

from audits import workflow


@shared_task
def lapse_windows() -> int:
    """Record silence where the time to answer a shared audit is over, so that it can become final."""
    return workflow.lapse_windows(timezone.now())
