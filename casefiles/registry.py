"""What higher apps add to case files: doors to them, followers of their people, who corrects, parts of the page."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from casefiles.models import CaseFile
    from people.models import Staff

Door = Callable[["Staff"], Q]
Follower = Callable[[Iterable[int], "Staff", datetime], None]
Corrector = Callable[["Staff", int], bool]
Section = Callable[["Staff", "CaseFile"], dict[str, Any]]
_doors: list[Door] = []
_followers: list[Follower] = []
_availability: list[Follower] = []
_correctors: list[Corrector] = []
_sections: list[tuple[str, Section]] = []


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
    """Tell the followers, in the transaction of the change; of no case file too: a unit may have moved."""
    ids = list(case_file_ids)
    for follower in _followers:
        follower(ids, by, at)


def register_availability(follower: Follower) -> None:
    """`follower(case_file_ids, by, at)` is called when case files were closed or restricted, or are open again."""
    _availability.append(follower)


def availability_changed(case_file_ids: Iterable[int], *, by: "Staff", at: datetime) -> None:
    """Tell the followers, in the transaction of the change."""
    ids = list(case_file_ids)
    for follower in _availability if ids else ():
        follower(ids, by, at)


def register_corrector(corrector: Corrector) -> None:
    """`corrector(staff, case_file_id)` says whether somebody outside P&Q may correct who works on a case file."""
    _correctors.append(corrector)


def may_correct(staff: "Staff", case_file_id: int) -> bool:
    """Whether one of the registered rules lets `staff` correct it."""
    return any(corrector(staff, case_file_id) for corrector in _correctors)


def register_section(template: str, section: Section) -> None:
    """A part of the case page: `section(staff, case_file)` gives what `template` shows there as `section`."""
    _sections.append((template, section))


def sections_for(staff: "Staff", case_file: "CaseFile") -> list[tuple[str, dict[str, Any]]]:
    """The registered parts of a case page, for whoever looks."""
    return [(template, section(staff, case_file)) for template, section in _sections]
