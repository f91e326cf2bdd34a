"""The web server is killed again and again while several pages save: what was acknowledged is there (T-R9)."""

import time
from dataclasses import dataclass, field
from threading import Event, Thread
from uuid import uuid4

import pytest

from audit_portal.testing.factories import load_s1, make_audit_at, make_cast
from audits.models import AnswerRevision, KeptText
from bench.faults.machines import wait_until
from bench.faults.portal import Portal
from bench.faults.sink import Sink
from bench.faults.visitors import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 4
DOMAINS = ("relationships", "safety", "assessment")


@pytest.fixture
def portal(transactional_db, tmp_path):
    """The web server of production alone; nobody starts it again but the test."""
    portal = Portal(tmp_path, Sink(), workers=0, beats=0)
    try:
        portal.web.start()
        wait_until(portal.answers, "the web server", 60)
        yield portal
    finally:
        portal.stop()


@dataclass
class Writer:
    """One page: types a word, sends it, and sends again with the next word where nobody answered."""

    visitor: Visitor
    audit: object
    slug: str
    ended: Event
    sitting: str = field(default_factory=lambda: str(uuid4()))
    version: str = "0"
    acknowledged: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def write(self):
        number = 0
        while not self.ended.is_set():
            number += 1
            text = f"{self.slug} word {number}"
            answer = self.visitor.try_to_send(
                f"/audits/{self.audit.number}/answers/", f"/audits/{self.audit.number}/domains/{self.slug}/",
                field="evidence", domain=self.slug, value=text, version=self.version, sitting=self.sitting,
                sequence=str(number),
            )
            self.statuses.append(answer.status)
            if answer.status == 200:
                self.acknowledged.append(text)
            time.sleep(0.01 if answer.status else 0.1)


@pytest.mark.req("T-R9")
def test_killing_the_web_server_loses_nothing_that_was_acknowledged(portal):
    version = load_s1()
    audit, ended = make_audit_at("in_progress", make_cast(), version), Event()
    writers = [Writer(Visitor(portal.port, audit.auditor), audit, slug, ended) for slug in DOMAINS]
    threads = [Thread(target=writer.write) for writer in writers]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        enough = [len(writer.acknowledged) + 5 for writer in writers]
        wait_until(lambda enough=enough: all(len(w.acknowledged) >= n for w, n in zip(writers, enough, strict=True)),
                   "savings")
        portal.web.kill()
        portal.web.start()
        wait_until(portal.answers, "the web server", 60)
    ended.set()
    for thread in threads:
        thread.join(60)
    kept = {*AnswerRevision.objects.values_list("value", flat=True), *KeptText.objects.values_list("value", flat=True)}
    for writer in writers:
        assert set(writer.acknowledged) <= kept and len(writer.acknowledged) >= 5 * KILLS
        assert set(writer.statuses) <= {0, 200}, "a text of one's own was taken for a conflict"
    assert any(0 in writer.statuses for writer in writers), "no saving met a killed server"
