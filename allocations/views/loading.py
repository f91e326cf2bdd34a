"""Loading a round for a page: through the one door. The first line of each view."""

from django.http import Http404, HttpRequest

from allocations.models import Draw, Round
from allocations.months import RoundKey
from allocations.steps import steps_of


def visible_round(request: HttpRequest, key: RoundKey, *, taken_over_too: bool = False) -> Round:
    """A round with the length of its list, if this person may know of it; else 404.

    A month from before the portal was never drawn here: it has its audits, and none of the steps before them.
    """
    rounds = Round.objects.visible_to(request.user).with_counts().select_related("version__programme")
    round = rounds.filter(month=key.month, is_no_notice=key.is_no_notice).order_by("version_id").last()
    if round is None or (round.is_taken_over and not taken_over_too):
        raise Http404("No round in this month.")
    return round


def last_draw(round: Round, with_documents: bool = False) -> Draw | None:
    """The newest draw of a round; its frame and certificate only where the page shows them."""
    draws = round.draws.select_related("frozen_by", "drawn_by").order_by("-number")
    return (draws if with_documents else draws.without_documents()).first()


def frame(round: Round, here: str, last: Draw | None, auditors: int | None = None, **context) -> dict:
    """What every page of a round shows: heading, state, tabs."""
    light = last
    if last is not None and not hasattr(last, "auditors"):
        light.auditors = len(last.frame["auditors"])
    return {"round": round, "here": here, "last": last, "steps": steps_of(round, light, auditors), **context}
