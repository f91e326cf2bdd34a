"""The tick: every rung once, the newest told, safe with any number of ticks at the same moment."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit_portal.testing.factories import START, make_audit
from calendars.models import LocalClosure
from calendars.rules import end_of_day
from duties import tick as ticking
from duties import workflow
from duties.models import Delivery, Duty, Notice, RungFired
from duties.tests.together import at_once
from duties.tick import tick
from people.models import Unit

pytestmark = pytest.mark.django_db
BEFORE, ON, AFTER = (datetime(2026, 11, day, 8, tzinfo=UTC) for day in (26, 30, 30))
LATE = datetime(2026, 12, 1, 8, tzinfo=UTC)
RUNGS = [
    {"name": "two days left", "when": "before", "offset": 2, "unit": "working_days", "tell": ["holder"]},
    {"name": "due today", "when": "on", "offset": 0, "unit": "working_days", "tell": ["holder"]},
    {"name": "late", "when": "after", "offset": 1, "unit": "working_days", "tell": ["holder", "pq"]},
]


def only_ladder():
    """Of what an auditor owes only completing the audit has rungs."""
    workflow.publish_ladder(programme="s1", kind="audit.complete", rungs=RUNGS, at=START)
    workflow.publish_ladder(programme="s1", kind="audit.contact", rungs=[], at=START)


@pytest.fixture
def duty(cast, s1):
    """The auditor's duty to complete an audit by the end of November, with three rungs."""
    only_ladder()
    make_audit(cast, s1)
    return Duty.objects.get(kind="audit.complete")


def told(duty):
    """Whom the rungs told what."""
    rows = Notice.objects.filter(duty=duty, channel="inbox").exclude(event_key__endswith=":opened").order_by("id")
    return list(rows.values_list("recipient__name", "title"))


def fired(duty):
    """The rungs that are written down."""
    return list(duty.rungs_fired.order_by("id").values_list("rung", flat=True))


def test_nothing_happens_before_the_first_rung(duty):
    assert tick(BEFORE - timedelta(seconds=1)) == 0
    assert (fired(duty), told(duty)) == ([], [])


@pytest.mark.req("S1-14")
def test_a_rung_tells_its_people_and_sets_the_next_time(duty):
    assert tick(BEFORE) == 1
    duty.refresh_from_db()
    assert fired(duty) == ["two days left"]
    assert told(duty) == [("Grace Adeyemi", "Reminder: finish and share your November audit")]
    assert duty.next_rung_at == ON


@pytest.mark.req("S1-63")
def test_who_is_late_is_told_and_so_is_quality(duty):
    for moment in (BEFORE, ON, LATE):
        tick(moment)
    title = "finish and share your November audit"
    assert told(duty) == [
        ("Grace Adeyemi", f"Reminder: {title}"),
        ("Grace Adeyemi", f"Due today: {title}"),
        ("Grace Adeyemi", f"Overdue: {title}"),
        ("Naomi Clarke", "Overdue, with Grace Adeyemi: complete an audit"),
    ]
    duty.refresh_from_db()
    assert duty.next_rung_at is None


def test_the_same_tick_again_does_nothing(duty):
    tick(BEFORE)
    assert tick(BEFORE) == 0
    assert len(told(duty)) == 1


def test_after_days_of_silence_only_the_newest_is_told_and_each_is_written_down(duty):
    assert tick(LATE + timedelta(days=3)) == 1
    assert fired(duty) == ["two days left", "due today", "late"]
    assert {title.split(":")[0] for _, title in told(duty)} == {"Overdue", "Overdue, with Grace Adeyemi"}


def test_a_closed_duty_stays_silent(duty, cast):
    workflow.close_all(duty_subject(duty), by=cast.pq_lead, at=START, outcome="done")
    assert tick(LATE) == 0


def duty_subject(duty):
    """The record that the duty is about."""
    from duties.registry import kind

    return kind(duty.kind).model.objects.get(pk=duty.subject_id)


def test_a_new_revision_rings_again_from_the_start(duty):
    tick(BEFORE)
    workflow.reschedule("audit.complete", duty_subject(duty), due_at=end_of_day(date(2026, 12, 31)), at=BEFORE)
    tick(datetime(2026, 12, 29, 8, tzinfo=UTC))
    assert fired(duty) == ["two days left", "two days left"]
    assert set(duty.rungs_fired.values_list("revision", flat=True)) == {1, 2}


