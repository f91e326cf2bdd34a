"""Who may look after the portal itself. `check_` raises with a sentence; people.permissions.allowed asks."""

from django.core.exceptions import PermissionDenied

from people.models import Staff
from people.roles import PQ_ROLES, Role


def check_can_see_status(staff: Staff) -> None:
    """The P&Q lead and administrators."""
    if not staff.hats().wears(Role.QA_LEAD, Role.SYSTEM_ADMIN):
        raise PermissionDenied("Only the Performance and Quality lead or an administrator can see how the portal is.")


def check_can_look_after_emails(staff: Staff) -> None:
    """P&Q, whose messages they are, and administrators."""
    if not staff.hats().wears(*PQ_ROLES, Role.SYSTEM_ADMIN):
        raise PermissionDenied("Only Performance and Quality or an administrator can look after e-mails.")
