"""Immediate concerns: one box, then the telephone; who was rung; acknowledged, dealt with, recorded; the list."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits import workflow
from audits.concern_filters import ConcernFilter
from audits.concern_forms import CallForm, ConcernDoneForm, ConcernForm
from audits.knowing import concerns_known_to
from audits.models import Audit, Concern
from audits.permissions import check_can_answer_concern
from audits.ringing import climb_of, numbers_to_ring
from audits.views.loading import frame, visible_audit
from people.files import csv_file
from people.permissions import allowed
from trail.once import once
from trail.writing import record_reading

A_PAGE = 25
COLUMNS = ("Audit", "Service", "State", "Raised", "Answered", "Recorded", "Calls")


@require_safe
def concerns(request: HttpRequest) -> HttpResponse:
    """The immediate concerns of the audits one may see, the open ones first of all; `export=csv` gives them as a file.
    What was written stands on the page of each.
    """
    seen = concerns_known_to(request.user).select_related("audit", "acknowledged_by").annotate(rung=Count("calls"))
    found = ConcernFilter(request.GET, queryset=seen.order_by("raised_at", "pk"))
    if request.GET.get("export") == "csv":
        return csv_file("concerns.csv", COLUMNS, _lines(found.qs))
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "audits/concern_list.html", {"page": page, "filter": found})


def _lines(found: Iterable[Concern]) -> Iterable[list[str]]:
    for row in found:
        yield [row.audit.number, row.audit.service_name, row.get_status_display(), _said(row.raised_at),
               _said(row.acknowledged_at), _said(row.confirmed_at), str(row.rung)]


def _said(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""


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


@require_http_methods(["GET", "HEAD", "POST"])
def concern(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The concern and where it stands. A POST records that it is dealt with."""
    audit, row = _concern(request, number, pk)
    form = ConcernDoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workflow.confirm_concern(concern=row, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Recorded. The concern is closed.")
        return redirect("audits:concern-detail", number, pk)
    return _page(request, audit, row, form=form)


@require_POST
@once
def ring(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Somebody was rung: who, when, and whether they were spoken to (B3)."""
    audit, row = _concern(request, number, pk)
    form = _call_form(request, audit, row)
    if not form.is_valid():
        return _page(request, audit, row, calling=form)
    call = workflow.record_call(concern=row, by=request.user, at=timezone.now(), **form.values())
    messages.success(request, f"Recorded: {call.who}, {'spoken to' if call.was_spoken_to else 'no answer'}.")
    return redirect("audits:concern-detail", number, pk)


def _call_form(request: HttpRequest, audit: Audit, row: Concern) -> CallForm:
    data = request.POST if request.method == "POST" else None
    return CallForm(data, numbers=numbers_to_ring(audit), raised_at=row.raised_at, now=timezone.now())


def _page(request: HttpRequest, audit: Audit, row: Concern, form: ConcernDoneForm | None = None,
          calling: CallForm | None = None) -> HttpResponse:
    record_reading(target=row, by=request.user, page="concern")
    numbers = numbers_to_ring(audit)
    wrong = next((each for each in (form, calling) if each and each.errors), None)
    return render(request, "audits/concern.html", frame(
        audit, concern=row, form=form or ConcernDoneForm(), numbers=numbers, wrong=wrong, climb=climb_of(row),
        calling=calling or CallForm(numbers=numbers, raised_at=row.raised_at, now=timezone.now()),
        calls=row.calls.select_related("person", "recorded_by"),
        can_answer=allowed(check_can_answer_concern, request.user, row),
    ), status=422 if wrong else 200)


@require_POST
def acknowledge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A manager says "I have this"."""
    _, row = _concern(request, number, pk)
    workflow.acknowledge_concern(concern=row, by=request.user, at=timezone.now())
    return redirect("audits:concern-detail", number, pk)


def _concern(request: HttpRequest, number: str, pk: int) -> tuple[Audit, Concern]:
    audit = visible_audit(request, number)
    rows = Concern.objects.filter(audit=audit).select_related(
        "audit__team", "audit__version", "raised_by", "acknowledged_by", "confirmed_by"
    )
    return audit, get_object_or_404(rows, pk=pk)
