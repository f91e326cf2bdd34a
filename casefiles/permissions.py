"""Who may import lists (each kind says for itself), and who may correct what they bring."""

from django.core.exceptions import PermissionDenied

from casefiles.kinds import kind_of, kinds
from casefiles.models import CaseFile
from casefiles.registry import may_correct
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


def check_can_correct(staff: Staff, case_file: CaseFile) -> None:
    """P&Q correct who works on a case file, and so does whoever audits it, while they audit it (B12)."""
    if not (staff.hats().is_pq or may_correct(staff, case_file.pk)):
        raise PermissionDenied("Only Performance and Quality, or the auditor of the case, can correct this.")


def check_can_keep_history(staff: Staff) -> None:
    """Only P&Q write the history by hand: who may audit a case depends on it (S2-05)."""
    if not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality can change who worked on a case before.")
