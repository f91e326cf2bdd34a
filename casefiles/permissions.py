"""Who may import lists: case files P&Q, units and staff whoever keeps people; each kind says for itself."""

from django.core.exceptions import PermissionDenied

from casefiles.kinds import kind_of, kinds
from people.models import Staff
from people.permissions import allowed


def check_is_pq_for_lists(staff: Staff) -> None:
    """Performance and Quality load the lists of cases (S2-03)."""
    if not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality can import case files.")


def check_can_import(staff: Staff, kind: str) -> None:
    """As the kind of list says."""
    kind_of(kind).check(staff)


def kinds_for(staff: Staff) -> list[str]:
    """The kinds of list that somebody may import."""
    return [kind.name for kind in kinds() if allowed(kind.check, staff)]


def check_can_import_something(staff: Staff) -> None:
    """For the page on which a file is chosen."""
    if not kinds_for(staff):
        raise PermissionDenied("Only Performance and Quality can import lists, and administrators those of people.")
