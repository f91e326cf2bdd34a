"""Strata in words, on every page and paper: a category, the name of a unit, "Theme: …" (A30, S4-06, S4-07)."""

from collections.abc import Iterable

from allocations.frame import THEME
from allocations.models import Draw
from casefiles.models import CaseFile
from people.models import Unit

CATEGORIES = dict(CaseFile.Category.choices)
SPREADS = {"category": "Category", "team": "Team", "service": "Service"}


def labels_of(strata: Iterable[str]) -> dict[str, str]:
    """For each stratum its words. Asks the database only where some are units."""
    strata = set(strata)
    units = {each for each in strata if each not in CATEGORIES and not each.startswith(THEME)}
    found = Unit.objects.filter(reference__in=units).values_list("reference", "name") if units else ()
    names = CATEGORIES | dict(found)
    return {each: f"Theme: {each.removeprefix(THEME)}" if each.startswith(THEME) else names.get(each, each)
            for each in strata}


def labels_of_draw(draw: Draw) -> dict[str, str]:
    """The words of the strata of a draw, read once per object."""
    if "_labels" not in draw.__dict__:
        draw._labels = labels_of(draw.quotas)
    return draw._labels


def in_order(strata: Iterable[str]) -> list[str]:
    """Categories in the order in which they are listed, then units, themes last."""
    rank = {name: place for place, name in enumerate(CATEGORIES)}
    return sorted(strata, key=lambda each: (each.startswith(THEME), rank.get(each, len(rank)), each))