def test_a_closure_day_brings_a_reminder_forward(cast, s1):
    LocalClosure.objects.create(day=date(2026, 11, 27), name="Closed", counts_as_holiday=True)
    only_ladder()
    make_audit(cast, s1)
    assert tick(BEFORE - timedelta(days=1)) == 1


@pytest.mark.parametrize("closed", [date(2026, 11, 26), date(2026, 11, 27)])
def test_a_closure_day_added_later_loses_no_reminder(closed, duty):
    """The rung's time was stored before; by the new reckoning it lies a day earlier."""
    LocalClosure.objects.create(day=closed, name="Snow", counts_as_holiday=True)
    for moment in (BEFORE, ON, LATE):
        tick(moment)
    assert fired(duty) == ["two days left", "due today", "late"]


def test_a_closure_day_taken_away_repeats_no_reminder(cast, s1):
    day = LocalClosure.objects.create(day=date(2026, 11, 27), name="Closed", counts_as_holiday=True)
    workflow.publish_ladder(programme="s1", kind="audit.complete", rungs=RUNGS, at=START)
    make_audit(cast, s1)
    day.delete()
    duty = Duty.objects.get(kind="audit.complete")
    for moment in (BEFORE - timedelta(days=1), BEFORE, ON, LATE):
        tick(moment)
    assert fired(duty) == ["two days left", "due today", "late"]


def test_rung_notices_and_next_time_are_written_together_or_not_at_all(duty, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("the power went")

    monkeypatch.setattr(ticking, "duty_rows", broken)
    with pytest.raises(OSError, match="power"):
        tick(BEFORE)
    duty.refresh_from_db()
    assert (fired(duty), duty.next_rung_at) == ([], BEFORE)
    monkeypatch.undo()
    assert tick(BEFORE) == 1
    assert fired(duty) == ["two days left"]


def test_a_rung_that_was_written_down_already_is_no_fault(duty):
    RungFired.objects.create(duty=duty, revision=1, rung="two days left", fired_at=BEFORE, came_at=BEFORE)
    assert tick(BEFORE) == 1
    assert fired(duty) == ["two days left"]


@pytest.mark.req("S1-26", "S1-27")
def test_an_unanswered_concern_climbs_hour_by_hour(cast, s1):
    audit = make_audit(cast, s1)
    Unit.objects.filter(pk=cast.team.pk).update(phone="01632 960111")
    concern = audit.concerns.create(text="Not safe", raised_at=START, raised_by=cast.auditor)
    workflow.open_duty(
        "concern.acknowledge", concern, owner=cast.team_manager, role="group_manager", unit=audit.team,
        due_at=START + timedelta(hours=1), at=START, audit_number=audit.number,
    )  # fmt: skip
    expected = [
        (1, {"Farah Siddiqui", "Colin Beckett"}),
        (2, {"Farah Siddiqui", "Colin Beckett", "Ruth Okafor", "Naomi Clarke"}),
        (4, {"Farah Siddiqui", "Colin Beckett", "Ruth Okafor", "Naomi Clarke", "Simon Hartley"}),
    ]
    for hours, people in expected:
        now = START + timedelta(hours=hours)
        assert tick(now) == 1
        assert set(Notice.objects.filter(created_at=now).values_list("recipient__name", flat=True)) == people


def test_the_command_ticks_and_sends(duty, mailoutbox):
    said = StringIO()
    call_command("tick", now=BEFORE.isoformat(), stdout=said)
    assert said.getvalue() == f"1 duties reached a rung, {len(mailoutbox)} e-mails sent.\n"
    assert len(mailoutbox) == Delivery.objects.filter(state="sent").count() > 0


@pytest.mark.parametrize(("given", "why"), [("soon", "not a date"), ("2026-11-30T09:00:00", "needs an offset")])
def test_the_command_refuses_a_moment_that_is_none(given, why):
    with pytest.raises(CommandError, match=why):
        call_command("tick", now=given)


@pytest.mark.django_db(transaction=True)
def test_three_ticks_at_the_same_moment_fire_a_rung_once(duty):
    assert sum(at_once(3, lambda: tick(LATE))) == 1
    assert fired(duty) == ["two days left", "due today", "late"]
    assert len(told(duty)) == 2
