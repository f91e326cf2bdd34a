"""What P&Q settle before the draw: how many cases, same-team exceptions, themes. Each form is a page of its own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from allocations.frame import auditors_on_duty
from allocations.models import Round, Theme
from allocations.months import RoundKey
from allocations.sampling import workflow
from allocations.sampling.facts import outside, target_of, target_words
from allocations.sampling.forms import OverrideForm, SizeForm, ThemeForm
from allocations.steps import step_url
from allocations.views.loading import visible_round
from calendars.words import count
from people.models import Staff
from people.views.pages import form_page, posted
from trail.once import once

FORM = ["GET", "HEAD", "POST"]
AGAIN = "The frame is frozen: freeze it again for this to count."


def _page(request: HttpRequest, round: Round, form: Any, title: str, **more: Any) -> HttpResponse:
    crumbs = [("Rounds", "/rounds/"), (str(round), step_url(round, "frame"))]
    answer = form_page(request, form, title=title, caption=f"Round, {round}", crumbs=crumbs, **more)
    answer.status_code = 422 if form.errors else 200
    return answer


def _open_round(request: HttpRequest, key: RoundKey) -> Round:
    """A round whose sample can still change."""
    round = visible_round(request, key)
    if round.status not in workflow.BEFORE_THE_LIST:
        raise PermissionDenied(f"The list of {round} is out, so its sample cannot change any more.")
    return round


def _done(request: HttpRequest, round: Round, words: str) -> HttpResponse:
    again = "" if round.status == Round.Status.PLANNED else f" {AGAIN}"
    messages.success(request, f"{words}{again}")
    return redirect(f"{step_url(round, 'frame')}#sample")


@require_http_methods(FORM)
@once
def size(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """How many cases are drawn."""
    round = _open_round(request, key)
    target = target_of(round.version, round.is_no_notice)
    hint = f"The programme asks for {target_words(target)}." if target else ""
    form = SizeForm(posted(request), hint=hint, initial={"wanted": round.wanted})
    if form.is_valid() and (changed := form.carry_out(workflow.want, round=round, by=request.user,
                                                      at=timezone.now())):
        if changed.wanted and (words := outside(changed.wanted, target)):
            messages.warning(request, words)
        size = count(changed.wanted, "case") if changed.wanted else "As many cases as the auditors can take"
        return _done(request, round, f"{size} will be drawn.")
    return _page(request, round, form, "How many cases?")


@require_http_methods(FORM)
@once
def override_add(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """Let an auditor have a case of their own team or group."""
    round = _open_round(request, key)
    on_duty = Staff.objects.filter(pk__in=[entry.staff_id for entry in auditors_on_duty(round)])
    form = OverrideForm(posted(request), auditors=on_duty.order_by("folded_name", "pk"))
    if form.is_valid() and (row := form.carry_out(workflow.allow_same_team, round=round, by=request.user,
                                                  at=timezone.now())):
        return _done(request, round, f"{row.auditor} may have {'this case' if row.case_file_id else 'these cases'}.")
    intro = ("Nobody audits a case of their own team and group, unless you allow it here, before the draw. Your name "
             "and your reason are on the certificate. Who works or worked on a case, or manages it, never audits it.")
    return _page(request, round, form, "Allow an auditor a case of their own team", intro=intro)


@require_POST
@once
def override_remove(request: HttpRequest, key: RoundKey, pk: int) -> HttpResponse:
    """Take an exception back."""
    round = visible_round(request, key)
    row = get_object_or_404(round.team_overrides.select_related("auditor", "round"), pk=pk)
    workflow.forbid_again(override=row, by=request.user, at=timezone.now())
    return _done(request, round, f"{row.auditor} has no case of their own team by this any more.")


@require_http_methods(FORM)
@once
def theme_add(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """Cases on a theme, drawn from those named."""
    round = _open_round(request, key)
    form = ThemeForm(posted(request))
    if form.is_valid() and (theme := form.carry_out(workflow.set_theme, round=round, by=request.user,
                                                    at=timezone.now())):
        return _done(request, round, f"The theme “{theme}” is added.")
    intro = ("A random sample may be topped up by cases on a theme. So many of those that you name are drawn, by the "
             "same seed, in a stratum of their own; the others of them are its reserves.")
    return _page(request, round, form, "Add a theme", intro=intro)


@require_http_methods(FORM)
@once
def theme_change(request: HttpRequest, key: RoundKey, pk: int) -> HttpResponse:
    """Other words, another number, other cases."""
    round = _open_round(request, key)
    theme = get_object_or_404(Theme.objects.filter(round=round), pk=pk)
    form = ThemeForm(posted(request), button="Save this theme", initial={
        "name": theme.name, "reason": theme.reason, "wanted": theme.wanted,
        "cases": "\n".join(theme.case_files.order_by("reference").values_list("reference", flat=True))})
    if form.is_valid() and form.carry_out(workflow.set_theme, round=round, theme=theme, by=request.user,
                                          at=timezone.now()):
        return _done(request, round, f"The theme “{theme}” is changed.")
    return _page(request, round, form, "Change a theme")


@require_POST
@once
def theme_remove(request: HttpRequest, key: RoundKey, pk: int) -> HttpResponse:
    """Without this theme."""
    round = visible_round(request, key)
    theme = get_object_or_404(Theme.objects.filter(round=round).select_related("round"), pk=pk)
    workflow.remove_theme(theme=theme, by=request.user, at=timezone.now())
    return _done(request, round, f"The theme “{theme}” is removed.")
