"""What beat wakes the workers for, above all apps. Safe to run twice, at once or late."""

from celery import shared_task
from django.utils import timezone

from audit_portal import nightly


@shared_task
def start_sweep() -> bool:
    """Ask for tonight's check of the duties, once."""
    return nightly.start(timezone.now())
