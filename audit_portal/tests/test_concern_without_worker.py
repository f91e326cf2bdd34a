"""A concern while no worker of Celery runs: it is with the manager at once, and climbs when its hour is over (B3)."""

from datetime import timedelta

import pytest
from celery.beat import PersistentScheduler
from django.db.models import F
from django.utils import timezone

from audit_portal.celery import app
from audit_portal.testing.factories import make_audit
from audit_portal.tests.test_faults import all_sent
from audits.models import Concern
from bench.faults.machines import wait_until
from bench.faults.portal import Portal
from bench.faults.product import carried
from bench.faults.sink import Sink
from bench.faults.visitors import Visitor
from calendars.rules import today_in_london
from duties.models import Delivery, Duty, Notice, RungFired

HOUR = timedelta(hours=1)
LEFT = timedelta(seconds=12)  # of the hour, when the worker is started again: it takes less to be there


@pytest.fixture
def portal(transactional_db, tmp_path):
    """The processes, with one worker; nobody starts again what dies."""
    portal = Portal(tmp_path, Sink(), workers=1)
    yield portal
    portal.stop()


def almost_an_hour_passes(portal):
    """Everything that was written is older by that much: the rows, and when beat last woke the worker."""
    passed = HOUR - LEFT
    Concern.objects.update(raised_at=F("raised_at") - passed)
    Duty.objects.update(opened_at=F("opened_at") - passed, due_at=F("due_at") - passed,
                        next_rung_at=F("next_rung_at") - passed)
    Notice.objects.update(created_at=F("created_at") - passed, send_after=F("send_after") - passed)
    kept = PersistentScheduler(app=app, schedule_filename=str(portal.folder / "beat-1-schedule"))
    for entry in kept.schedule.values():
        entry.last_run_at -= passed
    # The tick wakes once a minute: next a little after the hour is over.
    kept.schedule["tick"].last_run_at = timezone.now() - timedelta(minutes=1) + LEFT + timedelta(seconds=3)
    kept.close()


def row_of(staff, page):
    """The link in somebody's inbox that leads to a page."""
    return f"/inbox/{Notice.objects.get(recipient=staff, channel='inbox', url=page).pk}/"


def told(sink, staff):
    """Where the links lead that somebody was sent."""
    return {url for message in sink.messages for to, _, url in carried(message) if to == staff.email}


@pytest.mark.req("B3", "S1-27")
@pytest.mark.django_db(transaction=True)
def test_a_concern_raised_while_no_worker_runs_is_not_lost_and_climbs_when_its_hour_is_over(portal, cast, s1):
    audit = make_audit(cast, s1, at=timezone.now(), month=today_in_london().replace(day=1))
    portal.start(supervised=False)
    wait_until(all_sent, "the mail of the list")
    worker, beat, sink = portal.workers[0], portal.beats[0], portal.sink
    worker.kill()
    grace, farah, colin = (Visitor(portal.port, who) for who in (cast.auditor, cast.team_manager, cast.group_manager))
    assert grace.post(f"/audits/{audit.number}/concerns/new/", text="Not safe tonight.") == 302
    concern = Concern.objects.get()
    page = f"/audits/{audit.number}/concerns/{concern.pk}/"
    assert page in farah.get("/")[1]
    assert row_of(cast.team_manager, page) in farah.get("/inbox/")[1]
    assert page not in told(sink, cast.team_manager)
    assert Notice.objects.pending_email().filter(recipient=cast.team_manager, url=page).exists()
    beat.kill()
    almost_an_hour_passes(portal)
    worker.start()
    beat.start()
    wait_until(lambda: page in told(sink, cast.team_manager), "the e-mail to the manager")
    wait_until(RungFired.objects.exists, "the climb")
    concern.refresh_from_db()
    rung = RungFired.objects.get()
    assert rung.came_at == concern.raised_at + HOUR
    assert rung.fired_at >= rung.came_at
    assert row_of(cast.group_manager, page) in colin.get("/inbox/")[1]
    wait_until(lambda: page in told(sink, cast.group_manager), "the e-mail to the group manager")
    wait_until(all_sent, "the rest of the mail")
    assert not Delivery.objects.filter(state=Delivery.State.DEAD).exists()
    assert all("Not safe" not in str(message) for message in sink.messages)
