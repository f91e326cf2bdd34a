"""What these pages share: loading somebody through the door, one page for every form."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from calendars.rules import today_in_london
from people.fields import PersonField, suggestions
from people.models import Staff, Unit

Crumbs = list[tuple[str, str]]
TOP: Crumbs = [("People", "/people/")]


def person_or_404(request: HttpRequest, pk: int) -> Staff:
    """Somebody whom this person may look up, with what every page of them shows."""
    people = Staff.objects.visible_to(request.user).select_related("unit__manager", "line_manager")
    return get_object_or_404(people, pk=pk)


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: a post, even an empty one."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, form: forms.Form, *, title: str, crumbs: Crumbs, **more: Any) -> HttpResponse:
    """A page with one form; colleagues are suggested where somebody is to be named."""
    names = suggestions() if any(isinstance(field, PersonField) for field in form.fields.values()) else []
    context = {"form": form, "title": title, "crumbs": crumbs, "suggestions": names, **more}
    return render(request, "people/form.html", context)


def crumbs_of(person: Staff) -> Crumbs:
    """The way back to somebody's page."""
    return [(person.name, person.get_absolute_url())]


def open_units(request: HttpRequest) -> Any:
    """The units that a select offers."""
    return Unit.objects.visible_to(request.user).open(today_in_london())
