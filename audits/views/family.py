"""Hearing the family: whether it is right, consent, attempts, conversations and what was said in them."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits import workflow
from audits.consulting import facts_of
from audits.family import FIRST, hindrances, set_of, sets_of, view_page
from audits.family_forms import ConsentForm, DecisionForm, FamilyAttemptForm, PassOnForm, ViewForm
from audits.models import Audit, FamilyView
from audits.permissions import check_can_write
from audits.questions import FAMILY
from audits.views.consulting import METHODS, form_page
from audits.views.loading import frame, own_audit
from audits.views.writing import part_page
from audits.workflow.contacting import first_day
from calendars.rules import london_date
from jobs.documents import pdf_answer, pdf_of
from people.permissions import allowed
from trail.once import once


@require_http_methods(METHODS)
def family(request: HttpRequest, number: str) -> HttpResponse:
    """The part "Family views": what was decided, who was heard, or why nobody was."""
    audit = own_audit(request, number, "family")
    _, facts = facts_of(audit)
    more = {"heard": facts, "before": "audits/_family.html", "sets": sets_of(audit.version),
            "heading": "" if facts["views"] else "If nobody is heard"}
    page = replace(FAMILY, questions=()) if facts["views"] else FAMILY
    return part_page(request, audit, page, more)


def _days(audit: Audit) -> dict[str, Any]:
    return {"first": first_day(audit), "today": london_date(timezone.now())}


def _writable(request: HttpRequest, number: str) -> Audit:
    audit = own_audit(request, number, "family")
    check_can_write(request.user, audit)
    return audit


def _decided(request: HttpRequest, number: str) -> Audit:
    """Before auditor and worker have decided whom it is right to speak with, there is nothing to record (S2-08)."""
    audit = _writable(request, number)
    if not audit.family_decisions.exists():
        raise PermissionDenied(FIRST)
    return audit


@require_http_methods(METHODS)
@once
def decision(request: HttpRequest, number: str) -> HttpResponse:
    """Whom it is right to speak with (S2-08, S2-12)."""
    audit = _writable(request, number)
    form = DecisionForm(request.POST or None, **_days(audit))
    if request.method == "POST" and form.is_valid():
        workflow.decide_family(audit=audit, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Recorded.")
        return redirect("audits:part-family", number)
    return form_page(request, audit, form, "Is it right to speak with the family?", "family")


@require_http_methods(METHODS)
@once
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """A parent agrees that the child is spoken to, or does not (S2-09)."""
    audit = _decided(request, number)
    form = ConsentForm(request.POST or None, **_days(audit))
    if request.method == "POST" and form.is_valid():
        workflow.record_parental_consent(audit=audit, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Recorded.")
        return redirect("audits:part-family", number)
    return form_page(request, audit, form, "A parent’s consent", "family")


@require_http_methods(METHODS)
@once
def attempt(request: HttpRequest, number: str) -> HttpResponse:
    """An attempt that came to nothing (S2-36)."""
    audit = _decided(request, number)
    form = FamilyAttemptForm(request.POST or None, hindrances=hindrances(audit), **_days(audit))
    if request.method == "POST" and form.is_valid():
        workflow.record_family_attempt(audit=audit, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Recorded.")
        return redirect("audits:part-family", number)
    return form_page(request, audit, form, "Record an attempt to speak with the family", "family")


@require_http_methods(METHODS)
@once
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """The start of a conversation: the script, then consent; only then the questions open (S2-15, S2-16)."""
    audit, now = _decided(request, number), timezone.now()
    found = hindrances(audit)
    form = ViewForm(request.POST or None, sets=sets_of(audit.version), hindrances=found, now=now, **_days(audit))
    if request.method == "POST" and form.is_valid():
        row = workflow.hear(audit=audit, by=request.user, at=now, **form.cleaned_data)
        return redirect(row.get_absolute_url())
    return form_page(request, audit, form, "Speak with somebody in the family", "family",
                     before="audits/_script.html", script=audit.version.asks.family.script,
                     hindered=sorted({why for why in found.values() if why}))


@require_http_methods(METHODS)
def view(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The questions to one person, with what they said; kept as one types."""
    audit = own_audit(request, number, "family")
    row = _view(audit, pk)
    more = {"view": row, "before": "audits/_view.html", "back": f"{audit.get_absolute_url()}family/"}
    return part_page(request, audit, view_page(row, audit.version), more, then=more["back"])


def _view(audit: Audit, pk: int) -> FamilyView:
    return get_object_or_404(audit.family_heard.select_related("audit").filter(removed_at=None), pk=pk)


@require_http_methods(METHODS)
@once
def pass_on(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Worker and manager were told what somebody said (S2-14)."""
    audit = _writable(request, number)
    row = _view(audit, pk)
    form = PassOnForm(request.POST or None, **_days(audit) | {"first": row.spoken_on})
    if request.method == "POST" and form.is_valid():
        workflow.pass_on(view=row, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Recorded: worker and manager were told.")
        return redirect("audits:part-family", number)
    return form_page(request, audit, form, "Tell the worker and the manager", "family")


@require_POST
def remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It was recorded by mistake, or somebody takes their words back."""
    audit = _writable(request, number)
    workflow.remove_view(view=_view(audit, pk), by=request.user, at=timezone.now())
    messages.success(request, "Removed. It stays in the history that it was recorded.")
    return redirect("audits:part-family", number)


@require_safe
def questionnaire(request: HttpRequest, number: str, slug: str, kind: str = "page") -> HttpResponse:
    """The questions of a set on paper, to be typed in afterwards: the audit's number, and no name (S1-25)."""
    audit = own_audit(request, number, "family")
    found = set_of(audit.version, slug)
    if found is None:
        raise Http404("There are no such questions.")
    if kind == "pdf":
        return pdf_answer(pdf_of("documents/questionnaire.html", {"audit": audit, "set": found}),
                          f"{audit.number}-questions-{slug}.pdf")
    can_write = allowed(check_can_write, request.user, audit)
    return render(request, "audits/questionnaire.html", frame(audit, set=found, can_write=can_write))
