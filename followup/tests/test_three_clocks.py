"""Part B has three clocks: the supervision discussion, each action by its own date, the confirmation (B8)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit_portal.testing.factories import make_audit_at
from calendars.rules import end_of_day, london_date
from duties.models import Duty, Notice
from duties.tick import tick
from followup import workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def part_b(cast, s1):
    """Accepted on 9 November 2026, with one action due on 4 December."""
    return make_audit_at("with_team_manager", cast, s1).part_b


def due(kind):
    return Duty.objects.open().filter(kind=kind).get().due_at


def told_of(kind, now):
    """Who was told at that moment of a duty of that kind."""
    tick(now)
    rows = Notice.objects.filter(duty__kind=kind, channel="inbox", created_at=now)
    return set(rows.values_list("recipient__name", flat=True))


@pytest.mark.req("B8")
def test_each_clock_runs_by_itself(part_b, cast):
    assert due("followup.action") == end_of_day(date(2026, 12, 4))
    assert london_date(due("followup.supervision")) == london_date(part_b.opened_at) + timedelta(days=30)
    assert not Duty.objects.open().filter(kind="followup.confirm").exists()


@pytest.mark.req("B8")
@pytest.mark.parametrize(("done", "expected"), [
    (datetime(2026, 11, 20, 10, tzinfo=UTC), date(2026, 11, 25)),
    (datetime(2026, 12, 24, 10, tzinfo=UTC), date(2026, 12, 31)),
])
def test_the_confirmation_is_due_three_working_days_after_the_last_action(done, expected, part_b, cast):
    workflow.confirm_action(action=part_b.actions.get(), done_on=done.date(), evidence="Plan", by=cast.team_manager,
                            at=done)
    assert due("followup.confirm") == end_of_day(expected)


@pytest.mark.req("B8")
def test_a_late_action_goes_to_the_group_manager(part_b, cast):
    assert told_of("followup.action", datetime(2026, 12, 7, 8, tzinfo=UTC)) == {"Farah Siddiqui"}
    late = told_of("followup.action", datetime(2026, 12, 11, 8, tzinfo=UTC))
    assert late == {"Farah Siddiqui", "Colin Beckett"}


@pytest.mark.req("B8", "S1-62")
def test_a_confirmation_that_does_not_come_reaches_quality_then_the_line(part_b, cast):
    done = datetime(2026, 11, 20, 10, tzinfo=UTC)
    workflow.confirm_action(action=part_b.actions.get(), done_on=done.date(), evidence="Plan", by=cast.team_manager,
                            at=done)
    assert told_of("followup.confirm", datetime(2026, 11, 26, 8, tzinfo=UTC)) == {"Farah Siddiqui", "Naomi Clarke"}
    late = told_of("followup.confirm", datetime(2026, 12, 2, 8, tzinfo=UTC))
    assert late == {"Farah Siddiqui", "Naomi Clarke", "Colin Beckett"}
