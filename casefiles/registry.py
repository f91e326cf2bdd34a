"""What higher apps add to case files: doors to them, followers of their people, kinds of list to import."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from people.models import Staff

Door = Callable[["Staff"], Q]
Follower = Callable[[Iterable[int], "Staff", datetime], None]
_doors: list[Door] = []
_followers: list[Follower] = []


def register_door(door: Door) -> None:
    """`door(staff)` is a condition on case files that `staff` may see besides their own."""
    _doors.append(door)


def through_doors(staff: "Staff") -> Q:
    """All registered conditions, either of which is enough."""
    condition = Q(pk__in=[])
    for door in _doors:
        condition |= door(staff)
    return condition


def register_follower(follower: Follower) -> None:
    """`follower(case_file_ids, by, at)` is called when who works on, manages or reviews case files has changed."""
    _followers.append(follower)


def people_changed(case_file_ids: Iterable[int], *, by: "Staff", at: datetime) -> None:
    """Tell the followers, in the transaction of the change."""
    ids = list(case_file_ids)
    if ids:
        for follower in _followers:
            follower(ids, by, at)
