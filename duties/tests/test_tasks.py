"""The tasks that beat wakes: they do their work at the present moment and leave a sign of life."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit_portal.testing.factories import make_audit
from duties import tasks
from duties.models import Duty, Heartbeat

pytestmark = pytest.mark.django_db


def test_drain_sends_what_waits(cast, s1, mailoutbox):
    make_audit(cast, s1, at=timezone.now())
    assert tasks.drain() == len(mailoutbox) > 0
    assert tasks.drain() == 0


def test_tick_fires_what_has_come_and_says_that_it_ran(cast, s1):
    make_audit(cast, s1)
    long_ago = timezone.now() - timedelta(days=60)
    ringing = Duty.objects.open().exclude(ladder=None)
    ringing.update(due_at=long_ago, next_rung_at=long_ago)
    assert tasks.tick() == ringing.count() > 0
    assert Heartbeat.objects.get(name="tick").beat_at <= timezone.now()


def test_the_heartbeat_is_one_row_however_often_it_beats():
    tasks.heartbeat()
    first = Heartbeat.objects.get(name="worker").beat_at
    tasks.heartbeat()
    assert Heartbeat.objects.get(name="worker").beat_at > first
