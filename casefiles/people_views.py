"""The page on which a leaver's work is handed on (B: joiners, movers, leavers)."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from calendars.rules import today_in_london
from calendars.words import count, long_date
from casefiles import leaving
from casefiles.models import CaseFile, Correction
from casefiles.people_forms import LeaveForm
from people import workflow as people
from people.fields import suggestions
from people.models import Staff
from people.permissions import check_can_manage_people
from people.refusals import Refused
from people.registry import holdings_of
from people.views.pages import TOP, crumbs_of, person_or_404, posted

MOST_SINGLE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """All that somebody holds, who takes it over, and the one press that does it."""
    person = person_or_404(request, pk)
    check_can_manage_people(request.user)
    if not person.is_active:
        messages.info(request, f"{person} has left already. Nothing was done twice.")
        return redirect(person)
    held = held_by(request, person)
    form = LeaveForm(posted(request), staff=person, initial={"on": person.left_on or today_in_london()},
                     **held["offered"])
    if form.is_valid() and (done := _carry_out(request, person, form)):
        messages.success(request, done)
        return redirect(person)
    context = {"person": person, "form": form, "crumbs": TOP + crumbs_of(person), "suggestions": suggestions()}
    return render(request, "people/leave.html", context | held)


def held_by(request: HttpRequest, person: Staff) -> dict[str, Any]:
    """What the page shows. Case files stand by reference for those who may see them, for others as a count."""
    files = list(leaving.files_of(person))
    named = leaving.named_in(files, person)
    seen = set(CaseFile.objects.visible_to(request.user).filter(pk__in=[file.pk for file in files])
               .values_list("pk", flat=True))
    counts = Counter(each.fact for each in named)
    today = today_in_london()
    reports = list(person.reports.working().order_by("folded_name", "pk"))
    covers = list(person.covering.filter(ends_on__gte=today).select_related("staff").order_by("starts_on", "pk"))
    facts = [(fact.value, Correction.Fact(fact).label) for fact in leaving.FACTS if counts[fact.value]]
    single = [each for each in named if each.file.pk in seen][:MOST_SINGLE]
    return {
        "offered": {"facts": facts, "cases": single, "reports": len(reports), "covers": len(covers),
                    "units": list(person.managed_units.open(today).select_related("parent"))},
        "case_counts": [(label, counts[fact]) for fact, label in facts],
        "holdings": [held for held in holdings_of(person) if held.title != leaving.TITLE],
        "reports": reports, "covers": covers, "entry": getattr(person, "auditor", None),
        "grants": [grant for grant in person.role_grants.select_related("unit") if not grant.is_over(today)],
        "today": today,
    }


def _carry_out(request: HttpRequest, person: Staff, form: LeaveForm) -> str:
    """What was done, in a sentence; nothing, and an error in the form, where it cannot be."""
    now, day = timezone.now(), form.cleaned_data["on"]
    try:
        if form.lies_ahead:
            if form.has_choices():
                raise Refused("Who takes over is chosen on the last day or after it. Leave these fields empty now.")
            people.plan_leaving(staff=person, on=day, by=request.user, at=now)
            return f"{person} leaves on {long_date(day)}. The account ends by itself when that day is over."
        choices = form.choices(leaving.named_in(leaving.files_of(person), person))
        waiting = sum(held.count for held in holdings_of(person) if held.to_quality)
        if leaving.hand_over(staff=person, on=day, by=request.user, at=now, choices=choices):
            more = f" Performance and Quality hold {count(waiting, 'audit')} to give to another auditor."
            return f"{person} has left. All that they held is handed on.{more if waiting else ''}"
        return f"{person} has left already. Nothing was done twice."
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return ""
