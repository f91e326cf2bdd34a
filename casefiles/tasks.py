"""What beat wakes the workers for. Safe to run twice, at once or late."""

from celery import shared_task
from django.utils import timezone

from casefiles.leaving import end_what_is_over
from people.lines import system_actor


@shared_task
def end_accounts() -> int:
    """End the accounts whose last day is over."""
    return len(end_what_is_over(timezone.now(), system_actor()))
