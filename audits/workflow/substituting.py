"""A connection, a closed or a restricted case: the auditor gets another, and everybody concerned hears of it (B4)."""

from datetime import datetime

from django.db import transaction

from allocations import substituting as reserves
from allocations.exemptions.states import drop_request
from allocations.substituting import Why
from audits.models import Audit
from audits.permissions import check_can_report_connection, check_can_substitute
from audits.registry import follow_withdrawal
from audits.workflow.another_case import bring_up_to_date
from audits.workflow.appointments import drop_appointments
from audits.workflow.contacting import withdraw_escalations
from audits.workflow.life import Status, locked
from audits.workflow.no_notice import keep_secret, readers_of
from audits.workflow.people_duties import bring_people_up_to_date
from duties.notices import notify
from duties.workflow import close_all, close_duty
from people.models import Staff
from people.refusals import Refused
from trail.writing import record
from workflows import move


@transaction.atomic
def report_connection(*, audit: Audit, text: str, by: Staff, at: datetime) -> Audit:
    """The auditor has a connection with the child or family: they cannot go on, and P&Q give them another case."""
    audit = locked(audit)
    check_can_report_connection(by, audit)
    audit.connection, audit.connection_at = text, at
    audit.save(update_fields=["connection", "connection_at"])
    close_duty("audit.complete", audit, by=by, at=at, outcome="connection")
    bring_people_up_to_date(audit, by=by, at=at, outcome="connection")
    bring_up_to_date(audit, by=by, at=at)
    record("audit.connection_reported", target=audit, by=by, at=at)
    return audit


@transaction.atomic
def substitute(*, audit: Audit, why: str, text: str, by: Staff, at: datetime,
               expects: str | None = None) -> Audit | None:
    """Give the auditor the next feasible reserve in the place of this case; None where no reserve is left.

    `expects` is the case that was shown to whoever confirmed it. Neither exemption nor cancellation: it counts in
    none of their figures, nor to the auditor's ten.
    """
    audit = locked(audit)
    check_can_substitute(by, audit)
    if audit.awaits_auditor_since:
        raise Refused("Nobody audits this case now. Give it to another auditor first.")
    move(audit, Status.SUBSTITUTED)
    audit.save(update_fields=["status"])
    keep_secret(audit, at)
    close_all(audit, by=by, at=at, outcome=Status.SUBSTITUTED)
    withdraw_escalations(audit, by=by, at=at)
    drop_appointments(audit, "This case is not audited any more.", by=by, at=at)
    drop_request(audit.allocation, "Another case was taken instead.", by, at)
    reason = f"{Why(why).label}: {text}" if text else Why(why).label
    given = reserves.substitute(allocation=audit.allocation, reason=reason, by=by, at=at, expects=expects)
    follow_withdrawal(audit, by, at)
    _tell(audit, given is None, at)
    taken = given.number if given else None
    record("audit.substituted", target=audit, by=by, at=at, changes={"reason": reason, "taken": taken})
    return Audit.objects.get(allocation=given) if given else None


def _tell(audit: Audit, is_last: bool, at: datetime) -> None:
    """Whoever knew that it is audited; the auditor only where no other case is left, else the new one tells them."""
    told = {"subject": audit, "at": at, "meta": audit.number, "url": f"/audits/{audit.number}/"}
    if audit.told_at:
        notify(f"audit:{audit.pk}:substituted", readers_of(audit), event="audit.substituted",
               title="A case of yours is not audited any more", **told)
    if is_last:
        notify(f"audit:{audit.pk}:no-reserve", [audit.auditor], event="audit.no_reserve",
               title=f"Your {audit.month:%B} audit is taken off the list, and no other case is left for you", **told)
