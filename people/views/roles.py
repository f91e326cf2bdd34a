"""Roles of a person: given and ended by day."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from calendars.rules import today_in_london
from people import workflow
from people.forms import EndGrantForm, GrantForm
from people.models import RoleGrant
from people.permissions import check_can_manage_people
from people.views.pages import TOP, crumbs_of, form_page, open_units, person_or_404, posted
from trail.once import once


@require_http_methods(["GET", "HEAD", "POST"])
@once
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """A role from a day until a day; a delegation or an acting post is one with a last day and a reason (A10, B6)."""
    person = person_or_404(request, pk)
    check_can_manage_people(request.user)
    form = GrantForm(posted(request), units=open_units(request), initial={"starts_on": today_in_london()})
    if form.is_valid():
        grant = form.carry_out(workflow.grant_role, staff=person, by=request.user, at=timezone.now())
        if grant:
            messages.success(request, f"{person} is {grant.get_role_display()} from the day you gave.")
            return redirect(person)
    return form_page(request, form, title="Give a role", caption=person.name, crumbs=TOP + crumbs_of(person))


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int, grant: int) -> HttpResponse:
    """The last day of a role."""
    person = person_or_404(request, pk)
    check_can_manage_people(request.user)
    row = get_object_or_404(RoleGrant.objects.visible_to(request.user).filter(staff=person).select_related("unit"),
                            pk=grant)
    form = EndGrantForm(posted(request), initial={"ends_on": today_in_london()})
    if form.is_valid():
        form.carry_out(workflow.end_grant, grant=row, by=request.user, at=timezone.now())
        if not form.errors:
            messages.success(request, f"The role {row.get_role_display()} of {person} ends on the day you gave.")
            return redirect(person)
    return form_page(request, form, title=f"End the role {row.get_role_display()}", caption=person.name,
                     crumbs=TOP + crumbs_of(person))
