"""Faults during the month: a killed worker, a Redis that is stopped, killed and wiped.

No page fails or waits for it; every notice is delivered at least once, and a repeat has the same Message-ID.
"""

import signal
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from allocations import workflow as rounds
from allocations.models import Round
from audit_portal.testing.exports import liquidlogic
from audit_portal.testing.factories import make_auditor, make_case, make_email, make_staff, make_unit
from audits.models import Audit
from bench.faults.machines import wait_until
from bench.faults.portal import Portal
from bench.faults.product import carried, message_id_of
from bench.faults.sink import Sink
from bench.faults.visitors import Visitor
from calendars.rules import today_in_london
from casefiles import workflow as casefiles
from casefiles.models import Import, Upload
from duties.models import Delivery, Heartbeat, Notice
from duties.tasks import heartbeat
from jobs.models import Job
from people.roles import Role

SLOWEST = 2  # seconds; a page that waited for Redis would take its connection's time-out, 5 s and more
LONG_LIST = 6_000  # rows, more than a page reads by itself
FROZEN = 12  # seconds; longer than the time-out of the worker's own connection, 10 s
MEASURED = "{:<34} {:>3} pages, median {:.3f} s, slowest {:.3f} s"


@pytest.fixture
def month(cast, s1):
    """This month's round, drawn and looked at: twelve cases of twelve workers, to be published."""
    now = timezone.now()
    auditing = make_unit("Auditing", "team", cast.quality)
    for number in range(12):
        make_auditor(f"Auditor {number}", auditing)
        make_case(f"30{number:05}", cast.team, make_staff(f"Worker {number}", cast.team, roles=(Role.WORKER,)))
    round = rounds.plan_round(version=s1, month=today_in_london().replace(day=1), by=cast.pq_lead, at=now)
    rounds.freeze_frame(round=round, by=cast.pq_lead, at=now)
    rounds.draw_round(round=round, by=cast.pq_lead, at=now)
    return rounds.review(round=round, by=cast.pq_lead, at=now)


def pages_of(round):
    """The pages that the lead looks at all day, a list and the health page among them."""
    number = Audit.objects.filter(allocation__round=round).values_list("number", flat=True).first()
    audit = [f"/audits/{number}/", f"/audits/{number}/timeline/"] if number else []
    return ["/", "/inbox/", "/audits/", "/rounds/", f"/rounds/{round.slug}/", "/cases/", "/healthz/",
            "/settings/status/", *audit]


@pytest.fixture
def portal(transactional_db, month, tmp_path):
    """The processes, running; nobody starts again what dies. Killed when the test ends."""
    portal = Portal(tmp_path, Sink(), workers=1)
    try:
        portal.start(supervised=False)
        yield portal
    finally:
        portal.stop()


