"""P&Q's board of all that waits: look, ask again, give to somebody else (S1-62, S1-63, S4-21)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from calendars.calendar import this_moment
from calendars.words import count, when_in_words
from duties import chasing, coming, outstanding
from duties.filters import DutyFilter, paged
from duties.models import Duty
from duties.outstanding_forms import HandOverForm
from duties.registry import label_of
from duties.whose import tabs_of
from people.fields import suggestions
from people.files import csv_file
from people.models import Unit
from people.permissions import check_is_pq
from trail.once import once
from trail.writing import record

A_PAGE = 25
AT_MOST = 500  # at one press
COLUMNS = ("What", "Audit", "Who has it", "Service", "Due", "Overdue", "Opened", "Last asked")
WITH = ("holder__unit", "unit", "ladder")


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """How much waits, by kind or service and age; below it the duties that the filter finds."""
    check_is_pq(request.user)
    duties = Duty.objects.visible_to(request.user).open()
    found = DutyFilter(request.GET, duties.select_related(*WITH), request=request)
    units = _units(request)
    if request.GET.get("export") == "csv":
        return _export(request, found, units)
    by = "service" if request.GET.get("by") == "service" else "kind"
    lines = outstanding.by_kind(duties) if by == "kind" else outstanding.by_service(duties, units)
    total = outstanding.total(lines)
    page = paged(found, total.all, A_PAGE)
    moment = request.moment = this_moment()
    asked = outstanding.nudges(page)
    for duty in page:
        duty.label, duty.service = label_of(duty.kind), _service(duty, units)
        duty.next, duty.nudged_at = coming.in_words(duty, moment, is_mine=False), asked.get(duty.pk)
    return render(request, "duties/outstanding.html", {
        "filter": found, "page": page, "lines": lines, "total": total, "by": by,
        "unowned": outstanding.unowned(duties), "whose": tabs_of(request.user),
    })


def _units(request: HttpRequest) -> list[Unit]:
    """All of them: what concerns a unit that was closed since still belongs to its service."""
    return list(Unit.objects.visible_to(request.user).order_by("folded_name"))


def _service(duty: Duty, units: list[Unit]) -> str:
    unit = duty.unit or duty.holder.unit
    path = unit.path if unit else ""
    found = (each.name for each in units if each.kind == Unit.Kind.SERVICE and path.startswith(each.path))
    return next(found, outstanding.NO_SERVICE)


@transaction.atomic
def _export(request: HttpRequest, found: DutyFilter, units: list[Unit]) -> HttpResponse:
    now, moment, duties = timezone.now(), this_moment(), list(found.qs)
    asked = outstanding.nudges(duties)
    rows = [[label_of(duty.kind), duty.audit_number, duty.holder, _service(duty, units),
             when_in_words(duty.due_at, *moment), "yes" if duty.due_at < now else "no", duty.opened_at.date(),
             asked[duty.pk].date() if duty.pk in asked else ""]
            for duty in duties]
    record("duties.exported", target=request.user, by=request.user, at=now, changes={"rows": len(rows)})
    return csv_file("outstanding.csv", COLUMNS, rows)


def _chosen(request: HttpRequest):
    """The duties that were ticked, or all that the filter in the address finds."""
    duties = Duty.objects.visible_to(request.user).open()
    if request.POST.get("everything"):
        found = DutyFilter(request.GET, duties, request=request).qs.order_by("due_at", "pk")
        return duties.filter(pk__in=list(found.values_list("pk", flat=True)[:AT_MOST]))
    ticked = [pk for pk in request.POST.getlist("duty")[:AT_MOST] if pk.isdecimal() and len(pk) < 19]
    return duties.filter(pk__in=ticked)


def _back(request: HttpRequest) -> HttpResponse:
    """To the same list, at the same filter."""
    query = request.GET.urlencode()
    return redirect(f"/outstanding/{'?' if query else ''}{query}#list")


@require_POST
@once
def remind(request: HttpRequest) -> HttpResponse:
    """Send a reminder about each of the chosen duties."""
    check_is_pq(request.user)
    done = chasing.nudge(duties=_chosen(request), by=request.user, at=timezone.now())
    if done.duties:
        messages.success(request, f"{count(done.people, 'person') if done.people == 1 else f'{done.people} people'} "
                                  f"reminded of {count(done.duties, 'thing')}, here and by e-mail.")
    if done.already:
        messages.info(request, f"{count(done.already, 'thing')} had a reminder today already: one a day is enough.")
    if not done.duties and not done.already:
        messages.error(request, "Nothing was chosen. Tick what you want to send a reminder about, then press again.")
    return _back(request)


@require_POST
@once
def hand_over(request: HttpRequest) -> HttpResponse:
    """Ask to whom and why, then give all the chosen duties to that person; all or nothing."""
    check_is_pq(request.user)
    duties = _chosen(request)
    rows = list(duties.select_related("holder").order_by("due_at", "pk"))
    if not rows:
        messages.error(request, "Nothing was chosen. Tick what you want to hand over, then press again.")
        return _back(request)
    form = HandOverForm(request.POST if "to" in request.POST else None,
                        button=f"Hand over {count(len(rows), 'thing')}", hidden=_hidden(rows))
    if form.is_valid():
        done = form.carry_out(chasing.hand_over, duties=duties, by=request.user, at=timezone.now())
        if done:
            person = form.cleaned_data["to"]
            messages.success(request, f"{person} has {count(done, 'thing')} more now, and was told.")
            return _back(request)
    for duty in rows:
        duty.label = label_of(duty.kind)
    return render(request, "duties/hand_over.html", {"form": form, "duties": rows, "suggestions": suggestions()})


def _hidden(rows: list[Duty]) -> str:
    """The choice goes along with the form."""
    return "".join(f'<input type="hidden" name="duty" value="{duty.pk:d}">' for duty in rows)
