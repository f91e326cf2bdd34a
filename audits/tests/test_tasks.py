"""What beat wakes the workers for, and that the times of a programme are the ones that count."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from audit_portal.testing.factories import START, make_audit_at
from audits import workflow
from audits.tasks import lapse_windows
from calendars.rules import end_of_day
from duties.models import Duty
from programmes.models import ProgrammeVersion

pytestmark = pytest.mark.django_db


def with_timescales(version, **changes):
    """The version with other timescales, as an earlier or later programme might have them."""
    policy = {**version.policy, "timescales": {**version.policy["timescales"], **changes}}
    ProgrammeVersion.objects.filter(pk=version.pk).update(policy=policy)
    return ProgrammeVersion.objects.get(pk=version.pk)


def test_every_task_of_the_schedule_exists_and_a_wake_up_that_nobody_takes_expires():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert import_string(entry["task"]).name == entry["task"]
        assert entry["options"]["expires"] >= entry["schedule"]


@pytest.mark.req("S1-45")
def test_beat_records_silence_when_the_time_to_answer_is_over(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    audit.responses.update(respond_by=datetime(2020, 1, 6, tzinfo=UTC))
    assert [lapse_windows(), lapse_windows()] == [1, 0]
    assert set(audit.responses.values_list("verdict", flat=True)) == {"lapsed"}
    assert Duty.objects.open().of(audit, "audit.finalise").exists()


def test_nothing_lapses_while_there_is_time(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    audit.responses.update(respond_by=datetime(2999, 1, 1, tzinfo=UTC))
    assert lapse_windows() == 0


@pytest.mark.parametrize(("hours", "expected"), [(6, 6), (None, 24)])
@pytest.mark.req("S1-29")
def test_a_concern_is_recorded_within_the_hours_of_the_programme(hours, expected, cast, s1):
    audit = make_audit_at("in_progress", cast, with_timescales(s1, concern_confirm_hours=hours))
    concern = workflow.raise_concern(audit=audit, text="Not safe", by=cast.auditor, at=START)
    workflow.acknowledge_concern(concern=concern, by=cast.team_manager, at=START)
    due = Duty.objects.open().of(concern, "concern.confirm").get().due_at
    assert due == START + timedelta(hours=expected)


@pytest.mark.req("S1-50")
def test_moderation_is_due_within_the_days_of_the_programme(cast, s1):
    audit = make_audit_at("in_dispute", cast, with_timescales(s1, moderation_working_days=3))
    due = Duty.objects.open().of(audit, "audit.dispute").get().due_at
    assert due == end_of_day(date(2026, 11, 11))  # three working days after Saturday 7 November