def use(visitor, round, during, seconds=0):
    """Open every page, again and again for so many seconds; none fails and none is slow."""
    before, until, rest = len(visitor.times), time.monotonic() + seconds, 0.2 if seconds else 0
    while len(visitor.times) == before or time.monotonic() < until:
        for path in pages_of(round):
            status, _ = visitor.get(path)
            assert status in {200, 302}, f"{path}: {status} {during}"
            time.sleep(rest)
    times = sorted(visitor.times[before:])
    print(MEASURED.format(during, len(times), times[len(times) // 2], times[-1]))
    assert times[-1] < SLOWEST, f"a page took {times[-1]:.1f} s {during}"


def all_sent():
    """Whether nothing waits: no notice to be packed, no e-mail that is not sent."""
    waiting = Notice.objects.pending_email().exists()
    return not waiting and not Delivery.objects.exclude(state=Delivery.State.SENT).exists()


def undelivered(sink):
    """Every notice of the ledger that no message in the sink tells its recipient of."""
    messages = sink.by_id()
    missing = []
    for notice in Notice.objects.filter(channel="email").exclude(state="cancelled").select_related("delivery"):
        message = messages.get(message_id_of(notice.delivery_id))
        told = message and (notice.delivery.address, notice.url) in {(to, url) for to, _, url in carried(message)}
        missing += [] if told else [f"{notice.event_key} to {notice.recipient}"]
    return missing


def lease_ends():
    """Two minutes pass, as far as leases are concerned."""
    return Delivery.objects.filter(state="leased").update(leased_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_no_page_waits_when_worker_and_redis_fail(portal, month, cast):
    lead, sink, worker = Visitor(portal.port, cast.pq_lead), portal.sink, portal.workers[0]
    use(lead, month, "while all is well")
    sink.then[4] = worker.kill  # it has the message, and the worker never hears so
    assert lead.post(f"/rounds/{month.slug}/publish/") == 302
    wait_until(lambda: worker.process.poll() is not None, "the worker's death")
    assert len(sink.messages) == 4, portal.log(worker.name)
    assert lease_ends() >= 1
    use(lead, month, "with the worker killed")
    worker.start()
    seconds = wait_until(all_sent, "the mail of the list")
    print(f"A new worker sent the rest in {seconds:.1f} s; repeats so far: {sink.repeats()}")
    assert undelivered(sink) == []
    job = stop_kill_and_wipe(portal, lead, month, cast)
    assert wait_until(lambda: Job.objects.get(pk=job.pk).is_finished, "the reading of the list") >= 0
    assert Import.objects.get().counts["new"] == LONG_LIST and not Upload.objects.exists()
    seconds = wait_until(all_sent, "the mail of the outage")
    print(f"After Redis came back empty it took {seconds:.1f} s; {len(sink.messages)} messages in all")
    assert undelivered(sink) == []
    assert worker.process.poll() is None, "the worker found its way back by itself"
    assert sink.repeats() >= 1
    assert sink.differing() == []
    assert {message["Message-ID"] for message in sink.messages} == {
        message_id_of(pk) for pk in Delivery.objects.values_list("pk", flat=True)
    }


def stop_kill_and_wipe(portal, lead, month, cast):
    """Redis is frozen, then killed, then back with nothing in it; all the while pages are used and things happen.

    Gives the job of a long list that was brought meanwhile.
    """
    portal.valkey.send(signal.SIGSTOP)
    use(lead, month, "with Redis stopped", seconds=FROZEN)
    raise_concern(lead, 0)
    portal.valkey.kill()
    use(lead, month, "with Redis killed")
    raise_concern(lead, 1)
    assert Notice.objects.pending_email().exists()
    asked = casefiles.take_in(kind="case_files", file_name="lcs.csv", content=liquidlogic(LONG_LIST), by=cast.pq_lead,
                              at=timezone.now())
    assert lead.get(f"/jobs/{asked.job.pk}/")[0] == 200
    portal.start_redis()
    use(lead, month, "with Redis back and empty")
    return asked.job


def raise_concern(lead, which):
    """Something that others must be told of, through the page."""
    number = Audit.objects.order_by("number").values_list("number", flat=True)[which]
    assert lead.post(f"/audits/{number}/concerns/new/", text="The child may not be safe tonight.") == 302


@pytest.mark.django_db
def test_no_page_ever_opens_a_connection_to_redis(month, cast, monkeypatch):
    """Whatever a page does, reading or publishing: the connections of both clients are traps here."""
    opened = []
    for client in ("redis.connection.AbstractConnection.connect", "kombu.Connection.connect"):
        monkeypatch.setattr(client, lambda connection, *args, **kwargs: opened.append(connection))
    browser = Client()
    browser.force_login(cast.pq_lead, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert browser.post(f"/rounds/{month.slug}/publish/").status_code == 302
    assert Round.objects.get().status == Round.Status.PUBLISHED
    for path in pages_of(month):
        assert browser.get(path).status_code in {200, 302}
    assert opened == []


@pytest.mark.django_db
def test_a_silent_worker_is_seen_on_the_health_page_and_stops_no_page(client, cast, django_assert_max_num_queries):
    """Whoever watches the installation reads this page; such a worker ends itself (audit_portal.pulse)."""
    assert client.get("/healthz/").json()["worker"] == "silent"
    heartbeat()
    assert client.get("/healthz/").json()["worker"] == "ok"
    long_ago = timezone.now() - timedelta(minutes=4)
    Heartbeat.objects.update(beat_at=long_ago)
    Heartbeat.objects.create(name="tick", beat_at=long_ago)
    for name in ("redis", "worker:celery@one", "worker:celery@two"):
        Heartbeat.objects.create(name=name, beat_at=timezone.now())
    make_email(cast.worker, Delivery.State.DEAD)
    make_email(cast.worker, Delivery.State.PENDING, long_ago)
    with django_assert_max_num_queries(4):
        answer = client.get("/healthz/")
    assert answer.status_code == 200
    said = answer.json()
    assert said.pop("oldest_unsent_email_seconds") in range(240, 300)
    assert said == {
        "database": "ok", "redis": "ok", "worker": "silent", "tick": "silent", "silent": ["worker", "tick"],
        "workers": 2, "last_tick": f"{long_ago:%Y-%m-%dT%H:%M:%S}.{long_ago.microsecond // 1000:03}Z",
        "dead_emails": 1,
    }  # fmt: skip
