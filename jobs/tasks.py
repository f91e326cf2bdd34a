"""Beat wakes the workers; whoever is free takes the jobs that wait."""

from celery import shared_task
from django.utils import timezone

from jobs.workflow import claim, run


@shared_task(time_limit=170, soft_time_limit=160)
def run_waiting() -> int:
    """Run jobs until none waits."""
    done = 0
    while job := claim(timezone.now()):
        run(job)
        done += 1
    return done
