"""Who may set what is somebody's own, and who looks after the portal itself."""

from django.core.exceptions import PermissionDenied

from people.models import Staff
from people.roles import PQ_ROLES, Role


def check_is_oneself(by: Staff, staff: Staff) -> None:
    """How one is e-mailed, and the address of one's calendar, are nobody else's to set; a leaver sets nothing."""
    if by.pk != staff.pk or not by.is_active:
        raise PermissionDenied("Everybody sets their own e-mail and calendar. Ask the person to do it.")


def check_can_see_status(staff: Staff) -> None:
    """The P&Q lead and administrators."""
    if not staff.hats().wears(Role.QA_LEAD, Role.SYSTEM_ADMIN):
        raise PermissionDenied("Only the Performance and Quality lead or an administrator can see how the portal is.")


def check_can_look_after_emails(staff: Staff) -> None:
    """P&Q, whose messages they are, and administrators."""
    if not staff.hats().wears(*PQ_ROLES, Role.SYSTEM_ADMIN):
        raise PermissionDenied("Only Performance and Quality or an administrator can look after e-mails.")
