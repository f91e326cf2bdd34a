"""The improvement plan: actions as cards; added, changed, removed with undo."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits import workflow
from audits.completeness import missing_in_action
from audits.content import live_actions
from audits.forms import ActionForm
from audits.models import Audit, ProposedAction
from audits.permissions import check_can_write
from audits.questions import PLAN_FIELD, Page, Question
from audits.smart import VAGUE, advice
from audits.views.boxes import fields_of, top_fields
from audits.views.loading import frame, own_audit
from audits.views.writing import save_page
from calendars.calendar import local_extra_days
from calendars.rules import Days, add_working_days, today_in_london
from people.models import Staff
from people.permissions import allowed
from trail.once import once

NO_ACTION = Page(
    "plan",
    "Improvement plan",
    "",
    (Question(PLAN_FIELD, "No action is needed, because", "Only when there is nothing to improve", 2),),
)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """All actions, and what each still lacks; or why no action is needed."""
    audit = own_audit(request, number, "plan")
    fields = fields_of(NO_ACTION, audit, None)
    if request.method == "POST" and save_page(request, audit, fields, None):
        return redirect("audits:audit-detail", number)
    extra = local_extra_days()
    actions = [(action, missing(action), _advice(action, extra)) for action in live_actions(audit)]
    return render(
        request,
        "audits/plan.html",
        frame(
            audit,
            actions=actions,
            fields=top_fields(NO_ACTION, fields),
            can_write=allowed(check_can_write, request.user, audit),
            removed=last_removed(audit),
        ),
    )


def missing(action: ProposedAction) -> list[str]:
    """What a SMART action still lacks."""
    return missing_in_action(
        {
            "what": action.what,
            "owner": action.owner_name,
            "due_on": action.due_on,
            "measure": action.measure,
            "change_for_child": action.change_for_child,
        }
    )


def _advice(action: ProposedAction, extra: Days) -> list[str]:
    return advice(what=action.what, measure=action.measure, change_for_child=action.change_for_child,
                  due_on=action.due_on, extra=extra)


def last_removed(audit: Audit) -> ProposedAction | None:
    """The action that was removed last, to bring it back."""
    return audit.proposed_actions.filter(removed_at__isnull=False).order_by("-removed_at").first()


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Add an action."""
    audit = own_audit(request, number, "plan")
    check_can_write(request.user, audit)
    form = ActionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workflow.add_action(audit=audit, by=request.user, at=timezone.now(), **form.values())
        messages.success(request, "The action is added.")
        return redirect("audits:plan", number)
    return _action_page(request, audit, form, "Add an action")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Change an action."""
    audit = own_audit(request, number, "plan")
    check_can_write(request.user, audit)
    action = get_object_or_404(live_actions(audit), pk=pk)
    form = ActionForm(request.POST or None, instance=action)
    if request.method == "POST" and form.is_valid():
        action.refresh_from_db()
        workflow.change_action(action=action, by=request.user, at=timezone.now(), **form.values())
        messages.success(request, "The action is changed.")
        return redirect("audits:plan", number)
    return _action_page(request, audit, form, "Change the action")


def _action_page(request: HttpRequest, audit: Audit, form: ActionForm, title: str) -> HttpResponse:
    unit_path = audit.unit_path
    colleagues = Staff.objects.working().filter(unit__path__startswith=unit_path)[:50] if unit_path else []
    context = frame(audit, form=form, title=title, colleagues=colleagues, vague=VAGUE, days=_days_to_keep())
    return render(request, "audits/action.html", context, status=422 if form.errors else 200)


def _days_to_keep() -> list[tuple[int, date]]:
    """The ends of so many working days from today."""
    today, extra = today_in_london(), local_extra_days()
    return [(count, add_working_days(today, count, extra)) for count in (5, 10, 20)]


@require_POST
def move(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Let an action change places with the one above or below it."""
    audit = own_audit(request, number, "plan")
    action = get_object_or_404(live_actions(audit), pk=pk)
    workflow.move_action(action=action, up=request.POST.get("way") == "up", by=request.user, at=timezone.now())
    return redirect("audits:plan", number)


@require_POST
def remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take an action out; the page offers to bring it back."""
    audit = own_audit(request, number, "plan")
    workflow.remove_action(action=get_object_or_404(live_actions(audit), pk=pk), by=request.user, at=timezone.now())
    return redirect("audits:plan", number)


@require_POST
def restore(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Bring a removed action back."""
    audit = own_audit(request, number, "plan")
    action = get_object_or_404(audit.proposed_actions.filter(removed_at__isnull=False), pk=pk)
    workflow.restore_action(action=action, by=request.user, at=timezone.now())
    messages.success(request, "The action is back in the plan.")
    return redirect("audits:plan", number)
