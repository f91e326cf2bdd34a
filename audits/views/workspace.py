"""The auditor's workspace: opening, the task list, check and share, final, sending back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audits import workflow
from audits.completeness import missing_before
from audits.content import content_of
from audits.models import Audit, Participation
from audits.permissions import audits_it
from audits.querysets import AUDITING
from audits.timeline import timeline
from audits.views.loading import frame, own_audit, parts_now, visible_audit
from audits.workflow.handing_on import can_change_hands
from audits.workflow.life import ENDED
from audits.workflow.sharing import readers_of
from calendars.calendar import working_days_after
from calendars.words import day_and_month
from casefiles.permissions import check_can_correct
from duties.models import Duty
from people.permissions import allowed
from trail.writing import record_reading

Status = Audit.Status
WITHDRAWN = {Status.SUBSTITUTED, Status.CANCELLED}
FACTS = {"worker": "worker", "team_manager": "manager", "iro": "iro", "cp_adviser": "cp_adviser"}  # on the case file
SECTIONS = (
    ("Before you start", ("period",)),
    ("Contact and views", ("contact", "family", "enquiry")),
    ("Domains", None),
    ("Judgement and learning", ("timescales", "overall", "learning", "plan")),
)


@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The task list for its auditor; for readers the audit as a document, or what is known before it is shared."""
    audit = visible_audit(request, number)
    if audit.is_past:
        return _taken_over(request, audit)
    if audit.awaits_auditor_since or not audits_it(request.user, audit):
        readable = Audit.objects.content_visible_to(request.user).filter(pk=audit.pk).exists()
        return redirect("challenges:read", number) if readable else summary(request, audit)
    if audit.connection_at or audit.status in WITHDRAWN:
        return render(request, "audits/not_audited.html", frame(audit, happenings=timeline(audit, 5)))
    return _task_list(request, audit)


def _task_list(request: HttpRequest, audit: Audit, problems: list[dict[str, str]] | None = None) -> HttpResponse:
    parts = parts_now(audit)
    return render(
        request,
        "audits/tasks.html",
        frame(
            audit,
            sections=sections(parts),
            **people_panel(request, audit),
            happenings=timeline(audit, 5),
            done=sum(part.is_done for part in parts),
            total=len(parts),
            next_part=next_part(audit, parts),
            to_share=len(missing_before(parts, "share")),
            more_to_finalise=len(missing_before(parts, "finalise")) - len(missing_before(parts, "share")),
            returned=audit.returns.filter(resubmitted_at=None).select_related("returned_by").first(),
            challenges_open=list(audit.holds.filter(released_at=None)),
            problems=problems,
        ),
        status=422 if problems else 200,
    )


def _taken_over(request: HttpRequest, audit: Audit) -> HttpResponse:
    """What is known of an audit from before the portal (B13): whoever may see it may read all of it."""
    record_reading(target=audit, by=request.user, page="taken-over")
    return render(request, "audits/taken_over.html", frame(
        audit,
        duties=Duty.objects.open().of(audit).select_related("holder").order_by("due_at", "pk"),
        has_actions=audit.status == Status.WITH_TEAM_MANAGER or audit.closed_at != audit.finalised_at,
        happenings=timeline(audit, 5),
    ))


def summary(request: HttpRequest, audit: Audit) -> HttpResponse:
    """What the people of a case may know before anything is shared: that it is audited, by whom, until when."""
    context = frame(audit, happenings=timeline(audit, 5), **people_panel(request, audit))
    return render(request, "audits/summary.html", context)


def sections(parts) -> list[tuple[str, list]]:
    """The parts under the headings of the task list."""
    by_slug = {part.slug: part for part in parts}
    domains = [part for part in parts if part.number]
    return [(title, domains if slugs is None else [by_slug[slug] for slug in slugs if slug in by_slug])
            for title, slugs in SECTIONS]


def next_part(audit: Audit, parts):
    """Where the auditor goes on: what needs attention or is begun first, then what is not started."""
    if not audit.is_writable:
        return None
    order = {"attention": 0, "in_progress": 1, "not_started": 2}
    waiting = [part for part in missing_before(parts, "finalise")]
    return min(waiting, key=lambda part: order[part.state]) if waiting else None


def people_panel(request: HttpRequest, audit: Audit) -> dict:
    """Who takes part, the worker first; whoever may correct them also sees whom nobody is named as (B12)."""
    rows = audit.participations.filter(until_at=None).exclude(capacity__in=AUDITING).select_related("staff")
    people = [(row, FACTS[row.capacity]) for row in sorted(rows, key=lambda row: list(FACTS).index(row.capacity))]
    can_correct = audit.status not in ENDED and allowed(check_can_correct, request.user, audit.case_file)
    named = {row.capacity for row, _ in people}
    missing = [(Participation.Capacity(name).label, fact) for name, fact in FACTS.items() if name not in named]
    worker = next((row.staff for row, _ in people if row.capacity == "worker"), None)
    return {"worker": worker, "people": people, "missing": missing if can_correct else [], "can_correct": can_correct}


