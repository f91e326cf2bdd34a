"""What somebody may do in Part B."""

from django.core.exceptions import PermissionDenied

from duties.models import Duty
from followup.models import PartB
from people.models import Staff

DUTIES = ("followup.supervision", "followup.action", "followup.confirm")


def check_can_complete(staff: Staff, part_b: PartB) -> None:
    """The team manager of the case completes Part B; a manager above may act for them (S1-53).

    Where nobody of the line is left, whoever its duties came to.
    """
    if part_b.status == PartB.Status.CLOSED:
        raise PermissionDenied("This audit was returned to Performance and Quality. Ask them to open it again.")
    is_theirs = staff.pk == part_b.manager_id or staff.hats().manages_path(part_b.audit.unit_path)
    if not (is_theirs or has_come_to(staff, part_b)):
        raise PermissionDenied(f"Only the team manager, {part_b.manager}, or a manager above can do this.")


def has_come_to(staff: Staff, part_b: PartB) -> bool:
    """Whether an open duty of this Part B, or of one of its actions, has come to somebody."""
    return Duty.objects.held_by(staff).filter(kind__in=DUTIES, audit_number=part_b.audit.number).exists()


def check_can_take_over(staff: Staff) -> None:
    """Performance and Quality take over what was audited before the portal (B13)."""
    if not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality can import past audits.")
