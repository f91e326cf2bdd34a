"""Contact with the people of the case, and the group manager where somebody does not answer (S1-20 to S1-22, B2)."""

from datetime import date, datetime

from django.db import transaction

from audits.contacts import Contact, contacts_of
from audits.models import Audit, ContactAttempt, Escalation
from audits.permissions import check_can_contact, check_can_resolve
from audits.workflow.life import locked
from audits.workflow.people_duties import bring_people_up_to_date
from calendars.calendar import working_days_after
from calendars.rules import london_date
from duties.notices import notify
from duties.workflow import close_duty, open_duty
from people.models import Staff
from people.refusals import Refused
from people.roles import Role
from trail.writing import record
from workflows import move, register

RESOLVE = "contact.resolve"
Status = Escalation.Status

ESCALATION_TRANSITIONS = {
    Status.OPEN: frozenset({Status.RESOLVED, Status.WITHDRAWN}),
    Status.RESOLVED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
register(Escalation, ESCALATION_TRANSITIONS, title="escalation to the group manager",
         unfinished=frozenset({Status.OPEN}))


@transaction.atomic
def record_attempt(*, audit: Audit, person: Staff, made_on: date, method: str, outcome: str, by: Staff, at: datetime,
                   note: str = "") -> ContactAttempt:
    """The auditor tried to reach somebody of the case, today or on an earlier day since they were given it (S1-20)."""
    audit = locked(audit)
    check_can_contact(by, audit, at)
    contact = _contact_with(audit, person)
    if not first_day(audit) <= made_on <= london_date(at):
        raise Refused("Give a day from when you were given this audit until today.", "made_on")
    attempt = ContactAttempt.objects.create(
        audit=audit, person=person, capacity=contact.capacity, made_on=made_on, method=method, outcome=outcome,
        note=note, recorded_at=at, recorded_by=by)
    bring_people_up_to_date(audit, by=by, at=at, outcome=outcome)
    record("contact.recorded", target=attempt, subject=audit, by=by, at=at,
           changes={"part": contact.capacity_label.lower(), "outcome": outcome})
    return attempt


def first_day(audit: Audit) -> date:
    """From which day on its people can have been contacted."""
    return london_date(max(audit.allocated_at, audit.visible_from))


def _contact_with(audit: Audit, person: Staff) -> Contact:
    found = next((contact for contact in contacts_of(audit) if contact.person == person), None)
    if found is None:
        raise Refused("This person does not take part in the audit any more.", "person")
    return found


@transaction.atomic
def escalate(*, audit: Audit, person: Staff, by: Staff, at: datetime) -> Escalation:
    """Somebody did not answer often enough: the group manager of the team has to see to it (S1-22)."""
    audit = locked(audit)
    check_can_contact(by, audit, at)
    contact = _contact_with(audit, person)
    if not contact.may_escalate:
        raise Refused(contact.missing or "There is nothing to escalate here.")
    row = Escalation.objects.create(audit=audit, person=person, opened_at=at, opened_by=by)
    days = audit.version.rules.timescales.escalation_resolve_working_days
    duty = open_duty(RESOLVE, row, role=Role.GROUP_MANAGER, unit=audit.team, due_at=working_days_after(at, days),
                     at=at, audit_number=audit.number)
    row.sent_to = duty.holder
    row.save(update_fields=["sent_to"])
    bring_people_up_to_date(audit, by=by, at=at, outcome="escalated")
    record("contact.escalated", target=row, subject=audit, by=by, at=at)
    return row


@transaction.atomic
def resolve_escalation(*, escalation: Escalation, outcome: str, by: Staff, at: datetime) -> Escalation:
    """The group manager says what came of it; the auditor is told."""
    rows = Escalation.objects.select_for_update(of=("self",)).select_related("audit__team", "audit__auditor")
    row = rows.get(pk=escalation.pk)
    check_can_resolve(by, row)
    _end(row, Status.RESOLVED, by, at, outcome)
    notify(f"escalation:{row.pk}:resolved", [row.audit.auditor], event="contact.resolved", subject=row, at=at,
           meta=row.audit.number, url=row.get_absolute_url(), title="Your escalation is resolved: read what came of it")
    record("contact.resolved", target=row, subject=row.audit, by=by, at=at)
    return row


def withdraw_escalations(audit: Audit, *, by: Staff, at: datetime) -> None:
    """The audit will not be done, so nobody has to answer."""
    for row in audit.escalations.open().select_for_update():
        _end(row, Status.WITHDRAWN, by, at)


def _end(row: Escalation, status: Status, by: Staff, at: datetime, outcome: str = "") -> None:
    move(row, status)
    row.ended_at, row.ended_by, row.outcome = at, by, outcome
    row.save(update_fields=["status", "ended_at", "ended_by", "outcome"])
    close_duty(RESOLVE, row, by=by, at=at, outcome=status)
