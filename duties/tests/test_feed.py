"""The calendar of duties: read by two parsers, right on both sides of the clock changes, without any name."""

from datetime import UTC, date, datetime

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from audit_portal.testing.factories import START, make_audit, make_audit_at
from calendars.rules import LONDON, at_london, end_of_day
from duties.feed import calendar_of, feed_of, when
from duties.models import Duty
from duties.workflow import reschedule

pytestmark = pytest.mark.django_db

SUMMER, WINTER = at_london(date(2026, 7, 15), datetime(1, 1, 1, 17).time()), datetime(2026, 12, 15, 17, tzinfo=UTC)
DUE = [
    SUMMER,
    WINTER,
    datetime(2026, 10, 24, 16, 0, tzinfo=UTC),  # 5pm, the day before the clocks go back
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # half past one, for the first time
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # half past one, for the second time
    datetime(2026, 10, 26, 17, 0, tzinfo=UTC),  # 5pm, the day after
    datetime(2027, 3, 27, 17, 0, tzinfo=UTC),  # 5pm, the day before they go forward
    datetime(2027, 3, 28, 1, 15, tzinfo=UTC),  # a quarter past two: the half hour before begins at a quarter to one
    datetime(2027, 3, 29, 16, 0, tzinfo=UTC),  # 5pm, the day after
]
DAYS = [date(2026, 7, 31), date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 31), date(2027, 3, 27),
        date(2027, 3, 28), date(2027, 3, 31)]


def wall(moment):
    """A date as it is; a moment by the clock on a wall in London, with its distance from UTC."""
    if not isinstance(moment, datetime):
        return moment
    local = moment.astimezone(LONDON)
    return f"{local:%Y-%m-%d %H:%M %z}"


def by_icalendar(text):
    """Uid, summary, link, sequence, beginning and end of each event, as the first parser reads them."""
    events = icalendar.Calendar.from_ical(text).events
    return [(str(e.uid), str(e["SUMMARY"]), str(e["URL"]), int(e["SEQUENCE"]), wall(e.start), wall(e.end))
            for e in events]


def by_ical(text):
    """The same by the second."""
    events = IcsCalendarStream.calendar_from_ics(text.decode()).events
    return [(e.uid, e.summary, str(e.url), e.sequence, wall(e.dtstart), wall(e.dtend)) for e in events]


def duty(due_at, pk=1):
    """An unsaved duty."""
    url = "/audits/A-2026-11-0001/"
    return Duty(pk=pk, kind="audit.complete", title="Read Tomasz Nowak’s audit", audit_number="A-2026-11-0001", url=url,
                due_at=due_at, revision=3)


@pytest.mark.req("T-R7")
@pytest.mark.parametrize("due_at", DUE, ids=wall)
def test_both_parsers_read_a_time_as_the_clock_on_the_wall_shows_it(due_at, cast):
    text = calendar_of(cast.worker, [duty(due_at)], at=START)
    assert by_icalendar(text) == by_ical(text)
    [(uid, summary, url, sequence, start, end)] = by_ical(text)
    assert (uid, sequence, summary) == ("duty-1@audit-portal", 3, "Complete an audit A-2026-11-0001")
    assert url == "http://localhost:8000/audits/A-2026-11-0001/"
    assert end == wall(due_at)
    assert when(due_at)[1] - when(due_at)[0] == datetime(1, 1, 1, 0, 30) - datetime(1, 1, 1)
    assert start == wall(when(due_at)[0])


def test_summer_and_winter_times_are_those_that_the_portal_says(cast):
    text = calendar_of(cast.worker, [duty(SUMMER, 1), duty(WINTER, 2)], at=START)
    assert [(start, end) for *_, start, end in by_ical(text)] == [
        ("2026-07-15 16:30 +0100", "2026-07-15 17:00 +0100"), ("2026-12-15 16:30 +0000", "2026-12-15 17:00 +0000")]


@pytest.mark.req("T-R7")
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_is_due_at_the_end_of_a_day_is_that_whole_day(day, cast):
    text = calendar_of(cast.worker, [duty(end_of_day(day))], at=START)
    assert by_icalendar(text) == by_ical(text)
    assert by_ical(text)[0][-2:] == (day, date.fromordinal(day.toordinal() + 1))


def test_a_calendar_says_what_it_is_and_how_often_to_read_it_also_when_nothing_is_due(cast):
    text = calendar_of(cast.worker, [], at=START)
    calendar = icalendar.Calendar.from_ical(text)
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Audit Portal"
    assert {"REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"} <= set(text.decode().splitlines())
    assert by_icalendar(text) == by_ical(text) == []


def complete_in(text):
    """The duty to complete an audit among somebody's."""
    return next(row for row in by_ical(text) if row[1].startswith("Complete an audit"))


def test_a_later_due_time_keeps_the_uid_and_raises_the_sequence(cast, s1):
    audit = make_audit(cast, s1)
    before = complete_in(feed_of(cast.auditor, at=START))
    reschedule("audit.complete", audit, due_at=SUMMER.replace(year=2027), at=START)
    after = complete_in(feed_of(cast.auditor, at=START))
    assert before[0] == after[0] and before[3] + 1 == after[3]
    assert after[-1] == "2027-07-15 17:00 +0100"


def test_it_holds_one_s_own_open_duties_and_nobody_else_s(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    for person in (cast.auditor, cast.worker, cast.team_manager, cast.director):
        wanted = {f"duty-{pk}@audit-portal" for pk in Duty.objects.held_by(person).values_list("pk", flat=True)}
        assert {uid for uid, *_ in by_ical(feed_of(person, at=START))} == wanted
    assert [row[1] for row in by_ical(feed_of(cast.worker, at=START))] == [f"Answer a shared audit {audit.number}"]


def test_what_the_holder_may_not_know_is_not_in_it(cast, s1):
    make_audit(cast, s1)
    Duty.objects.update(holder=cast.other_worker)
    assert Duty.objects.held_by(cast.other_worker).exists()
    assert by_ical(feed_of(cast.other_worker, at=START)) == []
