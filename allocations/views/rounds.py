"""All rounds, planning the next, and the way to the step that a round is at."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allocations import workflow
from allocations.forms import PlanForm
from allocations.models import Round
from allocations.months import RoundKey, month_name, months_from
from allocations.permissions import check_can_run_rounds
from allocations.steps import STEP_OF, publish_state, step_url
from allocations.views.loading import visible_round
from calendars.rules import audit_year, today_in_london
from programmes.models import ProgrammeVersion
from trail.once import once

A_PAGE = 25
AHEAD = 12
OFFERED = 3
MONTHLY = "s1"


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round, newest first, and the next months to plan."""
    check_can_run_rounds(request.user)
    return _page(request)


def _page(request: HttpRequest, problems: list[dict[str, str]] | None = None) -> HttpResponse:
    found = Round.objects.visible_to(request.user).with_counts().select_related("version__programme")
    page = Paginator(found.order_by("-month", "version_id"), A_PAGE).get_page(request.GET.get("page"))
    rows = [(round, publish_state(round)) for round in page]
    return render(request, "allocations/round_list.html", {
        "page": page, "rows": rows, "months": months_to_plan()[:OFFERED], "problems": problems,
        "year": audit_year(today_in_london()),
    }, status=422 if problems else 200)


def months_to_plan() -> list[date]:
    """This month and the twelve after it, without those that are planned."""
    months = months_from(today_in_london(), AHEAD + 1)
    planned = set(Round.objects.filter(month__in=months, is_no_notice=False).values_list("month", flat=True))
    return [month for month in months if month not in planned]


@require_POST
@once
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a month by the rules that hold then."""
    check_can_run_rounds(request.user)
    form = PlanForm(request.POST, months=months_to_plan())
    if not form.is_valid():
        return _page(request, [{"text": error} for error in form.errors["month"]])
    month = form.cleaned_data["month"]
    try:
        version = ProgrammeVersion.objects.current(MONTHLY, month)
        round = workflow.plan_round(version=version, month=month, by=request.user, at=timezone.now())
    except ProgrammeVersion.DoesNotExist:
        return _page(request, [{"text": f"No programme is in force in {month_name(month)}. Publish one first."}])
    except IntegrityError:  # a colleague planned it in the same moment
        return redirect("allocations:round-detail", RoundKey(month))
    messages.success(request, f"{month_name(month)} is planned. Its list goes out by the first working day.")
    return redirect(step_url(round, "auditors"))


@require_safe
def detail(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """To the step that the round is at."""
    round = visible_round(request, key, taken_over_too=True)
    return redirect(step_url(round, STEP_OF[round.status]))
