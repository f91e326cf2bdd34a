"""What senior leaders are told of each month: what was late, by kind and by service (S1-62, S1-63)."""

from collections.abc import Iterable
from datetime import date

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from calendars.months import month_name
from calendars.words import long_date
from duties.digest_filters import DigestFilter
from duties.digests import by_kind, by_service, totals
from duties.models import LeadersDigest
from duties.permissions import check_can_read_digests
from people.files import csv_file
from trail.writing import record

A_PAGE = 12
MONTHS = ("Month", "Late", "Still open", "All open", "Overdue", "Counted on")
LINES = ("Counted by", "Name", "Late", "Still open", "Longest open, days")


@require_safe
def digests(request: HttpRequest) -> HttpResponse:
    """Every month, newest first; `export=csv` gives all that the filter finds."""
    check_can_read_digests(request.user)
    found = DigestFilter(request.GET, LeadersDigest.objects.visible_to(request.user), request=request)
    if request.GET.get("export") == "csv":
        rows = [[f"{row.month:%Y-%m}", *totals(row), row.figures["open"], row.figures["overdue"], row.made_at.date()]
                for row in found.qs]
        return _file(request, "digests.csv", MONTHS, rows)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.name, (row.late, row.still_open) = month_name(row.month), totals(row)
    return render(request, "duties/digests.html", {"page": page, "filter": found})


@require_safe
def digest(request: HttpRequest, month: date) -> HttpResponse:
    """One month: a sentence, then by kind and by service."""
    check_can_read_digests(request.user)
    found = get_object_or_404(LeadersDigest.objects.visible_to(request.user), month=month)
    tables = [("kind", "What", by_kind(found)), ("service", "Service", by_service(found))]
    if request.GET.get("export") == "csv":
        rows = [[by, line.name, line.late, line.still_open, line.longest] for by, _, lines in tables for line in lines]
        return _file(request, f"digest-{month:%Y-%m}.csv", LINES, rows)
    late, still_open = totals(found)
    return render(request, "duties/digest.html", {
        "digest": found, "name": month_name(month), "counted_on": long_date(found.made_at), "late": late,
        "still_open": still_open, "tables": tables,
    })


@transaction.atomic
def _file(request: HttpRequest, name: str, columns: tuple[str, ...], rows: Iterable[list]) -> HttpResponse:
    rows = list(rows)
    record("digests.exported", target=request.user, by=request.user, at=timezone.now(), changes={"rows": len(rows)})
    return csv_file(name, columns, rows)
