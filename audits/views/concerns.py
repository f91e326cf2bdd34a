"""Immediate concerns: one box, then the telephone; acknowledged, dealt with, recorded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits import workflow
from audits.forms import ConcernDoneForm, ConcernForm
from audits.models import Audit, Concern
from audits.permissions import check_can_answer_concern
from audits.views.loading import frame, visible_audit
from calendars.rules import today_in_london
from people.lines import cover_for, managers_upwards
from people.permissions import allowed
from trail.once import once
from trail.writing import record_reading


@require_http_methods(["GET", "HEAD", "POST"])
@once
def raise_concern(request: HttpRequest, number: str) -> HttpResponse:
    """Raise a concern: one required field, in any state of the audit (S1-26)."""
    audit = visible_audit(request, number)
    form = ConcernForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        concern = workflow.raise_concern(audit=audit, by=request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("audits:concern-detail", number, concern.pk)
    context = frame(audit, form=form, numbers=numbers_to_ring(audit))
    return render(request, "audits/concern_new.html", context, status=422 if form.errors else 200)


def numbers_to_ring(audit: Audit) -> list[tuple[str, str, str]]:
    """Whom to ring, nearest first: role, name, telephone; then out of hours."""
    managers = managers_upwards(audit.team) if audit.team else []
    rows = []
    for manager in managers[:2]:
        rows.append((manager.job_title or "Manager", manager.name, manager.phone))
        if cover := cover_for(manager, today_in_london()):
            rows.append((f"Covers for {manager.name}", cover.name, cover.phone))
    if audit.team and audit.team.out_of_hours_phone:
        rows.append(("Out of hours", "", audit.team.out_of_hours_phone))
    return [row for row in rows if row[2]]


@require_http_methods(["GET", "HEAD", "POST"])
def concern(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The concern and where it stands. A POST records that it is dealt with."""
    audit, row = _concern(request, number, pk)
    form = ConcernDoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workflow.confirm_concern(concern=row, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Recorded. The concern is closed.")
        return redirect("audits:concern-detail", number, pk)
    record_reading(target=row, by=request.user, page="concern")
    return render(
        request,
        "audits/concern.html",
        frame(
            audit,
            concern=row,
            form=form,
            numbers=numbers_to_ring(audit),
            can_answer=allowed(check_can_answer_concern, request.user, row),
        ),
        status=422 if form.errors else 200,
    )


@require_POST
def acknowledge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A manager says "I have this"."""
    _, row = _concern(request, number, pk)
    workflow.acknowledge_concern(concern=row, by=request.user, at=timezone.now())
    return redirect("audits:concern-detail", number, pk)


def _concern(request: HttpRequest, number: str, pk: int) -> tuple[Audit, Concern]:
    audit = visible_audit(request, number)
    rows = Concern.objects.filter(audit=audit).select_related(
        "audit__team", "raised_by", "acknowledged_by", "confirmed_by"
    )
    return audit, get_object_or_404(rows, pk=pk)
