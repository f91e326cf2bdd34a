"""Who may do what about exemptions. `check_` raises with a sentence."""

from django.core.exceptions import PermissionDenied

from allocations.exemption_models import Exemption
from allocations.exemptions.routes import decides, in_words, route_of
from allocations.models import Allocation
from duties.models import Duty
from people.lines import line_manager
from people.models import Staff


def manages(by: Staff, auditor: Staff) -> bool:
    """Whether `by` is the line manager, or a manager above."""
    above = bool(auditor.unit) and by.hats().manages_path(auditor.unit.path)
    return by.pk != auditor.pk and (above or line_manager(auditor) == by)


def check_can_ask(by: Staff, allocation: Allocation) -> None:
    """The auditor; for somebody who cannot, their manager or Performance and Quality (B6)."""
    if by.pk != allocation.auditor_id and not by.hats().is_pq and not manages(by, allocation.auditor):
        raise PermissionDenied(f"Only {allocation.auditor}, their manager or Performance and Quality can ask.")


def check_can_support(by: Staff, exemption: Exemption) -> None:
    """The auditor's own line manager speaks first (S2-33); where there is none left, whoever the duty came to."""
    auditor = exemption.allocation.auditor
    if by.pk == auditor.pk or not (line_manager(auditor) == by or Duty.objects.owed_by(by, exemption)):
        raise PermissionDenied(f"Only the line manager of {auditor} can say this.")


def check_can_decide(by: Staff, exemption: Exemption) -> None:
    """Whom the programme names for the auditor's service (S1-10, S1-11), and nobody for themselves (A9)."""
    if by.pk == exemption.allocation.auditor_id:
        raise PermissionDenied("Nobody decides on an exemption of their own.")
    if not decides(by, exemption):
        raise PermissionDenied(f"Only {in_words(route_of(exemption))} can decide on this request.")


def check_can_withdraw(by: Staff, exemption: Exemption) -> None:
    """Who asked, the auditor for whom it was asked, and Performance and Quality."""
    if by.pk not in (exemption.asked_by_id, exemption.allocation.auditor_id) and not by.hats().is_pq:
        raise PermissionDenied("Only who asked, the auditor, or Performance and Quality can withdraw this request.")
