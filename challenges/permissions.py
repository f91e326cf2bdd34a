"""What somebody may do about a challenge."""

from django.core.exceptions import PermissionDenied

from audits.permissions import check_can_respond
from challenges.models import Challenge
from people.models import Staff

check_can_challenge = check_can_respond


def check_can_settle(staff: Staff, challenge: Challenge) -> None:
    """A challenge is settled first with the auditor (S1-49)."""
    if challenge.audit.auditor_id != staff.pk:
        raise PermissionDenied(f"Only the auditor, {challenge.audit.auditor}, can settle this with you.")


def check_can_withdraw(staff: Staff, challenge: Challenge) -> None:
    """Whoever raised it may take it back."""
    if challenge.raised_by_id != staff.pk:
        raise PermissionDenied(f"Only {challenge.raised_by} can withdraw this challenge.")
