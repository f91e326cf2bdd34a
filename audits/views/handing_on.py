"""Giving an audit to another auditor: who can take it, best first; everybody else with why not. For P&Q."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from allocations.due import due_when_given_late
from allocations.models import Allocation
from allocations.takers import Takers
from audits import workflow
from audits.models import Audit
from audits.permissions import check_can_reallocate
from audits.views.loading import frame, visible_audit
from audits.workflow.handing_on import BEGUN, NEEDS_REASON
from calendars.rules import is_late
from people.folding import fold
from people.refusals import Refused
from trail.once import once

SUGGESTED = 10
A_PAGE = 25


class ReallocateForm(forms.Form):
    """To whom, and why where nobody agreed on an exemption."""

    auditor = forms.IntegerField(min_value=1, error_messages={
        "required": "Choose an auditor", "invalid": "Choose an auditor", "min_value": "Choose an auditor"})
    because = forms.CharField(max_length=Allocation._meta.get_field("ended_because").max_length, required=False,
                              error_messages={"max_length": "Use 300 characters or fewer"})

    def __init__(self, *args, needs_reason: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["because"].required = needs_reason
        self.fields["because"].error_messages["required"] = NEEDS_REASON.partition(":")[0]


@require_http_methods(["GET", "HEAD", "POST"])
@once
def reallocate(request: HttpRequest, number: str) -> HttpResponse:
    """Suggestions that keep the rules, and a search of everybody else. A POST gives the audit to one of them."""
    audit = visible_audit(request, number, "allocation__round__version", "allocation__case_file")
    check_can_reallocate(request.user)
    if not workflow.can_change_hands(audit):
        messages.error(request, f"This audit is “{audit.get_status_display()}”, so it stays with its auditor.")
        return redirect("audits:audit-detail", number)
    takers = workflow.takers_for(audit, timezone.now())
    if request.method != "POST":
        return _page(request, audit, takers)
    form = ReallocateForm(request.POST, needs_reason=audit.awaits_auditor_since is None)
    if not form.is_valid():
        return _page(request, audit, takers, form, {name: each[0] for name, each in form.errors.items()})
    return _given(request, audit, takers, form)


def _given(request: HttpRequest, audit: Audit, takers: Takers, form: ReallocateForm) -> HttpResponse:
    taker = takers.find(form.cleaned_data["auditor"])
    if taker is None:
        return _page(request, audit, takers, form, {"auditor": "Choose an auditor of the register"})
    try:
        audit = workflow.reallocate(audit=audit, auditor=taker.entry.staff, because=form.cleaned_data["because"],
                                    by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, audit, takers, form, {refused.field or "auditor": str(refused)})
    hidden = audit.visible_from > timezone.now()
    others = "the people of the case hear on the day" if hidden else "so are the people of the case"
    messages.success(request, f"{audit.auditor} audits this case now. They are told, and {others}.")
    return redirect("audits:audit-detail", audit.number)


def _page(request: HttpRequest, audit: Audit, takers: Takers, form: ReallocateForm | None = None,
          wrong: dict[str, str] | None = None) -> HttpResponse:
    words, now, wrong = request.GET.get("q", "").strip()[:100], timezone.now(), wrong or {}
    able = [taker for taker in takers.able[SUGGESTED:] if fold(words) in taker.entry.staff.folded_name]
    unable = [taker for taker in takers.unable if fold(words) in taker.entry.staff.folded_name]
    is_complete = audit.status not in BEGUN
    due_at = audit.due_at if is_complete else due_when_given_late(audit.allocation.round, now)
    return render(request, "audits/reallocate.html", frame(
        audit, suggested=takers.able[:SUGGESTED], more=able[:A_PAGE] if words else [], words=words,
        rest=len(takers.able) - SUGGESTED, page=Paginator(unable, A_PAGE).get_page(request.GET.get("page")),
        beyond=takers.beyond, chosen=_chosen(form), because=form["because"].value() or "" if form else "", wrong=wrong,
        problems=[{"text": text, "url": f"#{name}"} for name, text in wrong.items()], due_at=due_at,
        is_later=is_late(due_at, audit.allocation.round.due_at), is_complete=is_complete,
    ), status=422 if wrong else 200)


def _chosen(form: ReallocateForm | None) -> int | None:
    return form.cleaned_data.get("auditor") if form else None
