"""Beat wakes the workers; whoever is free takes the jobs that wait."""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from jobs.workflow import claim, run

TAKES_ANOTHER = 20  # seconds after which the next job is left to the next wake-up, which has its own time limit


@shared_task(time_limit=170, soft_time_limit=160)
def run_waiting() -> int:
    """Run jobs until none waits, or for a while."""
    done, began = 0, monotonic()
    while monotonic() - began < TAKES_ANOTHER and (job := claim(timezone.now())):
        run(job)
        done += 1
    return done
