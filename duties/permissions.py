"""Who may set what is somebody's own."""

from django.core.exceptions import PermissionDenied

from people.models import Staff


def check_is_oneself(by: Staff, staff: Staff) -> None:
    """How one is e-mailed, and the address of one's calendar, are nobody else's to set; a leaver sets nothing."""
    if by.pk != staff.pk or not by.is_active:
        raise PermissionDenied("Everybody sets their own e-mail and calendar. Ask the person to do it.")
