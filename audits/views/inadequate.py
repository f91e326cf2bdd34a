"""The page of the notice that an audit is inadequate: who is told, since when, who has read it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits import workflow
from audits.inadequate import is_confirmed, is_provisional, to_notify
from audits.inadequate_forms import TellForm, WithdrawForm
from audits.models import Audit, InadequateNotice
from audits.permissions import (
    check_can_acknowledge_inadequate,
    check_can_tell_inadequate,
    check_can_withdraw_inadequate,
)
from audits.views.loading import frame, readable_audit, visible_audit
from people.permissions import allowed
from people.refusals import Refused
from trail.once import once
from trail.writing import record_reading


@require_http_methods(["GET", "HEAD", "POST"])
@once
def inadequate(request: HttpRequest, number: str) -> HttpResponse:
    """Where it stands. A POST tells worker and managers that the audit is inadequate."""
    audit = _told_audit(request, number)
    form = TellForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.carry_out(workflow.notify_inadequate, audit=audit, by=request.user, at=timezone.now())
        if told:
            messages.success(request, f"{told.recipients.count()} people were told, here and by e-mail.")
            return redirect(told)
    return _page(request, audit, form, WithdrawForm())


def _told_audit(request: HttpRequest, number: str) -> Audit:
    """The audit, for whoever may read it or may know of its notice; else 404. The reading is on the trail."""
    audit = visible_audit(request, number)
    notices = InadequateNotice.objects.visible_to(request.user).filter(audit=audit)
    if not notices.exists():
        return readable_audit(request, number, "inadequate")
    record_reading(target=audit, by=request.user, page="inadequate")
    return audit


def _page(request: HttpRequest, audit: Audit, form: TellForm, withdrawing: WithdrawForm) -> HttpResponse:
    notices = audit.inadequate_notices.order_by("-told_at").prefetch_related("recipients")
    notices = list(notices.select_related("told_by", "acknowledged_by", "withdrawn_by"))
    standing = next((notice for notice in notices if notice.withdrawn_at is None), None)
    owed = bool(to_notify(audit))
    return render(request, "audits/inadequate.html", frame(
        audit, notices=notices, standing=standing, owed=owed, form=form, withdrawing=withdrawing,
        people=workflow.people_to_tell(audit, timezone.now()) if owed else [],
        can_tell=owed and allowed(check_can_tell_inadequate, request.user, audit),
        can_acknowledge=standing and allowed(check_can_acknowledge_inadequate, request.user, standing),
        can_withdraw=standing and allowed(check_can_withdraw_inadequate, request.user, standing),
        is_provisional=owed and is_provisional(audit), other_grade=standing and not_inadequate_now(audit),
    ), status=422 if form.errors or withdrawing.errors else 200)


def not_inadequate_now(audit: Audit) -> bool:
    """A notice stands, and the grade that is chosen now is another one: it is to be withdrawn."""
    return not is_confirmed(audit) and not is_provisional(audit)


def _standing(request: HttpRequest, number: str) -> InadequateNotice:
    notices = InadequateNotice.objects.visible_to(request.user).standing().select_related("audit")
    return get_object_or_404(notices, audit__number=number)


@require_POST
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """A manager says that it was read."""
    notice = _standing(request, number)
    try:
        workflow.acknowledge_inadequate(notice=notice, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(notice)


@require_POST
@once
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """P&Q take it back, with a reason; the same people hear it."""
    audit = _told_audit(request, number)
    notice, form = _standing(request, number), WithdrawForm(request.POST)
    check_can_withdraw_inadequate(request.user, notice)
    if form.is_valid() and form.carry_out(workflow.withdraw_inadequate, notice=notice, by=request.user,
                                          at=timezone.now()):
        messages.success(request, "Withdrawn. The same people were told.")
        return redirect(notice)
    return _page(request, audit, TellForm(), form)
