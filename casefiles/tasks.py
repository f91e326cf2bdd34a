"""Beat wakes the workers: lists that nobody went on with are thrown away."""

from celery import shared_task
from django.utils import timezone

from casefiles.workflow import discard_old
from people.lines import system_actor


@shared_task(time_limit=60, soft_time_limit=50)
def discard_old_imports() -> int:
    """Files whose columns nobody named for a day, previews that nobody confirmed for a month."""
    return discard_old(by=system_actor(), now=timezone.now())
