"""What somebody may do in Part B."""

from django.core.exceptions import PermissionDenied

from followup.models import PartB
from people.models import Staff


def check_can_complete(staff: Staff, part_b: PartB) -> None:
    """The team manager of the case completes Part B; a manager above may act for them (S1-53)."""
    if part_b.status == PartB.Status.CLOSED:
        raise PermissionDenied("This audit was returned to Performance and Quality. Ask them to open it again.")
    if staff.pk != part_b.manager_id and not staff.hats().manages_path(part_b.audit.unit_path):
        raise PermissionDenied(f"Only the team manager, {part_b.manager}, or a manager above can do this.")
