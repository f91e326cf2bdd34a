"""Preferences for e-mail and the address of one's calendar."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from duties import feed_addresses
from duties.forms import PreferencesForm
from duties.models import FeedAddress
from duties.preferences import choose, chosen_by, groups_for
from people.views.pages import posted


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How I am e-mailed, and my calendar."""
    form = _form(request, posted(request))
    if form.is_valid():
        choose(staff=request.user, chosen=form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "Your preferences are saved.")
        return redirect("preferences:preferences")
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def make_address(request: HttpRequest) -> HttpResponse:
    """A new address, shown in this answer alone: a redirect would have to keep the secret somewhere."""
    if request.method != "POST":
        return redirect("preferences:preferences")
    token = feed_addresses.make(staff=request.user, by=request.user, at=timezone.now())
    address = settings.PUBLIC_URL + reverse("calendar:feed", args=[token])
    return _page(request, _form(request), address)


@require_POST
def revoke_address(request: HttpRequest) -> HttpResponse:
    """The address opens nothing from now on."""
    if feed_addresses.revoke(staff=request.user, by=request.user, at=timezone.now()):
        messages.success(request, "The address of your calendar opens nothing any more.")
    return redirect("preferences:preferences")


def _form(request: HttpRequest, data: QueryDict | None = None) -> PreferencesForm:
    return PreferencesForm(data, initial=chosen_by(request.user), groups=groups_for(request.user))


def _page(request: HttpRequest, form: PreferencesForm, address: str = "") -> HttpResponse:
    in_use = FeedAddress.objects.visible_to(request.user).in_use().first()
    context = {"form": form, "address": address, "in_use": in_use}
    return render(request, "duties/preferences.html", context, status=422 if form.errors else 200)
