"""What leaves a round as a file: the certificate of its draw, and the distribution list."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from allocations.models import Allocation
from allocations.months import RoundKey
from allocations.views.loading import last_draw, visible_round
from calendars.rules import london_date
from people.files import csv_file

COLUMNS = ("Audit", "Case", "Category", "Team", "Worker", "Auditor", "Auditor’s e-mail", "Due")


@require_safe
def certificate(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """The certificate of the newest draw: `manage.py replay_draw` draws the same list from it."""
    round = visible_round(request, key)
    last = last_draw(round, with_documents=True)
    if last is None or last.certificate is None:
        raise Http404("Nothing is drawn yet.")
    text = json.dumps(last.whole_certificate, ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": f'attachment; filename="round-{round.slug}-draw-{last.number}.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


@require_safe
def distribution_list(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """Who audits which case, of a published round; safe to open in a spreadsheet."""
    round = visible_round(request, key)
    if round.published_at is None:
        raise Http404("The list is not out yet.")
    rows = round.allocations.filter(status=Allocation.Status.ALLOCATED)
    rows = rows.select_related("case_file__team", "case_file__worker", "auditor").order_by("number")
    return csv_file(f"round-{round.slug}-list.csv", COLUMNS, (row_of(row) for row in rows))


def row_of(row: Allocation) -> list[str]:
    """One allocation as a line of the file."""
    case = row.case_file
    return [row.number, case.reference, case.get_category_display(), case.team.name if case.team else "",
            case.worker.name if case.worker else "", row.auditor.name, row.auditor.email,
            f"{london_date(row.due_at):%d/%m/%Y}"]
