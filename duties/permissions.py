"""Who may set what is somebody's own, who reads the leaders' digest, and who looks after the portal itself."""

from django.core.exceptions import PermissionDenied

from people.models import Staff
from people.roles import PQ_ROLES, Role


def check_is_oneself(by: Staff, staff: Staff) -> None:
    """How one is e-mailed, and the address of one's calendar, are nobody else's to set; a leaver sets nothing."""
    if by.pk != staff.pk or not by.is_active:
        raise PermissionDenied("Everybody sets their own e-mail and calendar. Ask the person to do it.")


def check_can_read_digests(staff: Staff) -> None:
    """Senior leaders, whom P&Q keep informed, and P&Q themselves (S1-62, S1-63)."""
    hats = staff.hats()
    if not (hats.is_leader or hats.is_pq):
        raise PermissionDenied("The monthly digest is for senior leaders and Performance and Quality.")


def check_can_see_status(staff: Staff) -> None:
    """The P&Q lead and administrators."""
    if not staff.hats().wears(Role.QA_LEAD, Role.SYSTEM_ADMIN):
        raise PermissionDenied("Only the Performance and Quality lead or an administrator can see how the portal is.")


def check_can_look_after_emails(staff: Staff) -> None:
    """P&Q, whose messages they are, and administrators."""
    if not staff.hats().wears(*PQ_ROLES, Role.SYSTEM_ADMIN):
        raise PermissionDenied("Only Performance and Quality or an administrator can look after e-mails.")
