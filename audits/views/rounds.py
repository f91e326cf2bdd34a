"""The progress of a round: tiles, the table by service and state, and the board. For P&Q."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from allocations.models import Round
from allocations.months import RoundKey
from allocations.steps import steps_of
from allocations.views.loading import last_draw, visible_round
from audits import progress as board
from audits.models import Audit
from calendars.calendar import local_extra_days
from calendars.rules import is_late
from calendars.words import Moment

KNOWN_BEFORE = {"Allocated", "Overdue steps"}
SHOW = {"attention": "Needs attention first", "overdue": "Overdue only", "waiting": "Waiting for an auditor"}


@require_safe
def progress(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """Where the audits of a published round are; filter by service, auditor, overdue."""
    round = visible_round(request, key, taken_over_too=True)
    moment = Moment(timezone.now(), local_extra_days())
    given = Audit.objects.visible_to(request.user).filter(allocation__round=round).live()
    audits, table = board.with_progress(given, moment.now), board.by_service(given)
    tiles = board.tiles(round, audits, table, moment)
    shared = tiles[1].value
    if round.is_taken_over:  # nobody knows what was in time
        tiles = [tile for tile in tiles if tile.name in KNOWN_BEFORE]
    rows = list(audits)
    shown = filtered(request, rows, moment)
    return render(request, "audits/round_progress.html", frame(round, shared, table[-1].all) | {
        "tiles": tiles, "table": table, "total": table[-1].all, "states": list(board.STATES), "show": SHOW,
        "services": [row.service for row in table[:-1]], "found": len(shown),
        "without_auditor": sum(audit.awaits_auditor_since is not None for audit in rows),
        "columns": board.columns(shown, request.GET.get("column", ""), moment),
        "chosen": {key: request.GET.get(key, "") for key in ("service", "show", "auditor", "column")},
        "is_over": is_late(moment.now, round.due_at), "to_substitute": board.to_substitute(given),
        "can_close": round.status == Round.Status.PUBLISHED and is_late(moment.now, round.due_at),
    })


def frame(round: Round, shared: int, total: int) -> dict:
    """Heading, state and tabs; the tab of this page says how many are shared."""
    last = last_draw(round)
    state = f"{shared} of {total} shared" if round.published_at and not round.is_taken_over else ""
    return {"round": round, "here": "progress", "last": last, "steps": steps_of(round, last, progress=state)}


def filtered(request: HttpRequest, audits: list[Audit], moment: Moment) -> list[Audit]:
    """The audits that the filter asks for, in the order of the board."""
    service, auditor = request.GET.get("service", ""), request.GET.get("auditor", "").strip().casefold()
    show = request.GET.get("show")
    return [audit for audit in audits
            if (not service or (audit.service_name or "No service") == service)
            and auditor in audit.auditor.folded_name
            and (show != "overdue" or board.is_overdue(audit, moment.now))
            and (show != "waiting" or audit.awaits_auditor_since)]
