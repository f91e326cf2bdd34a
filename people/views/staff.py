"""One person: their page, adding and changing them, waking an account again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calendars.rules import today_in_london
from people import workflow
from people.forms import StaffForm
from people.lines import line_manager
from people.models import Absence, Staff
from people.permissions import allowed, check_can_manage_people, check_can_record_absence
from people.refusals import Refused
from people.registry import holdings_of
from people.views.pages import TOP, crumbs_of, form_page, open_units, person_or_404, posted
from trail.once import once

MOST_PAST = 10


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """My own page."""
    return redirect(request.user)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """For everybody name, job, unit, phone, line manager, cover; for those who keep people all that they hold."""
    person, today = person_or_404(request, pk), today_in_london()
    keeps = allowed(check_can_manage_people, request.user)
    absences = list(person.absences.filter(ends_on__gte=today).select_related("cover").order_by("starts_on", "pk"))
    context = {
        "person": person,
        "keeps": keeps,
        "is_me": person.pk == request.user.pk,
        "away": next((absence for absence in absences if absence.starts_on <= today), None),
        "manager": line_manager(person) if person.is_active else None,
        "may_record_absence": person.is_active and allowed(check_can_record_absence, request.user, person),
        "today": today,
        "crumbs": TOP if keeps else [],
    }
    context["absences"] = absences if context["may_record_absence"] else []
    if keeps or context["is_me"]:
        context |= kept_of(person)
    if keeps:
        context["holdings"] = holdings_of(person) if person.is_active else []
    return render(request, "people/staff_detail.html", context)


def kept_of(person: Staff) -> dict[str, Any]:
    """Roles now, to come and past, units, the register: for oneself and for those who keep people."""
    today = today_in_london()
    grants = list(person.role_grants.select_related("unit").order_by("-starts_on", "-pk"))
    return {
        "shows_more": True,
        "grants": [grant for grant in grants if not grant.is_over(today)],
        "past_grants": [grant for grant in grants if grant.is_over(today)][:MOST_PAST],
        "managed": list(person.managed_units.open(today)),
        "entry": getattr(person, "auditor", None),
        "covers": list(Absence.objects.filter(cover=person, ends_on__gte=today).select_related("staff")
                       .order_by("starts_on", "pk")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: HttpRequest) -> HttpResponse:
    """A joiner."""
    check_can_manage_people(request.user)
    form = StaffForm(posted(request), units=open_units(request), button="Add this person")
    if form.is_valid():
        person = form.carry_out(workflow.add_staff, by=request.user, at=timezone.now())
        if person:
            messages.success(request, f"{person} is added. They choose a password with “Forgotten your password?”.")
            return redirect(person)
    return form_page(request, form, title="Add a person", crumbs=TOP)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A mover, or a correction: history stays on the trail, duties find their holder anew."""
    person = person_or_404(request, pk)
    check_can_manage_people(request.user)
    units = open_units(request) if person.unit is None else open_units(request) | own_unit(request, person)
    form = StaffForm(posted(request), units=units, button="Save this person",
                     initial=StaffForm.initial_of(person))
    if form.is_valid():
        changed = form.carry_out(workflow.change_staff, staff=person, by=request.user, at=timezone.now())
        if changed:
            messages.success(request, f"{changed} is saved.")
            return redirect(changed)
    return form_page(request, form, title="Change a person", caption=person.name, crumbs=TOP + crumbs_of(person))


def own_unit(request: HttpRequest, person: Staff) -> Any:
    """Their own unit stays in the select, even where it is closed: the verb then says so."""
    return open_units(request).model.objects.visible_to(request.user).filter(pk=person.unit_id)


@require_POST
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Wake an account that ended by mistake, or take back a last day that lies ahead."""
    person = person_or_404(request, pk)
    verb, said = workflow.come_back, "can sign in again. Give their roles and case files anew"
    if person.is_active:
        verb, said = workflow.stay, "stays"
    try:
        verb(staff=person, by=request.user, at=timezone.now())
        messages.success(request, f"{person} {said}.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(person)
