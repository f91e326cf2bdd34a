"""What leaves a round as a file: the certificate of its draw, and the distribution list."""

import json
from datetime import date

from defusedcsv import csv
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from allocations.models import Allocation
from allocations.views.loading import last_draw, visible_round
from calendars.rules import london_date

COLUMNS = ("Audit", "Case", "Category", "Team", "Worker", "Auditor", "Auditor’s e-mail", "Due")


@require_safe
def certificate(request: HttpRequest, month: date) -> HttpResponse:
    """The certificate of the newest draw: `manage.py replay_draw` draws the same list from it."""
    round = visible_round(request, month)
    last = last_draw(round, with_documents=True)
    if last is None or last.certificate is None:
        raise Http404("Nothing is drawn yet.")
    text = json.dumps(last.certificate, ensure_ascii=False, indent=1)
    return _file(text, f"round-{round.slug}-draw-{last.number}.json", "application/json")


@require_safe
def distribution_list(request: HttpRequest, month: date) -> HttpResponse:
    """Who audits which case, of a published round; safe to open in a spreadsheet."""
    round = visible_round(request, month)
    if round.published_at is None:
        raise Http404("The list is not out yet.")
    response = _file("\ufeff", f"round-{round.slug}-list.csv", "text/csv; charset=utf-8")
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    rows = round.allocations.filter(status=Allocation.Status.ALLOCATED)
    for row in rows.select_related("case_file__team", "case_file__worker", "auditor").order_by("number"):
        case = row.case_file
        writer.writerow([row.number, case.reference, case.get_category_display(), case.team.name if case.team else "",
                         case.worker.name if case.worker else "", row.auditor.name, row.auditor.email,
                         f"{london_date(row.due_at):%d/%m/%Y}"])
    return response


def _file(text: str, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=content_type, headers=headers)
