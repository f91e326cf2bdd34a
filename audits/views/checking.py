"""P&Q's check of a final audit: accept it, or return it with reasons."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits import workflow
from audits.forms import ReturnForm
from audits.permissions import check_can_check
from audits.views.loading import frame, readable_audit
from people.lines import managers_upwards
from people.permissions import allowed


@require_http_methods(["GET", "HEAD", "POST"])
def quality_check(request: HttpRequest, number: str) -> HttpResponse:
    """The audit as it was made final, with the two answers. A POST returns it."""
    audit = readable_audit(request, number, "quality-check")
    check_can_check(request.user, audit)
    if audit.is_past:
        return redirect("audits:audit-detail", number)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = workflow.return_to_auditor(audit=audit, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, f"Returned to {audit.auditor}, who has until {sent.due_at:%-d %B}.")
        return redirect("audits:audit-list")
    version = audit.versions.order_by("-number").first()
    managers = managers_upwards(audit.team) if audit.team else []
    return render(
        request,
        "audits/quality_check.html",
        frame(
            audit,
            content=version.content if version else None,
            version=version,
            form=form,
            grade=audit.grade,
            manager=managers[0] if managers else None,
            can_check=audit.status == "quality_check" and allowed(check_can_check, request.user, audit),
            returns=audit.returns.select_related("returned_by"),
        ),
        status=422 if form.errors else 200,
    )


@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Accept: the team manager answers the audit now."""
    audit = readable_audit(request, number, "quality-check")
    workflow.accept(audit=audit, by=request.user, at=timezone.now())
    messages.success(request, f"{audit.number} is accepted. The team manager is told.")
    return redirect("audits:audit-list")
