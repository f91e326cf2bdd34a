"""The dashboard of a month, its chart and its file. The address is the state: month, then service."""

from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from allocations.models import Round
from calendars.rules import today_in_london
from reporting import charts, dashboard, exports, figures, words
from reporting.permissions import Scope, scope_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """To the month that was asked for, else the newest one whose list is out."""
    scope = scope_of(request.user)
    months = published_months(scope)
    if not months:
        return render(request, "reporting/empty.html")
    asked = request.GET.get("month", "")
    month = next((month for month in months if f"{month:%Y-%m}" == asked), months[0])
    service = request.GET.get("service")
    return redirect(reverse("reporting:dashboard", args=[month], query={"service": service} if service else None))


@require_safe
def month(request: HttpRequest, month: date) -> HttpResponse:
    """The dashboard of one month."""
    return render(request, "reporting/dashboard.html", shown(request, month, timezone.now()))


@require_safe
def figures_csv(request: HttpRequest, month: date) -> HttpResponse:
    """The same figures as a file."""
    return exports.as_csv(shown(request, month, timezone.now()))


@require_safe
def grades_chart(request: HttpRequest, month: date) -> HttpResponse:
    """Grades by month as a picture; the browser asks each time and is sent it only when the figures changed."""
    scope, _, _ = reading(request, month)
    found = figures.grades(scope, month, timezone.now())
    rows = dashboard.chart_rows(found, month, dashboard.shown_to(scope))
    if not rows:
        raise Http404("No audit is final yet.")
    etag = f'"{charts.fingerprint(rows)}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(charts.grades_svg(rows), content_type="image/svg+xml")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer


def published_months(scope: Scope) -> list[date]:
    """Months whose list is out, newest first; of a round without notice only P&Q know before its day (S0-14)."""
    rounds = Round.objects.published()
    if not scope.sees_no_notice:
        rounds = rounds.known_by(today_in_london())
    return list(rounds.order_by("-month").values_list("month", flat=True).distinct())


def reading(request: HttpRequest, month: date) -> tuple[Scope, list[str], list[date]]:
    """What this reader reads: the scope with the chosen service, the services to choose from, the months. Else 404."""
    widest = scope_of(request.user)
    months = published_months(widest)
    if month not in months:
        raise Http404("No report of this month.")
    services = [] if widest.is_board else figures.services(widest, month, timezone.now())
    return widest.choose(request.GET.get("service", ""), services), services, months


def shown(request: HttpRequest, month: date, now: datetime) -> dict:
    """Everything that page and file show."""
    scope, services, months = reading(request, month)
    tell, found = dashboard.shown_to(scope), dashboard.count_figures(scope, month, now)
    volume, final = found.volume(month), found.grades.final(month)
    rows = dashboard.grade_rows(found.grades, month, tell)
    return {
        "month": month, "before": found.before, "months": months, "services": services, "scope": scope,
        "scope_words": scope_words(scope, services), "tiles": dashboard.tiles(found, tell),
        "headline": words.headline(month, volume, found.grades, len(found.inadequate), tell, now),
        "as_at": words.as_at(volume, final, tell, now), "keys": found.grades.keys, "grade_rows": rows,
        "grades_said": words.grades_in_words(month, found.grades.keys if final else [], rows[-1][1] if final else []),
        "mix": words.mix(month, found.grades, tell),
        "heat": found.heat, "heat_rows": dashboard.heat_rows(found.heat, tell),
        "weakest": words.weakest(found.heat, tell), "on_time": dashboard.on_time(found, tell),
        "heat_from": figures.window(month, figures.HEAT_MONTHS)[0],
        "inadequate": [] if scope.is_board else dashboard.inadequate_rows(found, request.user, now),
        "chart_from": rows[0][0] if rows else month, "query": f"?{query}" if (query := query_of(scope)) else "",
    }


def query_of(scope: Scope) -> str:
    """The chosen service for the addresses of chart and file."""
    return urlencode({"service": scope.service}) if scope.service else ""


def scope_words(scope: Scope, services: list[str]) -> str:
    """Whose figures these are."""
    if scope.service:
        return scope.service
    if scope.paths is not None:
        return ", ".join(services) or "your service"
    return "whole council"
