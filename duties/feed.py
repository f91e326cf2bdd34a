"""The calendar of somebody's duties and appointments, as iCalendar (RFC 5545, 7986). No name, nothing on a child."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from icalendar import STATUS, TRANSP, Calendar, Event, vDuration

from calendars.rules import ends_its_day, london_date
from duties.feed_entries import Entry, entries_of
from duties.models import Duty
from duties.registry import known, label_of
from people.models import Staff

NAME = "Audit Portal"
READ_AGAIN = timedelta(hours=1)
TIMED = timedelta(minutes=30)
A_DAY = timedelta(days=1)


def feed_of(staff: Staff, *, at: datetime) -> bytes:
    """The open duties that somebody holds and may know of, and their appointments, as they stand at `at`."""
    return calendar_of(staff, knowable(staff, Duty.objects.held_by(staff)), entries_of(staff, at), at=at)


def knowable(staff: Staff, duties: Iterable[Duty]) -> list[Duty]:
    """Those whose record `staff` may know of now."""
    duties = list(duties)
    seen = known((staff, duty.subject_type, duty.subject_id) for duty in duties)
    return [duty for duty in duties if (staff.pk, duty.subject_type, duty.subject_id) in seen]


def calendar_of(staff: Staff, duties: Iterable[Duty], entries: Iterable[Entry] = (), *, at: datetime) -> bytes:
    """One event for each duty and appointment; how often to read it again is said in both ways that calendars know."""
    uid = f"calendar-{staff.pk}@audit-portal"
    calendar = Calendar.new(uid=uid, name=NAME, prodid="-//Audit Portal//Duties//EN")
    calendar.add("REFRESH-INTERVAL", READ_AGAIN, parameters={"VALUE": "DURATION"})  # RFC 7986 wants the type said
    calendar.add("X-PUBLISHED-TTL", vDuration(READ_AGAIN))
    for duty in duties:
        calendar.add_component(event_of(duty, at=at))
    for entry in entries:
        calendar.add_component(_event(entry, at))
    return calendar.to_ical()


def file_of(entry: Entry, *, at: datetime) -> bytes:
    """One appointment as a file to put into a calendar; a later one takes the place of the one before."""
    calendar = Calendar.new(prodid="-//Audit Portal//Appointments//EN", method="PUBLISH")
    calendar.add_component(_event(entry, at))
    return calendar.to_ical()


def _event(entry: Entry, at: datetime) -> Event:
    """Times are in UTC, as for duties; an appointment makes busy."""
    url = f"{settings.PUBLIC_URL}{entry.path}"
    return Event.new(
        uid=entry.uid, sequence=entry.sequence, stamp=at, summary=entry.summary, url=url,
        description=f"See it in the portal: {url}", start=entry.starts_at, end=entry.ends_at,
        status=STATUS.CANCELLED if entry.is_cancelled else STATUS.CONFIRMED, transparency=TRANSP.OPAQUE)


def event_of(duty: Duty, *, at: datetime) -> Event:
    """What the kind of duty is called, the number of the audit, the page. The title is not used: it may hold a name.

    The uid stays for the life of the duty; a later due time or another holder raises the sequence.
    """
    url = f"{settings.PUBLIC_URL}{duty.url}"
    start, end = when(duty.due_at)
    return Event.new(
        uid=f"duty-{duty.pk}@audit-portal",
        sequence=duty.revision,
        stamp=at,
        summary=" ".join(filter(None, [label_of(duty.kind), duty.audit_number])),
        description=f"Do it in the portal: {url}",
        url=url,
        start=start,
        end=end,
        transparency=TRANSP.TRANSPARENT,  # a due time is no appointment: it makes nobody busy
    )


def when(due_at: datetime) -> tuple[date, date]:
    """From when to when: the whole London day for what is due at its end, else the half hour before the due time.

    A time is given in UTC, which every calendar shows as the clock on its wall. With a zone's name beside it the
    hour that comes twice in October could not be told from the other.
    """
    if ends_its_day(due_at):
        day = london_date(due_at)
        return day, day + A_DAY
    return due_at - TIMED, due_at
