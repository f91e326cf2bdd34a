"""Appointments as entries of a calendar: the number of the audit and the way to its page, nothing else."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from audits.models import Appointment, Audit
from duties.feed_entries import Entry
from people.models import Staff

LOOKING_BACK = timedelta(days=31)
Status = Audit.Status


def entry_of(appointment: Appointment) -> Entry:
    """One appointment."""
    return Entry(
        uid=f"appointment-{appointment.pk}@audit-portal", sequence=appointment.sequence,
        summary=f"Meeting about audit {appointment.audit.number}", path=appointment.get_absolute_url(),
        starts_at=appointment.starts_at, ends_at=appointment.ends_at,
        is_cancelled=appointment.cancelled_at is not None)


def entries_for(staff: Staff, at: datetime) -> Iterator[Entry]:
    """Those of somebody's audits that stand, from a month ago on. One query."""
    rows = Appointment.objects.visible_to(staff).standing().filter(starts_at__gte=at - LOOKING_BACK)
    return (entry_of(row) for row in rows.select_related("audit"))
