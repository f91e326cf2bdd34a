"""The nightly check is asked for once a London night, and done by a worker as a job."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from audit_portal import nightly, tasks
from audit_portal.testing.factories import make_audit_at
from duties.models import Duty, Sweep
from duties.tests.together import at_once
from jobs.models import Job
from jobs.tasks import run_waiting
from people.lines import system_actor

pytestmark = pytest.mark.django_db
WINTER = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
SUMMER = datetime(2027, 6, 29, 1, 0, tzinfo=UTC)  # two in the morning in London
A_SECOND, AN_HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize("two", [WINTER, SUMMER])
def test_it_is_asked_for_after_two_in_london_and_once_a_night(two, cast):
    assert not nightly.start(two - A_SECOND)
    assert nightly.start(two)
    assert not nightly.start(two + 20 * AN_HOUR)
    assert nightly.start(two + 24 * AN_HOUR)
    assert Job.objects.filter(kind=nightly.JOB).count() == Sweep.objects.count() == 2


@pytest.mark.parametrize("night", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)])
def test_it_is_asked_for_once_in_the_nights_of_the_clock_change(night, cast):
    asked = [nightly.start(night + timedelta(minutes=10 * n)) for n in range(6 * 22)]
    assert asked.count(True) == 1


def test_a_night_that_was_slept_through_is_made_up_for_by_day(cast):
    assert nightly.start(WINTER + 9 * AN_HOUR)


def test_a_worker_does_it_and_its_report_stands(cast, s1):
    audit = make_audit_at("closed", cast, s1)
    Duty.objects.of(audit, "audit.complete").update(closed_at=None, closed_by=None, outcome="")
    assert nightly.start(WINTER)
    assert run_waiting() == 1
    sweep, job = Sweep.objects.get(), Job.objects.get(kind=nightly.JOB)
    assert (sweep.closed, job.state, job.outcome_url) == (1, "done", "/settings/status/")
    assert sweep.finished_at and job.owner == system_actor()


def test_what_takes_longer_than_a_turn_goes_on_in_the_next_job(cast, s1, monkeypatch):
    make_audit_at("shared", cast, s1)
    monkeypatch.setattr(nightly, "A_TURN", -1)
    nightly.start(WINTER)
    jobs = run_waiting()
    assert jobs > 2 and Sweep.objects.get().finished_at
    assert not Job.objects.exclude(state="done").exists()


def test_the_task_asks_at_the_present_moment(cast):
    asked = tasks.start_sweep()
    assert asked == Sweep.objects.exists() == (timezone.localtime().hour >= nightly.FROM_HOUR)


@pytest.mark.django_db(transaction=True)
def test_three_beats_at_the_same_moment_ask_once(cast):
    system_actor()
    assert sorted(at_once(3, lambda: nightly.start(WINTER))) == [False, False, True]
    assert Job.objects.filter(kind=nightly.JOB).count() == 1
