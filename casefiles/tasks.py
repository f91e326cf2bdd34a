"""What beat wakes the workers for. Safe to run twice, at once or late."""

from celery import shared_task
from django.utils import timezone

from casefiles.leaving import end_what_is_over
from casefiles.people_moves import follow_the_calendar
from casefiles.workflow import discard_old
from people.lines import system_actor


@shared_task
def end_accounts() -> int:
    """End the accounts whose last day is over; let duties follow the roles that begin or end with the day."""
    now, portal = timezone.now(), system_actor()
    follow_the_calendar(now, portal)
    return len(end_what_is_over(now, portal))


@shared_task(time_limit=60, soft_time_limit=50)
def discard_old_imports() -> int:
    """Files whose columns nobody named for a day, previews that nobody confirmed for a month."""
    return discard_old(by=system_actor(), now=timezone.now())
