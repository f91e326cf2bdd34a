"""An audit that will not be done by its auditor: a connection, a substitution, a cancellation."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from allocations.substituting import Offer, Why, next_reserve
from audits import workflow
from audits.forms import CancelForm, ConnectionForm, SubstituteForm
from audits.knowing import BEFORE_SHARING
from audits.models import Audit
from audits.permissions import check_can_cancel, check_can_report_connection, check_can_substitute
from audits.views.loading import PEOPLE, frame, own_audit, visible_audit
from audits.workflow.life import CANCELLABLE
from people.permissions import allowed
from people.refusals import Refused
from trail.once import once

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@once
def connection(request: HttpRequest, number: str) -> HttpResponse:
    """The auditor knows the child or family. A POST tells P&Q, who give them another case (B4)."""
    audit = own_audit(request, number, "connection")
    check_can_report_connection(request.user, audit)
    form = ConnectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workflow.report_connection(audit=audit, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Performance and Quality are told, and give you another case.")
        return redirect("audits:audit-detail", number)
    return render(request, "audits/connection.html", frame(audit, form=form), status=422 if form.errors else 200)


@require_http_methods(METHODS)
@once
def substitute(request: HttpRequest, number: str) -> HttpResponse:
    """Which reserve comes next, which before it are stepped over and why. A POST takes it (B4)."""
    audit = visible_audit(request, number)
    check_can_substitute(request.user, audit)
    offer, problem = offer_for(request, audit)
    form = SubstituteForm(request.POST or None, offer=offer, initial=said_of(audit))
    if request.method == "POST" and offer and form.is_valid():
        given = workflow.substitute(audit=audit, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, told(audit, given))
        return redirect("audits:audit-detail", given.number if given else number)
    context = frame(audit, form=form, offer=offer, problem=problem)
    return render(request, "audits/substitute.html", context, status=422 if form.errors or
                  (problem and request.method == "POST") else 200)


def offer_for(request: HttpRequest, audit: Audit) -> tuple[Offer | None, str]:
    """The next reserve, or why there can be no substitution."""
    if audit.status not in BEFORE_SHARING:
        return None, f"This audit is “{audit.get_status_display()}”, so its case cannot be substituted any more."
    if audit.awaits_auditor_since:
        return None, "Nobody audits this case now. Give it to another auditor first."
    try:
        return next_reserve(audit.allocation, by=request.user, at=timezone.now()), ""
    except Refused as refused:
        return None, str(refused)


def said_of(audit: Audit) -> dict[str, str]:
    """What the portal knows of the reason."""
    if audit.connection_at:
        return {"why": Why.CONNECTION}
    if not audit.case_file.is_open:
        return {"why": Why.CLOSED}
    return {"why": Why.RESTRICTED} if audit.case_file.is_restricted else {}


def told(audit: Audit, given: Audit | None) -> str:
    """What happened, and who hears of it."""
    if given is None:
        return f"{audit.number} is off the list. No reserve is left, so {audit.auditor} has no audit in its place."
    return f"{given.number} takes the place of {audit.number}. {audit.auditor} and the people of both cases are told."


@require_http_methods(METHODS)
@once
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call an audit off, with a reason: exceptional, and only by whom the programme names (S1-66)."""
    audit = cancellable_audit(request, number)
    check_can_cancel(request.user, audit)
    form = CancelForm(request.POST or None)
    can_cancel = audit.status in CANCELLABLE
    if request.method == "POST" and can_cancel and form.is_valid():
        workflow.cancel(audit=audit, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, f"{audit.number} is cancelled. Its auditor, the people of the case and Performance "
                                  "and Quality are told.")
        return redirect("audits:audit-cancel", number)
    context = frame(audit, form=form, can_cancel=can_cancel)
    failed = request.method == "POST" and (form.errors or not can_cancel)
    return render(request, "audits/cancel.html", context, status=422 if failed else 200)


def cancellable_audit(request: HttpRequest, number: str) -> Audit:
    """An audit that this person may see, or of an auditor under them where they may cancel; else 404."""
    audits = Audit.objects.cancellable_by(request.user).select_related(*PEOPLE)
    audit = get_object_or_404(audits, number=number)
    seen = Audit.objects.visible_to(request.user).filter(pk=audit.pk).exists()
    if not seen and not allowed(check_can_cancel, request.user, audit):
        raise Http404("No such audit.")
    return audit
