"""The service navigation: which items a person has, and which one is open."""

from dataclasses import dataclass

from people.models import Staff
from people.roles import Role


@dataclass(frozen=True)
class Item:
    """One item of the service navigation."""

    title: str
    url: str
    is_active: bool


def items_for(staff: Staff, path: str) -> list[Item]:
    """The items of the roles that `staff` holds, in their fixed order (PAGES.md, Navigation)."""
    hats = staff.hats()
    only_board = hats.roles == {Role.BOARD_VIEWER}
    only_admin = hats.roles == {Role.SYSTEM_ADMIN}
    works = not (only_board or only_admin)
    shown = [
        ("My work", "/", True),
        ("Audits", "/audits/", works),
        ("Rounds", "/rounds/", hats.is_pq),
        ("Cases", "/cases/", works),
        ("Follow-up", "/follow-up/", works and (hats.manages or hats.is_pq or hats.is_leader)),
        ("Reports", "/reports/", sees_reports(staff)),
        ("People", "/people/", hats.wears(Role.QA_LEAD, Role.SYSTEM_ADMIN)),
        ("Settings", "/settings/", hats.is_pq or hats.wears(Role.SYSTEM_ADMIN)),
    ]
    return [Item(title, url, _is_active(url, path)) for title, url, is_theirs in shown if is_theirs]


def sees_reports(staff: Staff) -> bool:
    """SLT, P&Q, heads of service for their own, and the board its totals."""
    hats = staff.hats()
    return hats.is_pq or hats.is_leader or hats.wears(Role.HEAD_OF_SERVICE, Role.BOARD_VIEWER)


def _is_active(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
