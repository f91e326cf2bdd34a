"""Exemptions: whom one can ask for, asking, one request, all of them. No content of an audit, nothing on a child."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allocations.exemptions import workflow
from allocations.exemptions.figures import Clock, figures_of
from allocations.exemptions.filters import ExemptionFilter, with_waiting
from allocations.exemptions.forms import AskForm, DecideForm, SupportForm
from allocations.exemptions.history import history_of, next_of
from allocations.exemptions.permissions import check_can_decide, check_can_support, check_can_withdraw
from allocations.exemptions.routes import in_words, route_for, route_of
from allocations.models import Allocation, Exemption
from allocations.months import month_name
from allocations.pool import service_names
from calendars.calendar import local_extra_days
from calendars.rules import london_date
from people.files import csv_file
from people.folding import fold
from people.permissions import allowed
from trail.once import once
from trail.writing import record_reading

A_PAGE = 25
PEOPLE = ("allocation__auditor__unit", "allocation__auditor__line_manager", "allocation__round__version", "asked_by",
          "manager_by", "decided_by")
COLUMNS = ("Audit", "Auditor", "Service", "Month", "Reason", "Asked on", "Asked by", "Days after allocation", "Late",
           "State", "Decided on", "Decided by")


def _visible(request: HttpRequest) -> QuerySet[Exemption]:
    return Exemption.objects.visible_to(request.user).select_related(*PEOPLE)


@require_safe
def exemptions(request: HttpRequest) -> HttpResponse:
    """Requests by state, service and month; how soon they were asked for. `export=csv` gives what is shown."""
    rows = with_waiting(_visible(request)).defer("allocation__round__version__policy")
    found = ExemptionFilter(request.GET, queryset=rows.order_by("-asked_at", "-pk"))
    clock, services = Clock(local_extra_days()), service_names()
    rows = [clock.mark(row) for row in found.qs]
    for row in rows:
        row.service = services.get(row.allocation.auditor.unit_id, "")
    if request.GET.get("export") == "csv":
        return csv_file("exemptions.csv", COLUMNS, (row_of(row) for row in rows))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "allocations/exemption_list.html", {
        "page": page, "filter": found, "figures": figures_of(rows), "is_pq": request.user.hats().is_pq})


def row_of(row: Exemption) -> list[object]:
    """One request as a line of the file."""
    given, decided = row.allocation, row.decided_at
    return [given.number, given.auditor.name, row.service, month_name(given.round.month), row.get_reason_display(),
            f"{london_date(row.asked_at):%d/%m/%Y}", row.asked_by.name, row.lag, "yes" if row.is_late else "",
            row.get_status_display(), f"{london_date(decided):%d/%m/%Y}" if decided else "",
            row.decided_by.name if row.decided_by else ""]


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """For which audit: one's own, those of one's people, any for P&Q; found by name or number (B6)."""
    words = request.GET.get("q", "").strip()[:100]
    rows = Allocation.objects.of_people_of(request.user).owed().select_related("auditor", "round")
    rows = rows.filter(Q(auditor__folded_name__contains=fold(words)) | Q(number__icontains=words)) if words else rows
    pending = Exemption.objects.pending().filter(allocation=OuterRef("pk"))
    rows = rows.annotate(is_asked=Exists(pending)).order_by("auditor__folded_name", "due_at", "pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "allocations/exemption_choose.html", {"page": page, "words": words})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Why the audit cannot be done. A POST sends the request to whoever decides."""
    rows = Allocation.objects.of_people_of(request.user).live().select_related(
        "auditor__unit", "auditor__line_manager", "round__version")
    allocation = get_object_or_404(rows, number=number)
    if request.method == "POST" and (form := AskForm(request.POST)).is_valid():
        exemption = workflow.ask(allocation=allocation, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, f"Asked. {_next_step(exemption)}")
        return redirect(exemption)
    if request.method != "POST":
        if waiting := allocation.exemptions.pending().first():
            return redirect(waiting)
        form = AskForm(initial={"reason": request.GET.get("reason", "")})
    return render(request, "allocations/exemption_ask.html", {
        "allocation": allocation, "form": form, "deciders": in_words(route_for(allocation)),
        "is_own": allocation.auditor_id == request.user.pk,
        "line_manager_first": allocation.round.version.rules.roles.exempt.line_manager_first,
    }, status=422 if form.errors else 200)


