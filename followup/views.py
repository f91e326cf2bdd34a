"""Part B on one screen for two people, and the list of what is still open."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audits.models import Audit
from audits.views.loading import frame, readable_audit
from calendars.rules import today_in_london
from followup import workflow
from followup.forms import ConfirmForm, GiveUpForm, SupervisionForm
from followup.models import Action, PartB
from followup.permissions import check_can_complete
from people.files import csv_file
from people.permissions import allowed

A_PAGE = 25
COLUMNS = (
    "Audit",
    "Team",
    "Manager",
    "Grade",
    "Actions open",
    "Actions",
    "Next action due",
    "Supervision recorded",
)


@require_safe
def part_bs(request: HttpRequest) -> HttpResponse:
    """Part Bs one may see: open or returned; filter by team, sort by due date; export of what is shown."""
    state = "closed" if request.GET.get("state") == "closed" else "open"
    open_actions = Q(actions__status=Action.Status.OPEN)
    rows = (
        PartB.objects.visible_to(request.user)
        .filter(status=state)
        .select_related("audit__team", "audit__grade", "manager")
        .annotate(
            all_actions=Count("actions"),
            left=Count("actions", filter=open_actions),
            next_due=Min("actions__due_on", filter=open_actions),
        )
    )
    team = request.GET.get("team", "").strip()
    rows = rows.filter(audit__team__folded_name__contains=team.casefold()) if team else rows
    order = {"number": "audit__number", "-due": "-supervision_due_at"}.get(
        request.GET.get("sort", ""), "supervision_due_at"
    )
    rows = rows.order_by(order, "audit__number")
    if request.GET.get("export") == "csv":
        return _as_csv(rows)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "followup/list.html",
        {
            "page": page,
            "state": state,
            "team": team,
            "today": today_in_london(),
            "sort": request.GET.get("sort", "due"),
        },
    )


def _as_csv(rows) -> HttpResponse:
    """The list as a file."""
    return csv_file("follow-up.csv", COLUMNS, (row_of(row) for row in rows))


def row_of(row: PartB) -> list:
    """One answer as a line of the file."""
    return [
        f"{row.audit.number}{', taken over' if row.audit.is_past else ''}",
        row.audit.team.name if row.audit.team else "",
        row.manager.name,
        row.audit.grade.label if row.audit.grade else "Not graded",
        row.left,
        row.all_actions,
        f"{row.next_due:%d/%m/%Y}" if row.next_due else "",
        "yes" if row.supervision_recorded_at else "no",
    ]


def load(request: HttpRequest, number: str) -> tuple[Audit, PartB]:
    """The audit and its Part B, if this person may read it; else 404."""
    audit = readable_audit(request, number, "part-b")
    rows = PartB.objects.visible_to(request.user).select_related(
        "manager", "audit__auditor", "audit__version__programme"
    )
    return audit, get_object_or_404(rows, audit=audit)


@require_safe
def part_b(request: HttpRequest, number: str) -> HttpResponse:
    """Findings in brief, actions one by one, supervision, looking back, return."""
    return page(request, *load(request, number))


def page(request: HttpRequest, audit: Audit, row: PartB, **forms) -> HttpResponse:
    """The one page of Part B; a form with mistakes comes back in its place with what was typed."""
    typed = forms.get("form")
    actions = list(row.actions.select_related("owner", "confirmed_by"))
    content = audit.versions.order_by("-number").first().content
    context = frame(
        audit,
        part_b=row,
        actions=actions,
        content=content,
        not_met=[domain for domain in content["domains"] if domain.get("judgement") != "met"],
        today=today_in_london(),
        confirmed=sum(action.status != Action.Status.OPEN for action in actions),
        overdue=sum(action.status == Action.Status.OPEN and action.due_on < today_in_london() for action in actions),
        supervision=forms.get("supervision") or SupervisionForm(instance=row),
        failed=forms.get("action"),
        failed_form=typed,
        missing=workflow.missing_before_return(row),
        problems=forms.get("problems", []),
        can_complete=allowed(check_can_complete, request.user, row),
        next_due=min((a.due_on for a in actions if a.status == Action.Status.OPEN), default=None),
    )
    return render(request, "followup/part_b.html", context, status=422 if forms else 200)


def problems_of(form, prefix: str) -> list[dict[str, str]]:
    """The error summary: each problem with the way to it."""
    return [{"text": text, "url": f"#{prefix}{name}"} for name, texts in form.errors.items() for text in texts]


@require_POST
def record_supervision(request: HttpRequest, number: str) -> HttpResponse:
    """Record the supervision discussion and the reflections."""
    audit, row = load(request, number)
    check_can_complete(request.user, row)
    form = SupervisionForm(request.POST, instance=row)
    if not form.is_valid():
        row.refresh_from_db()
        return page(request, audit, row, supervision=form, problems=problems_of(form, "id_"))
    workflow.record_supervision(part_b=row, by=request.user, at=timezone.now(), **form.values())
    messages.success(request, "The supervision is recorded.")
    return redirect("followup:part-b-detail", number)


@require_POST
def confirm(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Confirm that an action is done."""
    return _answer_action(request, number, pk, ConfirmForm, workflow.confirm_action, "Action {} is confirmed.")


@require_POST
def give_up(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Say that an action cannot be done as written, and why."""
    return _answer_action(request, number, pk, GiveUpForm, workflow.give_up_action, "The reason for action {} is kept.")


def _answer_action(request: HttpRequest, number: str, pk: int, form_class, verb, said: str) -> HttpResponse:
    audit, row = load(request, number)
    check_can_complete(request.user, row)
    action = get_object_or_404(row.actions, pk=pk)
    form = form_class(request.POST)
    if not form.is_valid():
        return page(request, audit, row, form=form, action=action, problems=problems_of(form, f"action-{action.pk}-"))
    verb(action=action, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, said.format(action.position))
    return redirect("followup:part-b-detail", number)


@require_POST
def return_to_pq(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm that everything was addressed, and return the audit."""
    audit, row = load(request, number)
    try:
        workflow.return_part_b(part_b=row, by=request.user, at=timezone.now())
    except workflow.NotReady as problem:
        return page(
            request,
            audit,
            row,
            problems=[{"text": f"{text[0].upper()}{text[1:]}.", "url": ""} for text in problem.missing],
        )
    messages.success(request, f"{number} is confirmed and returned to Performance and Quality.")
    return redirect("followup:part-b-list")
