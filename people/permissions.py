"""What somebody may do to people and units. `check_` raises with a sentence; `allowed` asks."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import PermissionDenied

from people.models import Staff
from people.roles import Role


def allowed(check: Callable[..., None], *args: object) -> bool:
    """Whether a `check_can_…` passes, for templates."""
    try:
        check(*args)
    except PermissionDenied:
        return False
    return True


def check_can_manage_people(staff: Staff) -> None:
    """The P&Q lead and administrators keep the list of people, units and auditors."""
    if not staff.hats().wears(Role.QA_LEAD, Role.SYSTEM_ADMIN):
        raise PermissionDenied("Only the Performance and Quality lead or an administrator can change people and units.")


def check_is_pq(staff: Staff) -> None:
    """Only P&Q allocates and monitors (S1-01)."""
    if not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality can do this.")


def check_can_load_people(staff: Staff) -> None:
    """Whoever keeps people may load a list of them; on an empty installation the portal itself loads the first."""
    if staff.is_system and not Staff.objects.working().exists():
        return
    check_can_manage_people(staff)


def check_can_end_account(by: Staff, staff: Staff, today: date) -> None:
    """Whoever keeps people; the portal itself where the last day is over."""
    if not (by.is_system and staff.is_over(today)):
        check_can_manage_people(by)


def check_can_record_absence(by: Staff, staff: Staff) -> None:
    """One's own; a line manager's people; anybody's for those who keep people."""
    if by.pk == staff.pk or by.pk == staff.line_manager_id:
        return
    if staff.unit and by.hats().manages_path(staff.unit.path):
        return
    if not allowed(check_can_manage_people, by):
        raise PermissionDenied(f"Only {staff}, their manager or whoever keeps people can enter this absence.")


def check_can_volunteer(by: Staff, staff: Staff) -> None:
    """Anyone may, for themselves (S4-08)."""
    if by.pk != staff.pk:
        raise PermissionDenied("Everybody volunteers for themselves.")
