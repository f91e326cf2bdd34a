"""Who may import lists, and who may correct what they bring: P&Q; people also whoever keeps people."""

from django.core.exceptions import PermissionDenied

from casefiles.models import CaseFile, Import
from casefiles.registry import may_correct
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


def check_can_correct(staff: Staff, case_file: CaseFile) -> None:
    """P&Q correct who works on a case file, and so does whoever audits it, while they audit it (B12)."""
    if not (staff.hats().is_pq or may_correct(staff, case_file.pk)):
        raise PermissionDenied("Only Performance and Quality, or the auditor of the case, can correct this.")


def check_can_keep_history(staff: Staff) -> None:
    """Only P&Q write the history by hand: who may audit a case depends on it (S2-05)."""
    if not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality can change who worked on a case before.")
