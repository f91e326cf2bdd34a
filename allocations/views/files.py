"""What leaves a round as a file: the certificate of its draw, and the distribution list."""

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from allocations.documents import JOB, MAKERS, TITLES, about, is_long, last_drawn, rows_of_list
from allocations.models import Allocation, Draw, Round
from allocations.months import RoundKey
from allocations.steps import step_url
from allocations.views.loading import last_draw, visible_round
from calendars.rules import london_date
from jobs import workflow as jobs
from jobs.documents import kept, pdf_answer
from people.files import csv_file
from trail.once import once

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
    round = _published(request, key)
    return csv_file(f"round-{round.slug}-list.csv", COLUMNS, (row_of(row) for row in rows_of_list(round)))


def _published(request: HttpRequest, key: RoundKey) -> Round:
    round = visible_round(request, key)
    if round.published_at is None:
        raise Http404("The list is not out yet.")
    return round


def row_of(row: Allocation) -> list[str]:
    """One allocation as a line of the file."""
    case = row.case_file
    return [row.number, case.reference, case.get_category_display(), case.team.name if case.team else "",
            case.worker.name if case.worker else "", row.auditor.name, row.auditor.email,
            f"{london_date(row.due_at):%d/%m/%Y}"]


@require_http_methods(["GET", "HEAD", "POST"])
@once
def list_pdf(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """The distribution list on paper. A long one is asked for by a POST and made by a job."""
    return _paper(request, _published(request, key), "list", "publish")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def certificate_pdf(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """The certificate on paper, in the same way."""
    round = visible_round(request, key)
    draw = last_drawn(round)
    if draw is None:
        raise Http404("Nothing is drawn yet.")
    return _paper(request, round, "certificate", "draw", draw)


def _paper(request: HttpRequest, round: Round, kind: str, tab: str, draw: Draw | None = None) -> HttpResponse:
    if made := kept(about(round, kind), request.GET.get("made", "")):
        return pdf_answer(made, f"round-{round.slug}-{kind}.pdf")
    if request.method == "POST":
        job = jobs.ask(kind=JOB, title=f"{TITLES[kind]}, {round}", arguments={"round": round.pk, "kind": kind},
                       by=request.user, at=timezone.now())
        return redirect("jobs:job-detail", job.pk)
    if not is_long(round, draw):
        return pdf_answer(MAKERS[kind](round), f"round-{round.slug}-{kind}.pdf")
    messages.info(request, "This paper is long: press the button to have it made, then it opens.")
    return redirect(step_url(round, tab))
