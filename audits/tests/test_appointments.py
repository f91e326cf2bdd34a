"""Appointments: who is told, what stands in a calendar, moved and cancelled, right on both sides of a clock change."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from ical.calendar_stream import IcsCalendarStream

from audit_portal.testing.factories import START, invite, make_audit, make_audit_on, walk
from audits import workflow
from audits.appointments import entries_for, entry_of
from audits.consultation_forms import AppointmentForm
from audits.contacts import contacts_of
from audits.models import Appointment
from audits.timeline import timeline
from calendars.rules import LONDON
from duties.feed import feed_of, file_of
from duties.models import Notice
from people.refusals import Refused

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=1)


@pytest.fixture
def audit(cast, s1):
    return make_audit(cast, s1)


def told(event):
    rows = Notice.objects.filter(event=event, channel="inbox").select_related("recipient")
    return {row.recipient.name: row.title for row in rows}


def events(content):
    """What two parsers read: uid, sequence, beginning and end by the clock in London, and status."""
    first = [(str(e.uid), int(e["SEQUENCE"]), e.start.astimezone(LONDON), e.end.astimezone(LONDON), str(e["STATUS"]))
             for e in icalendar.Calendar.from_ical(content).events if "appointment" in e.uid]
    second = [(e.uid, e.sequence, e.dtstart.astimezone(LONDON), e.dtend.astimezone(LONDON), e.status.value)
              for e in IcsCalendarStream.calendar_from_ics(content.decode()).events if "appointment" in e.uid]
    assert first == second
    return first


@pytest.mark.req("S1-20", "S2-06")
def test_the_invited_are_told_when_and_nothing_about_the_child(audit, cast):
    invite(audit, cast.worker, cast.iro, at=START)
    title = "Grace Adeyemi would like to meet you on Monday 9 November at 9am"
    assert told("contact.appointment") == {"Tomasz Nowak": title, "Maureen Doyle": title}
    assert audit.case_file.reference not in str(list(Notice.objects.values_list("title", "meta", "url")))


@pytest.mark.req("S2-06")
def test_the_calendar_file_has_the_number_and_a_link_alone(audit, cast):
    row = invite(audit, cast.worker, at=START)
    (event,) = icalendar.Calendar.from_ical(file_of(entry_of(row), at=START)).events
    assert str(event["SUMMARY"]) == f"Meeting about audit {audit.number}"
    assert str(event["URL"]).endswith(f"/audits/{audit.number}/appointments/{row.pk}/")
    text = event.to_ical().decode()
    assert "LOCATION" not in text and "ATTENDEE" not in text
    for secret in (audit.case_file.reference, "Room 4", "Tomasz", "Grace"):
        assert secret not in text


def test_moving_keeps_the_uid_raises_the_sequence_and_tells_again(audit, cast):
    row = invite(audit, cast.worker, at=START)
    before = events(file_of(entry_of(row), at=START))[0]
    moved = workflow.move_appointment(appointment=row, starts_at=START + timedelta(days=9), minutes=30,
                                      because="Court", by=cast.auditor, at=LATER)
    after = events(file_of(entry_of(moved), at=LATER))[0]
    assert (after[0], after[1]) == (before[0], 1) and after[3] - after[2] == timedelta(minutes=30)
    assert told("contact.appointment_moved") == {
        "Tomasz Nowak": "Your appointment about an audit is now on Wednesday 11 November at 9am"}


def test_cancelling_tells_and_takes_it_out_of_the_calendar(audit, cast):
    row = invite(audit, cast.worker, at=START)
    assert len(events(feed_of(cast.worker, at=START))) == len(events(feed_of(cast.auditor, at=START))) == 1
    workflow.cancel_appointment(appointment=row, because="Ill", by=cast.auditor, at=LATER)
    assert events(feed_of(cast.worker, at=LATER)) == []
    row.refresh_from_db()
    assert events(file_of(entry_of(row), at=LATER))[0][4] == "CANCELLED"
    assert set(told("contact.appointment_cancelled")) == {"Tomasz Nowak"}
    with pytest.raises(Refused, match="cancelled already"):
        workflow.cancel_appointment(appointment=row, because="Ill", by=cast.auditor, at=LATER)
    assert [happening.text for happening in timeline(audit)][:2] == [
        "Grace Adeyemi cancelled an appointment", "Grace Adeyemi made an appointment"]


def test_who_is_not_invited_has_nothing_in_the_calendar(audit, cast):
    row = invite(audit, cast.worker, at=START)
    for person in (cast.iro, cast.team_manager, cast.pq_lead, cast.other_worker):
        assert events(feed_of(person, at=START)) == []
        assert not Appointment.objects.visible_to(person).filter(pk=row.pk).exists()


def test_who_takes_part_no_more_has_it_in_the_calendar_no_more(audit, cast):
    invite(audit, cast.worker, at=START)
    audit.participations.filter(staff=cast.worker).update(until_at=START)
    assert events(feed_of(cast.worker, at=LATER)) == []


def test_a_month_later_it_is_gone_from_the_feed(audit, cast):
    invite(audit, cast.worker, at=START)
    assert list(entries_for(cast.worker, START + timedelta(days=37)))
    assert not list(entries_for(cast.worker, START + timedelta(days=39)))


def test_the_appointments_of_somebody_are_one_question_to_the_database(audit, cast, django_assert_num_queries):
    for _ in range(3):
        invite(audit, cast.worker, at=START)
    cast.worker.hats()
    with django_assert_num_queries(1):
        assert len(list(entries_for(cast.worker, START))) == 3


@pytest.mark.parametrize(("step", "tells"), [("cancel", False), ("substitute", False), ("exempt", True),
                                             ("reallocate", True)])
def test_an_audit_that_is_not_done_so_drops_what_was_to_come(step, tells, audit, cast):
    row = invite(audit, cast.worker, at=START)
    if step == "reallocate":
        walk(audit, ["open"], cast)
    walk(audit, [step], cast)
    row.refresh_from_db()
    assert row.cancelled_at and row.changed_because
    assert bool(told("contact.appointment_cancelled")) == tells


def test_only_the_auditor_and_only_while_it_is_done(cast, s1):
    audit = make_audit(cast, s1)
    with pytest.raises(PermissionDenied, match="Only the auditor"):
        workflow.make_appointment(audit=audit, starts_at=LATER, minutes=60, mode="phone", people=[cast.worker],
                                  by=cast.pq_lead, at=START)
    walk(audit, ["open", "write", "share", "respond"], cast)
    assert invite(audit, cast.worker, at=START + timedelta(days=4)), "findings are talked about after sharing too"
    walk(audit, ["finalise"], cast)
    with pytest.raises(PermissionDenied, match="Being checked"):
        invite(audit, cast.worker, at=START + timedelta(days=6))


@pytest.mark.req("S0-14")
def test_nobody_of_a_no_notice_case_is_invited_before_its_day(cast, s1):
    audit = make_audit_on(date(2026, 11, 16), cast, s1, is_no_notice=True)
    for steps in ([], ["open"]):
        walk(audit, steps, cast)
        with pytest.raises(PermissionDenied, match="16 November"):
            invite(audit, cast.worker, at=LATER)


def test_whoever_is_invited_takes_part_and_the_time_is_to_come(audit, cast):
    with pytest.raises(Refused, match="With|with whom"):
        invite(audit, cast.other_worker, at=START)
    with pytest.raises(Refused, match="with whom"):
        invite(audit, at=START)
    with pytest.raises(Refused, match="still to come"):
        invite(audit, cast.worker, at=START, days=0)


@pytest.mark.parametrize("fields", [{"sequence": 1}, {"cancelled_at": START}])
def test_the_database_holds_that_a_change_says_why(fields, audit, cast):
    row = invite(audit, cast.worker, at=START)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=row.pk).update(**fields)


def form(contacts, day, time, now=START):
    body = {"people": [contacts[0].person.pk], "day_0": day.day, "day_1": day.month, "day_2": day.year, "time": time,
            "minutes": "60", "mode": "video"}
    return AppointmentForm(body, contacts=contacts, now=now)


SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
BEFORE_AUTUMN = datetime(2026, 10, 1, tzinfo=UTC)
# What one types, and what the two clocks then show; the hour that comes twice is its first.
CLOCKS = [
    (SPRING, "12:30am", START, "00:30", "2027-03-28T00:30"), (SPRING, "2:30am", START, "02:30", "2027-03-28T01:30"),
    (SPRING, "10am", START, "10:00", "2027-03-28T09:00"), (date(2027, 3, 27), "10am", START, "10:00",
                                                             "2027-03-27T10:00"),
    (AUTUMN, "1:30am", BEFORE_AUTUMN, "01:30", "2026-10-25T00:30"), (AUTUMN, "2:30", BEFORE_AUTUMN, "02:30",
                                                                       "2026-10-25T02:30"),
    (AUTUMN, "10am", BEFORE_AUTUMN, "10:00", "2026-10-25T10:00"), (date(2026, 10, 24), "10am", BEFORE_AUTUMN, "10:00",
                                                                    "2026-10-24T09:00"),
]  # fmt: skip


@pytest.mark.parametrize(("day", "time", "now", "wall", "utc"), CLOCKS)
def test_a_time_is_the_clock_in_london_around_both_changes(day, time, now, wall, utc, audit, cast):
    given = form(contacts_of(audit), day, time, now)
    assert given.is_valid(), given.errors
    starts_at = given.cleaned_data["starts_at"]
    assert f"{starts_at:%Y-%m-%dT%H:%M}" == utc
    row = Appointment(pk=1, audit=audit, starts_at=starts_at, minutes=60)
    (event,) = events(file_of(entry_of(row), at=START))
    assert f"{event[2]:%H:%M}" == wall and event[3].astimezone(UTC) - event[2].astimezone(UTC) == timedelta(hours=1)


def test_the_hour_that_march_leaves_out_is_refused(audit):
    given = form(contacts_of(audit), SPRING, "1:30am")
    assert given.errors["time"] == ["There is no such time on this day: the clocks go forward. Choose another"]


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2028, 1, 1)])
def test_a_day_that_is_over_or_too_far_is_refused(day, audit):
    assert "still to come, within a year" in form(contacts_of(audit), day, "10am").errors["day"][0]
