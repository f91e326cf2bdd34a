"""Volunteering as an auditor, and the answer (S4-08)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from duties import volunteering
from people.forms import VolunteerForm
from people.models import Auditor
from people.permissions import check_can_manage_people, check_can_volunteer
from people.refusals import Refused
from people.views.pages import crumbs_of, form_page, person_or_404, posted
from trail.once import once


@require_http_methods(["GET", "HEAD", "POST"])
@once
def volunteer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to join; Performance and Quality answer."""
    person = person_or_404(request, pk)
    check_can_volunteer(request.user, person)
    form = VolunteerForm(posted(request), initial={"experience": Auditor.Experience.NEW})
    if form.is_valid():
        entry = form.carry_out(volunteering.volunteer, staff=person, at=timezone.now())
        if entry:
            messages.success(request, "Thank you. Performance and Quality are told, and answer within five working "
                                      "days.")
            return redirect(person)
    return form_page(request, form, title="Volunteer as an auditor", crumbs=crumbs_of(person),
                     intro="Anybody may audit, from practitioner to senior manager. You are trained first, and you "
                           "never audit a case of your own or of your team.")


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a volunteer, or not this time."""
    person = person_or_404(request, pk)
    check_can_manage_people(request.user)
    entry = get_object_or_404(Auditor.objects.visible_to(request.user).select_related("staff"), staff=person)
    accepts = request.POST.get("answer") == "accept"
    verb = volunteering.accept if accepts else volunteering.decline
    try:
        verb(entry=entry, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("people:auditor-list")
    said = "is in the register now. Give the day of training" if accepts else "is told: not this time"
    messages.success(request, f"{person} {said}.")
    return redirect("people:auditor-detail", person.pk) if accepts else redirect("people:auditor-list")
