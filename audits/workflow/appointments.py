"""Appointments of the auditor with people of the case: made, moved, cancelled; the invited are told (S1-20, S2-06)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from audits.contacts import contacts_of
from audits.models import Appointment, Audit
from audits.permissions import check_can_arrange
from audits.workflow.life import locked
from calendars.words import clock, day_and_month
from duties.notices import notify
from people.models import Staff
from people.refusals import Refused
from trail.writing import record


@transaction.atomic
def make_appointment(*, audit: Audit, starts_at: datetime, minutes: int, mode: str, people: Collection[Staff],
                     by: Staff, at: datetime, place: str = "") -> Appointment:
    """Invite people of the case to read or talk; each is told."""
    audit = locked(audit)
    check_can_arrange(by, audit, at)
    _check_to_come(starts_at, at)
    ours = {contact.person.pk for contact in contacts_of(audit)}
    if not people or any(person.pk not in ours for person in people):
        raise Refused("Say with whom of the people of this case.", "people")
    row = Appointment.objects.create(audit=audit, starts_at=starts_at, minutes=minutes, mode=mode, place=place,
                                     made_at=at, made_by=by)
    row.people.set(people)
    _tell(row, "contact.appointment", f"{by.name} would like to meet you on {_when(row)}", at)
    record("appointment.made", target=row, subject=audit, by=by, at=at)
    return row


@transaction.atomic
def move_appointment(*, appointment: Appointment, starts_at: datetime, minutes: int, because: str, by: Staff,
                     at: datetime) -> Appointment:
    """Another time, with the reason; the calendar file takes the place of the one before."""
    audit = locked(appointment.audit)
    check_can_arrange(by, audit, at)
    row = _standing(appointment)
    _check_to_come(starts_at, at)
    row.starts_at, row.minutes, row.sequence, row.changed_because = starts_at, minutes, row.sequence + 1, because
    row.save(update_fields=["starts_at", "minutes", "sequence", "changed_because"])
    _tell(row, "contact.appointment_moved", f"Your appointment about an audit is now on {_when(row)}", at)
    record("appointment.moved", target=row, subject=audit, by=by, at=at)
    return row


@transaction.atomic
def cancel_appointment(*, appointment: Appointment, because: str, by: Staff, at: datetime) -> Appointment:
    """It does not take place; each invited is told."""
    audit = locked(appointment.audit)
    check_can_arrange(by, audit, at)
    row = _standing(appointment)
    _cancel(row, because, by, at)
    _tell_off(row, at)
    record("appointment.cancelled", target=row, subject=audit, by=by, at=at)
    return row


def drop_appointments(audit: Audit, because: str, *, by: Staff, at: datetime, tell: bool = False) -> None:
    """The audit will not be done, or not by this auditor: what is to come is off.

    `tell` where the invited do not hear of it otherwise.
    """
    for row in audit.appointments.standing().filter(starts_at__gt=at).select_related("audit"):
        _cancel(row, because, by, at)
        if tell:
            _tell_off(row, at)


def _standing(appointment: Appointment) -> Appointment:
    row = Appointment.objects.select_for_update(of=("self",)).select_related("audit").get(pk=appointment.pk)
    if row.cancelled_at:
        raise Refused("This appointment is cancelled already.")
    return row


def _check_to_come(starts_at: datetime, at: datetime) -> None:
    if starts_at <= at:
        raise Refused("Give a day and time that are still to come.", "day")


def _cancel(row: Appointment, because: str, by: Staff, at: datetime) -> None:
    row.cancelled_at, row.cancelled_by, row.changed_because, row.sequence = at, by, because, row.sequence + 1
    row.save(update_fields=["cancelled_at", "cancelled_by", "changed_because", "sequence"])


def _when(row: Appointment) -> str:
    return f"{day_and_month(row.starts_at)} at {clock(row.starts_at)}"


def _tell_off(row: Appointment, at: datetime) -> None:
    _tell(row, "contact.appointment_cancelled", f"Your appointment on {_when(row)} is cancelled", at)


def _tell(row: Appointment, event: str, title: str, at: datetime) -> None:
    notify(f"appointment:{row.pk}:{row.sequence}", row.people.all(), event=event, subject=row.audit, at=at,
           meta=row.audit.number, url=row.get_absolute_url(), title=title)
