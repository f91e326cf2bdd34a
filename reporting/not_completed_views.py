"""Audits not completed in time: totals with a chart, and a list of persons for who answers for them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from allocations.months import month_name
from audits.models import Audit
from audits.noncompletion import State
from people.files import csv_file
from reporting import charts
from reporting.filters import NotCompletedFilter
from reporting.not_completed import Line, by_month, by_service, listed, reader_of

A_PAGE = 25
COLUMNS = ("Month", "Audit", "Auditor", "Service of the auditor", "State", "Due", "Completed")
TOTALS = ("Month", "Fell due", "In time", "Completed late", "Not completed", "Awaiting decision")


@require_safe
def not_completed(request: HttpRequest) -> HttpResponse:
    """By month and service; below it who, where the reader may see persons. `export=csv` gives the list as a file."""
    reader, now = reader_of(request.user), timezone.now()
    months = by_month(reader.totals(now), now)
    found = NotCompletedFilter(request.GET, queryset=listed(reader, now))
    if request.GET.get("export") == "csv":
        return persons_csv(found.qs) if reader.sees_persons else totals_csv(months)
    chosen = [line.name for line in months if f"{line.name:%Y-%m}" == request.GET.get("month")]
    services = by_service(reader.totals(now), chosen or [line.name for line in months], now)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    numbers = [audit.number for audit in page]
    return render(request, "reporting/not_completed.html", {
        "reader": reader, "months": months, "services": services, "chosen": chosen[0] if chosen else None, "page": page,
        "filter": found, "states": State.choices, "chart_said": said_of(months),
        "seen": set(Audit.objects.visible_to(request.user, now).filter(number__in=numbers).values_list(
            "number", flat=True)),
    })


def said_of(months: list[Line]) -> str:
    """The newest months in a sentence, for those who do not see the chart."""
    parts = [f"{month_name(line.name)}: {line.missed} of {line.due} not completed in time, {line.late} done since"
             for line in months[:3]]
    return ". ".join(parts)


@require_safe
def chart(request: HttpRequest) -> HttpResponse:
    """The totals as a picture, oldest month first; sent only when the figures changed."""
    now = timezone.now()
    months = by_month(reader_of(request.user).totals(now), now)
    if not months:
        raise Http404("No audit has fallen due yet.")
    rows = charts.missed_rows([(line.name, line.open, line.late, line.awaiting) for line in reversed(months)])
    etag = f'"{charts.fingerprint(rows)}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(charts.missed_svg(rows), content_type="image/svg+xml")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer


def persons_csv(found) -> HttpResponse:
    """The list as a file."""
    return csv_file("audits-not-completed.csv", COLUMNS, (row_of(audit) for audit in found))


def row_of(audit: Audit) -> list[str]:
    """One audit as a line of the file."""
    done = f"{timezone.localtime(audit.first_shared_at):%d/%m/%Y}" if audit.first_shared_at else ""
    return [f"{audit.month:%Y-%m}", audit.number, audit.auditor.name, audit.service, State(audit.state).label,
            f"{timezone.localtime(audit.due_at):%d/%m/%Y}", done]


def totals_csv(months: list[Line]) -> HttpResponse:
    """The totals as a file."""
    rows = ([f"{line.name:%Y-%m}", *line.figures()] for line in months)
    return csv_file("audits-not-completed.csv", TOTALS, rows)
