"""All rounds, planning the next, and the way to the step that a round is at."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from allocations import workflow
from allocations.filters import RoundFilter
from allocations.forms import PlanForm
from allocations.models import Round
from allocations.months import RoundKey, month_name, months_from
from allocations.permissions import check_can_run_rounds
from allocations.sampling.facts import outside, target_of, target_words
from allocations.steps import STEP_OF, late_by, publish_state, step_url
from allocations.views.loading import visible_round
from calendars.rules import audit_year, london_date, today_in_london
from calendars.words import day_and_month
from people.files import csv_file
from people.refusals import Refused
from people.views.pages import posted
from programmes.models import ProgrammeVersion
from trail.once import once

A_PAGE = 25
AHEAD = 12
OFFERED = 3
COLUMNS = ("Round", "State", "Cases wanted", "Audits", "List due", "List published", "Days late", "Rules")


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round, newest first, and the next months to plan; `export=csv` gives all that the filter finds."""
    check_can_run_rounds(request.user)
    seen = Round.objects.visible_to(request.user).with_counts().select_related("version__programme")
    found = RoundFilter(request.GET, seen)
    if request.GET.get("export") == "csv":
        return csv_file("rounds.csv", COLUMNS, (row_of(round) for round in found.qs))
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    today = today_in_london()
    return render(request, "allocations/round_list.html", {
        "page": page, "rows": [(round, publish_state(round), late_by(round, today)) for round in page],
        "filter": found, "months": months_to_plan()[:OFFERED], "year": audit_year(today),
        "years": [day.year for day in seen.dates("month", "year", order="DESC")],
    })


def row_of(round: Round) -> list[object]:
    """One round as a line of the file."""
    published = f"{london_date(round.published_at):%d/%m/%Y}" if round.published_at else ""
    return [str(round), round.get_status_display(), round.wanted or "", round.audits, f"{round.publish_by:%d/%m/%Y}",
            published, "" if round.is_taken_over else late_by(round, today_in_london()), str(round.version)]


def months_ahead() -> list[date]:
    """This month and the twelve after it."""
    return months_from(today_in_london(), AHEAD + 1)


def months_to_plan() -> list[date]:
    """Of these, the ones whose list is not planned."""
    months = months_ahead()
    planned = set(Round.objects.filter(month__in=months, is_no_notice=False).values_list("month", flat=True))
    return [month for month in months if month not in planned]


@require_http_methods(["GET", "HEAD", "POST"])
@once
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a month by the rules that hold then: its list in one press, or what the form says."""
    check_can_run_rounds(request.user)
    first = {"month": f"{free[0]:%Y-%m}"} if (free := months_to_plan()) else {}
    form = PlanForm(posted(request), months=months_ahead(), hint=_target_hint(), initial=first)
    if form.is_valid():
        round = form.carry_out(_plan, by=request.user, at=timezone.now())
        if round:
            return _planned(request, round)
    return render(request, "allocations/plan.html", {"form": form, "notice_days": _notice_days()},
                  status=422 if form.errors else 200)


def _plan(*, month: date, is_no_notice: bool, **given: Any) -> Round:
    """By the version of the programme that is in force then; a month has one list, and one round without notice."""
    there = Round.objects.filter(month=month, is_no_notice=is_no_notice).first()
    if there is not None:
        raise Refused(f"{there} is planned already. Choose another month.", "month")
    version = version_in(month)
    if version is None:
        raise Refused(f"No programme is in force in {month_name(month)}. Publish one first.", "month")
    try:
        with transaction.atomic():
            return workflow.plan_round(version=version, month=month, is_no_notice=is_no_notice, **given)
    except IntegrityError:  # a colleague planned it in the same moment
        raise Refused(f"{month_name(month)} was planned by a colleague in this moment.", "month") from None


def version_in(month: date) -> ProgrammeVersion | None:
    """The rules that audits of a month follow."""
    try:
        return ProgrammeVersion.objects.monthly(month)
    except ProgrammeVersion.DoesNotExist:
        return None


def _target_hint() -> str:
    """How many cases the programme asks for."""
    version = version_in(today_in_london())
    targets = {"in a month’s list": False, "without notice": True} if version else {}
    words = [f"{target_words(target)} {where}" for where, no_notice in targets.items()
             if (target := target_of(version, no_notice))]
    return f"The programme asks for {' and '.join(words)}." if words else ""


def _notice_days() -> int:
    version = version_in(today_in_london())
    return version.rules.timescales.notice_days or 0 if version else 0


def _planned(request: HttpRequest, round: Round) -> HttpResponse:
    messages.success(request, f"{round} is planned. Its list goes out by {day_and_month(round.publish_by)}.")
    if round.publish_by < today_in_london():
        messages.warning(request, f"The list should have gone out on {day_and_month(round.publish_by)}, as long "
                                  "before the day as the programme gives notice.")
    if round.wanted and (words := outside(round.wanted, target_of(round.version, round.is_no_notice))):
        messages.warning(request, words)
    return redirect(step_url(round, "auditors"))


@require_safe
def detail(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """To the step that the round is at."""
    round = visible_round(request, key, taken_over_too=True)
    return redirect(step_url(round, STEP_OF[round.status]))
