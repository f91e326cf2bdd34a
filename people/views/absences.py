"""Absence: entered by oneself, the line manager or those who keep people; changed and taken back until it is over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from people import workflow
from people.forms import AbsenceForm
from people.models import Absence, Staff
from people.permissions import check_can_record_absence
from people.refusals import Refused
from people.views.pages import crumbs_of, form_page, person_or_404, posted
from trail.once import once


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Days away, and who covers."""
    person = person_or_404(request, pk)
    check_can_record_absence(request.user, person)
    form = AbsenceForm(posted(request))
    if form.is_valid():
        absence = form.carry_out(workflow.add_absence, staff=person, by=request.user, at=timezone.now())
        if absence:
            return _saved(request, absence, person)
    return _page(request, form, "Enter an absence", person)


def _page(request: HttpRequest, form: AbsenceForm, title: str, person: Staff, **more: Any) -> HttpResponse:
    return form_page(request, form, title=title, caption=person.name, crumbs=crumbs_of(person), person=person, **more)


def _saved(request: HttpRequest, absence: Absence, person: Staff) -> HttpResponse:
    messages.success(request, f"The absence of {person} is saved.")
    for other in workflow.left_uncovered(absence):
        messages.warning(request, f"{person} was to cover for {other.staff} in these days. Name another cover there.")
    return redirect(person)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, absence: int) -> HttpResponse:
    """Other days, another cover."""
    person = person_or_404(request, pk)
    check_can_record_absence(request.user, person)
    row = get_object_or_404(person.absences.select_related("cover"), pk=absence)
    initial = {"starts_on": row.starts_on, "ends_on": row.ends_on, "cover": row.cover}
    form = AbsenceForm(posted(request), initial=initial)
    if form.is_valid():
        changed = form.carry_out(workflow.change_absence, absence=row, by=request.user, at=timezone.now())
        if changed:
            return _saved(request, changed, person)
    return _page(request, form, "Change an absence", person, after="people/_absence_removing.html", absence=row)


@require_POST
def remove(request: HttpRequest, pk: int, absence: int) -> HttpResponse:
    """Take it back while it is not over."""
    person = person_or_404(request, pk)
    check_can_record_absence(request.user, person)
    row = get_object_or_404(person.absences, pk=absence)
    try:
        workflow.remove_absence(absence=row, by=request.user, at=timezone.now())
        messages.success(request, f"The absence of {person} is taken back.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(person)
