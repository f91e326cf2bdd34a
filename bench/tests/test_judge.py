"""The judge of the fault harness: what it calls lost, told twice and repeated."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from bench.faults.judge import judge
from bench.faults.ledger import Ledger
from bench.faults.product import Told, carried, message_id_of
from bench.faults.progress import Progress
from bench.faults.sink import Sink
from duties.delivery import drain
from duties.models import Delivery
from duties.notices import notify
from people.models import Auditor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
URL = "/people/7/"


@pytest.fixture
def sink(tmp_path):
    """A mail server that is not started: what comes is put into it."""
    return Sink(file=tmp_path / "mail.jsonl")


@pytest.fixture
def ledger(tmp_path, cast):
    """One request that was answered as done: the lead must have it in the inbox and by e-mail."""
    ledger = Ledger(tmp_path / "ledger.jsonl")
    must = [{"channel": channel, "to": cast.pq_lead.email, "url": URL} for channel in ("email", "inbox")]
    ledger.write(who="somebody", asked="POST /", answer=302, seconds=0.1, must=must)
    return ledger


def told(cast, title="An audit was shared", key="one"):
    """The portal tells the lead, and the e-mail goes out."""
    tell(cast, key, title, URL)
    drain(NOW)
    return mail.outbox[-1]


def tell(cast, key, title, url):
    """A notice of an auditor, of whom the lead may know."""
    notify(key, [cast.pq_lead], event="duty.nudge", subject=Auditor.objects.get(staff=cast.auditor), title=title,
           url=url, at=NOW, meta="A-2026-11-0001")


def bytes_of(message):
    """An e-mail as the mail server is given it."""
    return message.message().as_bytes(linesep="\r\n")


def test_what_arrived_is_not_lost(cast, ledger, sink):
    sink.keep(bytes_of(told(cast)))
    verdict = judge(ledger, sink)
    assert (verdict.lost, verdict.different, verdict.repeats, verdict.acknowledged) == ([], [], 0, 1)


def test_an_e_mail_that_never_came_is_lost_by_the_ledger_and_by_the_database(cast, ledger, sink):
    told(cast)
    verdict = judge(ledger, sink)
    assert (len(verdict.unmet), len(verdict.unsent)) == (1, 1)


def test_what_the_portal_never_wrote_down_is_lost_all_the_same(ledger, sink):
    assert len(judge(ledger, sink).unmet) == 2


def test_the_same_message_again_is_a_repeat_and_no_harm(cast, ledger, sink):
    message = bytes_of(told(cast))
    sink.keep(message)
    sink.keep(message)
    verdict = judge(ledger, sink)
    assert (verdict.lost, verdict.different, verdict.repeats) == ([], [], 1)


def test_the_same_said_in_two_e_mails_is_told_twice(cast, ledger, sink):
    message = told(cast)
    other = EmailMessage(message.subject, message.body, to=message.to, headers={"Message-ID": "<other@audit-portal>"})
    sink.keep(bytes_of(message))
    sink.keep(bytes_of(other))
    twice, unknown = judge(ledger, sink).different
    assert twice == f"2 e-mails to {cast.pq_lead.email} about {URL}"
    assert unknown == "an e-mail that nobody wrote down: <other@audit-portal>"


def test_one_message_id_with_two_contents_is_told_twice(cast, ledger, sink):
    message = told(cast)
    name = message_id_of(Delivery.objects.get().pk)
    sink.keep(bytes_of(message))
    sink.keep(bytes_of(EmailMessage(message.subject, "Something else", to=message.to, headers={"Message-ID": name})))
    assert judge(ledger, sink).different[0] == f"two contents of {name}"


def test_an_e_mail_carries_each_of_its_notices(cast, sink):
    tell(cast, "two", "Another thing (again)", "/inbox/")
    sink.keep(bytes_of(told(cast)))
    pieces = {piece.url: piece for piece in carried(sink.messages[0])}
    one = Told(cast.pq_lead.email, "An audit was shared", URL)
    other = Told(cast.pq_lead.email, "Another thing (again)", "/inbox/")
    assert (pieces[URL].tells(one), pieces[URL].tells(other)) == (True, False)
    assert (pieces["/inbox/"].tells(one), pieces["/inbox/"].tells(other)) == (False, True)
    assert not pieces[URL].tells(one._replace(to="somebody.else@northbrook.example"))


def test_ledger_and_mail_are_read_again_by_a_run_that_goes_on(cast, ledger, sink):
    sink.keep(bytes_of(told(cast)))
    again, kept = Ledger(ledger.file), Sink(file=sink._file)
    assert again.lines == ledger.lines
    assert [each["Message-ID"] for each in kept.messages] == [each["Message-ID"] for each in sink.messages]
    assert judge(again, kept).lost == []


def test_half_a_line_that_a_killed_run_left_is_cut_off(ledger):
    with open(ledger.file, "a") as file:
        file.write('{"who": "someb')
    again = Ledger(ledger.file)
    again.write(who="other", asked="POST /", answer=0, seconds=1, must=[])
    assert [line["who"] for line in Ledger(ledger.file).lines] == ["somebody", "other"]
    assert len(again.failed()) == 1


def test_a_run_that_goes_on_knows_its_seed_and_what_is_done(tmp_path):
    progress = Progress(tmp_path / "state.json", seed=7, short=True)
    progress.note("kills", kills=12)
    progress.finish("redis", [{"name": "lost", "value": 0}])
    again = Progress.read(tmp_path / "state.json")
    assert (again.seed, again.part("kills")["notes"], again.part("kills")["rows"]) == (7, {"kills": 12}, None)
    assert again.part("redis")["rows"] == [{"name": "lost", "value": 0}]
