"""Who may look at how the portal is set."""

from django.core.exceptions import PermissionDenied

from people.models import Staff
from people.roles import Role


def check_can_see_settings(staff: Staff) -> None:
    """Performance and Quality, who work by them, and administrators."""
    hats = staff.hats()
    if not (hats.is_pq or hats.wears(Role.SYSTEM_ADMIN)):
        raise PermissionDenied("Only Performance and Quality and administrators see how the portal is set.")
