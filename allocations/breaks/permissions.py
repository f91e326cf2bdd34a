"""Who may do what about breaks. `check_` raises with a sentence."""

from django.core.exceptions import PermissionDenied

from allocations.break_models import Break
from allocations.breaks.pool import deciders_for
from people.models import Staff
from people.permissions import check_is_pq

check_can_reorder = check_is_pq


def check_can_ask(by: Staff, auditor: Staff) -> None:
    """Auditors ask for themselves (S1-05)."""
    if by.pk != auditor.pk:
        raise PermissionDenied("Auditors ask for a break themselves.")


def check_can_withdraw(by: Staff, wish: Break) -> None:
    """One's own; Performance and Quality for anybody."""
    if by.pk != wish.auditor_id and not by.hats().is_pq:
        raise PermissionDenied("Only the auditor, or Performance and Quality, can withdraw a break.")


def check_can_exceed(by: Staff, wish: Break) -> None:
    """Whom the programme names, as a rule the P&Q lead (A5)."""
    if not by.hats().wears(*deciders_for(wish.month).override_break_cap):
        raise PermissionDenied("Only the Performance and Quality lead can grant a break above the limit.")
