"""What beat wakes the workers for: times to answer that are over, days that have come. Safe to run twice, or late."""

from celery import shared_task
from django.utils import timezone

from audits import workflow


@shared_task
def lapse_windows() -> int:
    """Record silence where the time to answer a shared audit is over, so that it can become final."""
    return workflow.lapse_windows(timezone.now())


@shared_task
def tell_on_the_day() -> int:
    """Tell the people of no-notice cases, on the day (S0-14)."""
    return workflow.tell_on_the_day(timezone.now())


@shared_task
def tell_of_missed() -> int:
    """Tell the managers of auditors who did not complete an audit in time (S2-31, S2-32)."""
    return workflow.tell_of_missed(timezone.now())
