"""How far a piece of long work is. The page can be left and come back to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from jobs.models import Job


@require_safe
def progress(request: HttpRequest, pk) -> HttpResponse:
    """Progress in words and as a bar, looked up again by itself; when it is done, its outcome."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if job.state == Job.State.DONE and job.outcome_url:
        return redirect(job.outcome_url)
    response = render(request, "jobs/progress.html", {"job": job})
    if not job.is_finished:
        response.headers["Refresh"] = "2"
    return response
