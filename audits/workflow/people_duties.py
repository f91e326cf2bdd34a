"""The duties between auditor and people of the case until it is shared, kept up to date by whatever changes them."""

from collections.abc import Collection
from datetime import datetime

from audits.contacts import to_contact, to_escalate
from audits.models import Audit
from audits.preparing import prepared_by, to_prepare, worker_of
from calendars.calendar import working_days_after
from duties.models import Duty
from duties.workflow import close_duty, hand_on_all, open_duty
from people.models import Staff
from people.roles import Role

CONTACT, ESCALATE, PREPARE = "audit.contact", "contact.escalate", "audit.prepare"

TO_PREPARE = {
    "recording": "Confirm that the record is up to date for an audit",
    "attendance": "Confirm that you will be there for an audit",
}


def bring_people_up_to_date(audit: Audit, *, by: Staff, at: datetime, outcome: str = "not needed any more") -> None:
    """Open what is asked now of auditor and worker, close what is not; `outcome` says why."""
    _contact(audit, by, at, outcome)
    _prepare(audit, by, at, outcome)


def begin_contact_anew(audit: Audit, *, by: Staff, at: datetime) -> None:
    """Another auditor: what the one before owed is over."""
    for kind in (CONTACT, ESCALATE):
        close_duty(kind, audit, by=by, at=at, outcome="given to another auditor")
    bring_people_up_to_date(audit, by=by, at=at)


def _contact(audit: Audit, by: Staff, at: datetime, outcome: str) -> None:
    """The first contact, counted from the day on which the people of the case may know (S0-14); then escalations."""
    timescales = audit.version.rules.timescales
    for slot in _opened(audit, CONTACT, to_contact(audit), by, at, outcome):
        due_at = working_days_after(max(at, audit.visible_from), timescales.first_contact_working_days)
        _owed_by_auditor(CONTACT, audit, slot, due_at, at)
    for slot in _opened(audit, ESCALATE, to_escalate(audit), by, at, outcome):
        due_at = working_days_after(at, timescales.escalation_prompt_working_days)
        _owed_by_auditor(ESCALATE, audit, slot, due_at, at)


def _owed_by_auditor(kind: str, audit: Audit, slot: str, due_at: datetime, at: datetime) -> None:
    """Nobody is told now: the first comes with the audit itself, the other by what the auditor did a moment ago."""
    open_duty(kind, audit, slot=slot, owner=audit.auditor, role=Role.QA_LEAD, unit=audit.team, due_at=due_at, at=at,
              audit_number=audit.number, tell=False)


def _prepare(audit: Audit, by: Staff, at: datetime, outcome: str) -> None:
    """Both things are the worker's; without one the team manager's."""
    slots = _opened(audit, PREPARE, to_prepare(audit), by, at, outcome)
    left = Duty.objects.open().of(audit, PREPARE)
    if slots or left.exists():
        worker = worker_of(audit)
        hand_on_all(left.exclude(owner=worker), owner=worker, at=at)
        for slot in slots:
            open_duty(PREPARE, audit, slot=slot, owner=worker, role=Role.TEAM_MANAGER, unit=audit.team, at=at,
                      due_at=max(prepared_by(audit), at), audit_number=audit.number, title=TO_PREPARE[slot])


def _opened(audit: Audit, kind: str, wanted: Collection[str], by: Staff, at: datetime, outcome: str) -> list[str]:
    """Close what is not wanted any more; the slots that are to be opened."""
    is_open = set(Duty.objects.open().of(audit, kind).values_list("slot", flat=True))
    for slot in sorted(is_open.difference(wanted)):
        close_duty(kind, audit, slot=slot, by=by, at=at, outcome=outcome)
    return sorted(set(wanted) - is_open)
