"""Ladders: who is told when, with a preview."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calendars.calendar import local_extra_days
from calendars.rules import last_day_of_month, today_in_london
from duties.models import Ladder
from programmes import ladders
from programmes.forms import PreviewForm
from programmes.permissions import check_can_see_settings


@require_safe
def ladder_list(request: HttpRequest) -> HttpResponse:
    """The newest ladder of each kind of duty, by programme."""
    check_can_see_settings(request.user)
    return render(request, "programmes/ladder_list.html", {"programmes": ladders.by_programme()})


@require_safe
def ladder_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One ladder: its rungs, and what it would send for a due date (the end of this month where none is given)."""
    check_can_see_settings(request.user)
    ladder = get_object_or_404(Ladder.objects.visible_to(request.user), pk=pk)
    form = PreviewForm(request.GET) if any(name.startswith("due") for name in request.GET) else PreviewForm()
    due = form.cleaned_data["due"] if form.is_bound and form.is_valid() else None
    if not form.is_bound:
        due = _this_month()
    shown = ladders.shown(ladder)
    return render(request, "programmes/ladder_detail.html", {
        "shown": shown, "rungs": [(rung, ladders.when_in_words(rung), ladders.who(rung.tell, is_mine=False))
                                  for rung in shown.rungs],
        "form": form, "due": due, "sent": ladders.preview(ladder, due, local_extra_days()) if due else [],
        "is_newest": not Ladder.objects.visible_to(request.user).newer_than(ladder).exists(),
    })


def _this_month() -> date:
    today = today_in_london()
    return last_day_of_month(today.year, today.month)
