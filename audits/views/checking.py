"""P&Q's check of a final audit, item by item: accept it, or return it with reasons (S1-47, S1-48)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits import workflow
from audits.models import Audit, QualityCheck
from audits.permissions import check_can_check
from audits.quality import found_in
from audits.record_forms import CheckForm
from audits.terms import terms_of
from audits.views.loading import frame, readable_audit
from people.lines import managers_upwards
from people.permissions import allowed
from trail.once import once
from workflows import InvalidTransition


def _checked(request: HttpRequest, number: str) -> Audit:
    audit = readable_audit(request, number, "quality-check")
    check_can_check(request.user, audit)
    return audit


@require_http_methods(["GET", "HEAD", "POST"])
@once
def quality_check(request: HttpRequest, number: str) -> HttpResponse:
    """The audit as it was made final, beside what is to be looked at. A POST returns it."""
    audit = _checked(request, number)
    if audit.is_past:
        return redirect("audits:audit-detail", number)
    if request.method != "POST":
        return _page(request, audit, CheckForm())
    form = CheckForm(request.POST)
    if _is_open(audit) and form.may_be_returned():
        sent = _done(workflow.return_to_auditor, request, audit, form, reasons=form.cleaned_data["reasons"])
        if sent:
            messages.success(request, f"Returned to {audit.auditor}, who has until {sent.due_at:%-d %B}.")
            return redirect("audits:audit-list")
    return _page(request, audit, form)


@require_POST
@once
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Accept: the team manager answers the audit now."""
    audit, form = _checked(request, number), CheckForm(request.POST)
    if audit.is_past:
        return redirect("audits:audit-detail", number)
    if _is_open(audit) and form.may_be_accepted() and _done(workflow.accept, request, audit, form):
        messages.success(request, f"{audit.number} is accepted. The team manager is told, and it is on the list "
                                  "“To file”.")
        return redirect("audits:audit-list")
    return _page(request, audit, form)


def _done(verb: Callable, request: HttpRequest, audit: Audit, form: CheckForm, **more):
    """What the verb gives; None where somebody else was quicker, and the page says so."""
    try:
        return verb(audit=audit, checklist=form.checklist(), by=request.user, at=timezone.now(), **more)
    except InvalidTransition:
        audit.refresh_from_db()
        return None


def _is_open(audit: Audit) -> bool:
    return audit.status == Audit.Status.QUALITY_CHECK


def _page(request: HttpRequest, audit: Audit, form: CheckForm) -> HttpResponse:
    """Nothing that was typed is lost, also where somebody else was quicker."""
    too_late = form.is_bound and not _is_open(audit)
    if too_late:
        form.full_clean()
    version = audit.versions.order_by("-number").first()
    managers, last = managers_upwards(audit.team) if audit.team else [], _last(audit)
    return render(request, "audits/quality_check.html", frame(
        audit, content=version.content if version else None, version=version, form=form, grade=audit.grade,
        manager=managers[0] if managers else None, rows=_rows(audit, version, form, last),
        can_check=too_late or _is_open(audit) and allowed(check_can_check, request.user, audit),
        problems=_problems(audit, form, too_late), last=last,
        returns=audit.returns.select_related("returned_by"), addenda=list(audit.addenda.select_related("added_by")),
    ), status=409 if too_late else 422 if form.errors else 200)


def _last(audit: Audit) -> QualityCheck | None:
    """What the last check said, for whoever checks what came back."""
    return audit.quality_checks.select_related("checked_by").order_by("-checked_at", "-pk").first()


def _rows(audit: Audit, version, form: CheckForm, last: QualityCheck | None) -> list[dict]:
    """Each item with what the portal found, what was said the last time, and its two fields."""
    if version is None:
        return []
    before = {row["slug"]: row for row in last.items} if last else {}
    found = {found.item.slug: found for found in found_in(version.content, terms_of(audit))}
    return [{**row, "found": found[row["item"].slug], "before": before.get(row["item"].slug)} for row in form.rows()]


def _problems(audit: Audit, form: CheckForm, too_late: bool) -> list[dict[str, str]]:
    """The error summary: each problem with the way to it."""
    if too_late:
        said = (f"This audit is “{audit.get_status_display()}” now: somebody else was quicker, or it was sent twice. "
                "What you wrote is below and was not sent.")
        return [{"text": said, "url": ""}]
    return [{"text": text, "url": f"#{name}"} for name, texts in form.errors.items() for text in texts]