@require_safe
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that happened to the audit, newest first."""
    audit = visible_audit(request, number)
    return render(request, "audits/timeline.html", frame(audit, happenings=timeline(audit)))


@require_POST
def open_audit(request: HttpRequest, number: str) -> HttpResponse:
    """Begin, having confirmed that there is no connection with the child or family."""
    audit = own_audit(request, number, "open")
    if request.POST.get("no_connection") != "yes":
        said = (
            "Say that you have no connection with this child or family. If you have one, tell "
            "Performance and Quality: you get another case."
        )
        return _task_list(request, audit, problems=[{"text": said, "url": "#no-connection"}])
    workflow.open_audit(audit=audit, by=request.user, at=timezone.now())
    return redirect("audits:audit-detail", number)


@require_safe
def check(request: HttpRequest, number: str) -> HttpResponse:
    """The whole audit on one page, with what is missing, who will get it and until when."""
    if request.user.hats().is_pq and _is_left_behind(visible_audit(request, number)):
        return redirect("audits:audit-reallocate", number)
    audit = own_audit(request, number, "check")
    return render(request, "audits/check.html", check_context(audit))


def _is_left_behind(audit: Audit) -> bool:
    """Its auditor left, so that their duty came to P&Q, who give it to another."""
    return not audit.auditor.is_active and can_change_hands(audit)


def check_context(audit: Audit, **more) -> dict:
    """What the page "Check and share" shows."""
    content = content_of(audit)
    parts = parts_now(audit, content)
    step = "share" if audit.status == Status.IN_PROGRESS else "finalise"
    days = audit.version.rules.timescales.challenge_window_working_days
    return frame(
        audit,
        content=content,
        parts={part.slug: part for part in parts},
        step=step,
        missing=missing_before(parts, step),
        readers=readers_of(audit),
        until=working_days_after(timezone.now(), days),
        responses=list(audit.responses.select_related("staff")),
        holds=list(audit.holds.filter(released_at=None)),
        grade=audit.grade,
        can_change=audit.is_writable,
        **more,
    )


def _step(request: HttpRequest, number: str, verb, said) -> HttpResponse:
    audit = own_audit(request, number, "check")
    try:
        audit = verb(audit=audit, by=request.user, at=timezone.now())
    except workflow.NotComplete as problem:
        context = check_context(audit, problems=problems_of(audit, problem), refused=True)
        return render(request, "audits/check.html", context, status=422)
    messages.success(request, said(audit))
    return redirect("audits:audit-detail", number)


def problems_of(audit: Audit, problem: workflow.NotComplete) -> list[dict[str, str]]:
    """Each thing that is missing, with the way to it."""
    rows = [row for part in problem.parts for row in _problems_of_part(audit, part)]
    return rows + [{"text": f"{reason}.", "url": ""} for reason in problem.reasons]


def _problems_of_part(audit: Audit, part) -> list[dict[str, str]]:
    """Each field that is missing, where the part names them; else the part."""
    found = [(row.why, row.at) for row in part.missing] or [(part.why or "nothing is written yet", part.place)]
    return [{"text": f"{part.title}: {why}{'' if why.endswith('?') else '.'}", "url": f"/audits/{audit.number}/{place}"}
            for why, place in found]


@require_POST
def share(request: HttpRequest, number: str) -> HttpResponse:
    """Share with the worker, the team manager and the adviser."""
    return _step(
        request,
        number,
        workflow.share,
        lambda audit: (
            f"Shared. They can answer until {day_and_month(audit.respond_by)}, and you are told when they have."
        ),
    )


@require_POST
def finalise(request: HttpRequest, number: str) -> HttpResponse:
    """Make the audit final."""
    return _step(
        request,
        number,
        workflow.finalise,
        lambda audit: said_of(audit, "The audit is final. Performance and Quality check it now."),
    )


def said_of(audit: Audit, gone: str) -> str:
    """What became of a final step: gone to P&Q, or shared again because something changed."""
    if audit.status == Status.QUALITY_CHECK:
        return gone
    until = day_and_month(audit.respond_by)
    return f"You changed a judgement, the grade or an action, so it is shared again until {until}."


@require_POST
def resubmit(request: HttpRequest, number: str) -> HttpResponse:
    """Send a returned audit back."""
    return _step(
        request, number, workflow.resubmit, lambda audit: said_of(audit, "Sent back to Performance and Quality.")
    )
