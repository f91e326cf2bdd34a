"""The pages of the steps: auditors, frame, draw, publish. Drawing and publishing post to their own page."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allocations import drawn, publishing, workflow
from allocations.documents import is_long
from allocations.draw import DrawError
from allocations.filters import ResultFilter
from allocations.forms import FreezeForm
from allocations.models import Draw, Round
from allocations.months import RoundKey
from allocations.pool import pool_of
from allocations.sampling.shown import frozen_context, open_context
from allocations.steps import step_url
from allocations.strata import SPREADS, in_order, labels_of_draw
from allocations.telling import who_is_told
from allocations.views.loading import frame, last_draw, visible_round
from calendars.rules import today_in_london
from calendars.words import count
from people.files import csv_file
from trail.once import once

A_PAGE = 25
Status = Round.Status
RESULT_COLUMNS = ("Order", "Case", "Category", "Stratum", "Team", "Auditor", "Worth knowing")
AGAIN = {Status.FROZEN, Status.DRAWN, Status.REVIEWED}


@require_safe
def auditors(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """The pool on duty, and who is left out and why."""
    round = visible_round(request, key)
    pool = pool_of(round)
    page = Paginator(pool.on_duty, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "allocations/round_auditors.html", frame(
        round, "auditors", last_draw(round), len(pool.on_duty), pool=pool, page=page))


@require_safe
def frame_step(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """What can be drawn: as it stands now, or as it was frozen."""
    return _frame_page(request, visible_round(request, key))


def _frame_page(request: HttpRequest, round: Round, problem: str = "", reason: str = "") -> HttpResponse:
    last = last_draw(round, with_documents=True)
    context = {"problem": problem, "reason": reason, "problems": [{"text": problem, "url": "#reason" if last else ""}]
               if problem else [], "can_freeze": round.status == Status.PLANNED, "can_again": round.status in AGAIN}
    context |= (frozen_context if last else open_context)(round, last)
    shown = frame(round, "frame", last, context.get("on_duty"), **context)
    return render(request, "allocations/round_frame.html", shown, status=422 if problem else 200)


@require_POST
@once
def freeze(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """Freeze the frame and commit the seed; again only with a reason."""
    round = visible_round(request, key)
    form = FreezeForm(request.POST, again=round.draws.exists())
    if not form.is_valid():
        return _frame_page(request, round, form.errors["reason"][0], request.POST.get("reason", ""))
    try:
        frozen = workflow.freeze_frame(round=round, by=request.user, at=timezone.now(), **form.cleaned_data)
    except DrawError as error:
        return _frame_page(request, round, str(error), form.cleaned_data["reason"])
    cases = len(frozen.frame["cases"])
    messages.success(request, f"The frame is frozen with {cases:,} cases, and the seed is committed.")
    return redirect(step_url(round, "draw"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def draw(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """The drawn list with what is worth knowing. A POST draws it; `longest=yes` confirms a shorter one."""
    round = visible_round(request, key)
    if request.method != "POST":
        return _draw_page(request, round)
    longest = request.POST.get("longest") == "yes"
    try:
        workflow.draw_round(round=round, by=request.user, at=timezone.now(), allow_short=longest)
    except workflow.CannotDraw as refused:
        return _draw_page(request, round, refused)
    except DrawError as error:
        return _draw_page(request, round, problem=str(error))
    messages.success(request, "The list is drawn. Nobody is told before you publish it.")
    return redirect(step_url(round, "draw"))


def _draw_page(request: HttpRequest, round: Round, refused: workflow.CannotDraw | None = None,
               problem: str = "") -> HttpResponse:
    last = last_draw(round, with_documents=True)
    context = {"wanted": sum(last.quotas.values()) if last else 0, "problems": [{"text": problem}] if problem else []}
    if last and refused:
        context |= {"why": drawn.speaker(last)(str(refused)), "possible": refused.possible}
    if last and last.drawn_at:
        context |= _result(request, round, last)
    return render(request, "allocations/round_draw.html", frame(round, "draw", last, **context),
                  status=422 if refused or problem else 200)


def _result(request: HttpRequest, round: Round, last: Draw) -> dict:
    rows, labels, strata = drawn.result_of(round), labels_of_draw(last), drawn.strata_of(last)
    found = ResultFilter(request.GET, rows, strata={each: labels[each] for each in in_order(labels)})
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    drawn.explain(page, last)
    return {
        "page": page, "filter": found, "strata": strata,
        "look": drawn.to_look_at(round, last), "passed_over": drawn.passed_over_of(last),
        "all_passed_over": len(last.certificate["passed_over"]), "reserves": drawn.reserves_of(last),
        "facts": drawn.facts(round, last), "auditors": round.allocations.values("auditor").distinct().count(),
        "short": drawn.speaker(last)(last.certificate["short"]), "overrides": drawn.overrides_of(last),
        "earlier": drawn.earlier_of(round),
        "spread": SPREADS[round.version.rules.sampling.strata], "long": is_long(round, last),
        "bar": strata[-1].drawn or 1,
    }


@require_safe
def result_csv(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """The drawn list as a file, filtered and sorted as on the page."""
    round = visible_round(request, key)
    last = last_draw(round, with_documents=True)
    if last is None or last.drawn_at is None:
        raise Http404("Nothing is drawn yet.")
    labels = labels_of_draw(last)
    rows = list(ResultFilter(request.GET, drawn.result_of(round), strata=labels).qs)
    drawn.explain(rows, last)
    return csv_file(f"round-{round.slug}-draw-{last.number}.csv", RESULT_COLUMNS, (
        [row.position, row.case_file.reference, row.case_file.get_category_display(), row.stratum_words,
         row.case_file.team or "", row.auditor.name, "; ".join(row.worth_knowing)] for row in rows))


@require_POST
@once
def review(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """P&Q looked at the list."""
    round = workflow.review(round=visible_round(request, key), by=request.user, at=timezone.now())
    return redirect(step_url(round, "publish"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def publish(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """Who will be told. A POST sends the list out."""
    round = visible_round(request, key)
    if request.method != "POST":
        return render(request, "allocations/round_publish.html", frame(
            round, "publish", last_draw(round), told=who_is_told(round), late=today_in_london() > round.publish_by,
            days_late=workflow.days_late(round) if round.published_at else 0, long=is_long(round),
            draft_until=workflow.draft_until(round, timezone.now())))
    if publishing.is_long(round):
        job = publishing.ask(round=round, by=request.user, at=timezone.now())
        return redirect("jobs:job-detail", job.pk)
    workflow.publish(round=round, by=request.user, at=timezone.now())
    told = "Its auditors are told, the teams on the day." if round.is_no_notice else "Everybody concerned is told."
    messages.success(request, f"The list is out: {count(round.audits, 'audit')}. {told}")
    return redirect(step_url(round, "progress"))


@require_POST
@once
def close(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """The month is over; what is late stays to be done."""
    round = visible_round(request, key)
    try:
        workflow.close_round(round=round, by=request.user, at=timezone.now())
    except workflow.TooEarly as error:
        messages.error(request, str(error))
        return redirect(step_url(round, "progress"))
    messages.success(request, "The round is closed. Audits that are late still have to be done.")
    return redirect(step_url(round, "progress"))
