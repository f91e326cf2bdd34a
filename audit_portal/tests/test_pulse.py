"""A worker's pulse: it writes down that it lives, and ends itself where it lives and takes nothing."""

import time
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone

from audit_portal import pulse
from audit_portal.pulse import is_deaf
from bench.faults.machines import Machine, wait_until
from bench.faults.portal import Portal
from bench.faults.sink import Sink
from duties.models import Heartbeat

AFTER = 180
DEAF = {"silent_for": 181, "waiting": 3, "waited": 2, "after": AFTER}


def test_a_worker_that_receives_nothing_while_messages_wait_is_deaf():
    assert is_deaf(**DEAF)


@pytest.mark.parametrize(("change", "why"), [
    ({"silent_for": 179}, "it has received a message not long ago"),
    ({"waiting": 0}, "nothing waits: others took it, or beat is dead"),
    ({"waited": 0}, "what waits has only just come"),
    ({"waiting": None}, "Redis does not answer"),
    ({"waited": None}, "Redis answers again since a moment ago"),
    ({"waiting": None, "waited": None}, "Redis is dead"),
])
def test_a_worker_is_not_deaf_while(change, why):
    assert not is_deaf(**{**DEAF, **change}), why


def test_no_task_may_run_so_long_that_a_busy_worker_seems_deaf():
    current_app.loader.import_default_modules()
    longest = [task.time_limit or settings.CELERY_TASK_TIME_LIMIT for task in current_app.tasks.values()]
    assert max(longest) < settings.WORKER_DEAF_SECONDS


@pytest.mark.django_db(transaction=True)
def test_a_pulse_is_one_row_for_each_name_and_old_workers_are_forgotten():
    pulse.beat(["worker:a", "redis"])
    first = Heartbeat.objects.get(name="worker:a").beat_at
    pulse.beat(["worker:a"])
    assert Heartbeat.objects.get(name="worker:a").beat_at > first
    long_ago = timezone.now() - timedelta(days=2)
    Heartbeat.objects.filter(name="redis").update(beat_at=long_ago)
    Heartbeat.objects.create(name="worker:gone", beat_at=long_ago)
    pulse.forget_old_workers()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker:a", "redis"}


@pytest.fixture
def portal(transactional_db, tmp_path):
    """Redis and beat; workers that wait for six seconds before they think themselves deaf."""
    portal = Portal(tmp_path, Sink(), workers=1, WORKER_DEAF_SECONDS="6")
    try:
        portal.start_servers()
        yield portal
    finally:
        portal.stop()


def deaf_worker(portal):
    """A worker that takes one message and no other."""
    hearing = portal.workers[0]
    words = {"audit_portal": "audit_portal.tests.deaf", f"{hearing.name}@%h": "deaf@%h"}
    return Machine("deaf", [words.get(word, word) for word in hearing.command], portal.env, portal.folder)


def row(name):
    """The sign of life of that name."""
    return Heartbeat.objects.filter(name__startswith=name).first()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_goes_deaf_ends_by_itself_and_a_hearing_one_does_not(portal):
    deaf, hearing = deaf_worker(portal), portal.workers[0]
    deaf.start()
    wait_until(lambda: row("worker:deaf@") and row("redis"), "the pulse of the deaf worker")
    portal.beats[0].start()
    try:
        seconds = wait_until(lambda: deaf.process.poll() is not None, "the end of the deaf worker", 60)
        said = portal.log("deaf")
        print(f"The deaf worker ended after {seconds:.1f} s with {deaf.process.returncode}")
        assert "lives and takes nothing although messages wait" in said
    finally:
        deaf.kill()
    hearing.start()
    wait_until(lambda: row(f"worker:{hearing.name}@"), "the pulse of the hearing worker")
    wait_until(lambda: "received" in portal.log(hearing.name), "work that is taken")
    time.sleep(8)
    assert hearing.process.poll() is None, portal.log(hearing.name)


@pytest.mark.django_db(transaction=True)
def test_a_worker_without_redis_or_without_beat_does_not_end(portal):
    worker = portal.workers[0]
    worker.start()
    wait_until(lambda: row(f"worker:{worker.name}@") and row("redis"), "the first pulse")
    time.sleep(8)
    assert worker.process.poll() is None, "nothing waits, because nobody wakes it"
    portal.valkey.kill()
    gone = timezone.now()
    wait_until(lambda: row(f"worker:{worker.name}@").beat_at > gone + timedelta(seconds=8), "pulses without Redis")
    assert row("redis").beat_at <= gone
    assert worker.process.poll() is None, portal.log(worker.name)
