"""Whose work is looked at: the tabs of My work, for managers their team, for P&Q the whole council."""

from typing import NamedTuple

from people.models import Staff


class Tab(NamedTuple):
    """One of them."""

    key: str
    title: str
    url: str


def tabs_of(staff: Staff, team_open: int | None = None) -> list[Tab]:
    """The tabs somebody has; none where there is only their own work."""
    hats = staff.hats()
    tabs = [Tab("me", "Me", "/")]
    if hats.manages:
        tabs.append(Tab("team", "My team" if team_open is None else f"My team ({team_open} open)", "/team/"))
    if hats.is_pq:
        tabs.append(Tab("outstanding", "Outstanding", "/outstanding/"))
    return tabs if len(tabs) > 1 else []
