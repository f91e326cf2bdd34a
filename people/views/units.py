"""Units: adding, renaming, moving, closing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from people import workflow
from people.forms import UnitForm
from people.models import Unit
from people.permissions import check_can_manage_people
from people.refusals import Refused
from people.views.pages import TOP, form_page, open_units, posted
from trail.once import once

CRUMBS = [*TOP, ("Units", "/people/units/")]


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: HttpRequest) -> HttpResponse:
    """A new unit in its place."""
    check_can_manage_people(request.user)
    form = UnitForm(posted(request), parents=parents(request), is_new=True)
    if form.is_valid():
        unit = form.carry_out(workflow.add_unit, by=request.user, at=timezone.now())
        if unit:
            messages.success(request, f"{unit} is added.")
            return redirect("people:unit-list")
    return form_page(request, form, title="Add a unit", crumbs=CRUMBS)


def parents(request: HttpRequest):
    """A team has nothing below it."""
    return open_units(request).exclude(kind=Unit.Kind.TEAM)


def unit_or_404(request: HttpRequest, pk: int) -> Unit:
    """A unit that this person may look up."""
    return get_object_or_404(Unit.objects.visible_to(request.user).select_related("parent", "manager"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, place, manager, phones. A changed manager takes over the unit's cases and duties at once."""
    unit = unit_or_404(request, pk)
    check_can_manage_people(request.user)
    offered = parents(request).exclude(pk=unit.pk)
    form = UnitForm(posted(request), parents=offered, is_new=False, initial=UnitForm.initial_of(unit))
    if form.is_valid():
        changed = form.carry_out(workflow.change_unit, unit=unit, by=request.user, at=timezone.now())
        if changed:
            messages.success(request, f"{changed} is saved.")
            return redirect("people:unit-list")
    return form_page(request, form, title=f"Change a {unit.get_kind_display().lower()}", caption=unit.name,
                     crumbs=CRUMBS, after="people/_unit_closing.html", unit=unit, left=workflow.still_there(unit))


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a unit in which nothing is left, or open a closed one again."""
    unit = unit_or_404(request, pk)
    verb, word = (workflow.reopen_unit, "open again") if unit.closed_on else (workflow.close_unit, "closed")
    try:
        verb(unit=unit, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(unit)
    messages.success(request, f"{unit} is {word}.")
    return redirect("people:unit-list")
