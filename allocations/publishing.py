"""Sending a list out: a short one at once, a long one by a job, since everybody concerned is told of each audit."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from allocations import workflow
from allocations.models import Round
from allocations.steps import step_url
from jobs import workflow as jobs
from jobs.models import Job
from jobs.workflow import JobFailed
from people.models import Staff
from people.refusals import Refused
from workflows import InvalidTransition

JOB = "allocations.publish"
AT_ONCE = 100  # audits: more would hold a web worker for seconds


def is_long(round: Round) -> bool:
    """Whether a job sends the list out."""
    return round.allocations.count() > AT_ONCE


def ask(*, round: Round, by: Staff, at) -> Job:
    """Have a long list sent out; whoever presses again is led to the same job. Raises Refused beside a colleague."""
    running = Job.objects.filter(kind=JOB, arguments__round=round.pk, state__in=[Job.State.WAITING, Job.State.RUNNING])
    job = running.select_related("owner").first()
    if job is None:
        arguments = {"round": round.pk, "by": by.pk}
        return jobs.ask(kind=JOB, title=f"Publish the list of {round}", arguments=arguments, by=by, at=at)
    if job.owner != by:
        raise Refused(f"{job.owner} is publishing this list just now. Look again in a minute.")
    return job


def make(arguments: dict[str, Any]) -> str:
    """The job. Done again after its worker died it finds a list that is out, and sends nothing twice."""
    round = Round.objects.select_related("version__programme").get(pk=arguments["round"])
    if round.published_at is None:
        try:
            workflow.publish(round=round, by=Staff.objects.get(pk=arguments["by"]), at=timezone.now())
        except (Refused, InvalidTransition, PermissionDenied) as refused:
            raise JobFailed(str(refused)) from None
    return step_url(round, "progress")
