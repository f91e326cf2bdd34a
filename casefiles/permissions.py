"""Who may import lists: case files P&Q, units and staff whoever keeps people."""

from django.core.exceptions import PermissionDenied

from casefiles.models import Import
from people.models import Staff
from people.permissions import allowed, check_can_load_people

Kind = Import.Kind


def check_can_import(staff: Staff, kind: str) -> None:
    """P&Q import case files; the P&Q lead and administrators import units and staff."""
    if kind == Kind.PEOPLE:
        check_can_load_people(staff)
    elif not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality can import case files.")


def kinds_for(staff: Staff) -> list[str]:
    """The kinds of list that somebody may import."""
    return [kind.value for kind in Kind if allowed(check_can_import, staff, kind)]


def check_can_import_something(staff: Staff) -> None:
    """For the page on which a file is chosen."""
    if not kinds_for(staff):
        raise PermissionDenied("Only Performance and Quality can import lists, and administrators those of people.")
