"""Replaying a draw: a certificate from a file, of this installation or another, or the one that is stored here."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from allocations.forms import ReplayForm
from allocations.months import RoundKey
from allocations.permissions import check_can_run_rounds
from allocations.replays import Replay, replayed
from allocations.views.loading import last_draw, visible_round


@require_http_methods(["GET", "HEAD", "POST"])
def replay(request: HttpRequest) -> HttpResponse:
    """Choose a certificate; the answer stands on the same page. Nothing is kept."""
    check_can_run_rounds(request.user)
    form = ReplayForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    found = None
    if form.is_valid():
        file = form.cleaned_data["file"]
        found = replayed(file.read())
        if found.problem:
            form.add_error("file", found.problem)
    return _page(request, form, found)


@require_POST
def replay_stored(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """The certificate of the newest draw, as it is stored here."""
    round = visible_round(request, key)
    last = last_draw(round, with_documents=True)
    if last is None or last.certificate is None:
        raise Http404("Nothing is drawn yet.")
    found = replayed(json.dumps(last.whole_certificate, ensure_ascii=False).encode())
    return _page(request, ReplayForm(), found, round=round, draw=last)


def _page(request: HttpRequest, form: ReplayForm, found: Replay | None, **more) -> HttpResponse:
    shown = found if found and (not found.problem or more) else None
    return render(request, "allocations/replay.html", {"form": form, "found": shown, **more},
                  status=422 if form.errors else 200)