def _next_step(exemption: Exemption) -> str:
    if exemption.status == Exemption.Status.WITH_LINE_MANAGER:
        return f"The line manager of {exemption.allocation.auditor} speaks first."
    return f"It is for {in_words(route_of(exemption))} to decide. Until then the audit stays as it is."


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: facts, history, and the form of whoever may speak or decide now. The reading is on the trail."""
    exemption = get_object_or_404(_visible(request), pk=pk)
    record_reading(target=exemption, by=request.user, page="exemption")
    return _page(request, exemption)


def _page(request: HttpRequest, exemption: Exemption, support=None, decide=None) -> HttpResponse:
    """`support` and `decide` are forms with mistakes, shown again."""
    user, status = request.user, exemption.status
    with_manager = status == Exemption.Status.WITH_LINE_MANAGER
    awaiting = status == Exemption.Status.AWAITING_DECISION
    can_support = with_manager and allowed(check_can_support, user, exemption)
    can_decide = awaiting and allowed(check_can_decide, user, exemption)
    allocation, is_pq = exemption.allocation, user.hats().is_pq
    wrong = support or decide
    return render(request, "allocations/exemption_detail.html", {
        "exemption": Clock(local_extra_days()).mark(exemption), "allocation": allocation,
        "service": service_names().get(allocation.auditor.unit_id, ""), "history": list(history_of(exemption)),
        "support": support or (SupportForm() if can_support else None),
        "decide": decide or (DecideForm() if can_decide else None), "form": wrong,
        "deciders": in_words(route_of(exemption)), "is_pq": is_pq, "given": next_of(allocation),
        "can_withdraw": exemption.is_pending and allowed(check_can_withdraw, user, exemption),
        "sees_audit": is_pq or (allocation.auditor_id == user.pk and allocation.status == Allocation.Status.ALLOCATED),
    }, status=422 if wrong else 200)


@require_POST
@once
def support(request: HttpRequest, pk: int) -> HttpResponse:
    """The line manager speaks (S2-33)."""
    exemption = get_object_or_404(_visible(request), pk=pk)
    check_can_support(request.user, exemption)
    form = SupportForm(request.POST)
    if not form.is_valid():
        return _page(request, exemption, support=form)
    workflow.support(exemption=exemption, supports=form.cleaned_data["supports"] == "yes",
                     note=form.cleaned_data["note"], by=request.user, at=timezone.now())
    messages.success(request, f"Sent on. It is for {in_words(route_of(exemption))} to decide.")
    return redirect(exemption)


@require_POST
@once
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree or refuse (S1-10, S1-11)."""
    exemption = get_object_or_404(_visible(request), pk=pk)
    check_can_decide(request.user, exemption)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, exemption, decide=form)
    agrees = form.cleaned_data["decision"] == "agree"
    workflow.decide(exemption=exemption, agrees=agrees, note=form.cleaned_data["note"], by=request.user,
                    at=timezone.now())
    auditor = exemption.allocation.auditor
    messages.success(request, f"Agreed. {auditor} is told, and Performance and Quality find another auditor." if agrees
                     else f"Refused. {auditor} is told, and the audit stays with them.")
    return redirect(exemption)


@require_POST
@once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the request back."""
    exemption = get_object_or_404(_visible(request), pk=pk)
    workflow.withdraw(exemption=exemption, by=request.user, at=timezone.now())
    messages.success(request, f"The request is withdrawn. The audit stays with {exemption.allocation.auditor}.")
    return redirect(exemption)
