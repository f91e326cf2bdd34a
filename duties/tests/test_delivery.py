"""From notice to e-mail: packed, leased, sent at least once, a repeat only with the same Message-ID."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected

import pytest
from django.conf import settings
from django.core.mail import EmailMessage

from audit_portal.testing.factories import START, make_audit, make_audit_at
from duties import delivery, workflow
from duties.models import Delivery, Notice
from duties.notices import notify
from duties.tests.together import at_once
from people.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
MARKER = "3071846"  # the case's reference
TEXTS = ("Case note of 14 October", "Give each step of the plan", "The direct work", "Say how action 1")


@pytest.fixture
def audit(cast, s1):
    """An audit that has just been allocated; its own notices are out of the way."""
    audit = make_audit(cast, s1, reference=MARKER)
    Notice.objects.filter(channel="email").update(state="cancelled")
    return audit


def tell(audit, *people, key="event", title="Something happened"):
    """A notice about the audit to each of these people."""
    notify(key, people, subject=audit, title=title, url=f"/audits/{audit.number}/", at=START, meta=audit.number)


@pytest.fixture
def waiting(audit, cast):
    """One e-mail, packed and waiting."""
    tell(audit, cast.worker)
    delivery.pack(NOW)
    return Delivery.objects.get()


def fail(monkeypatch, error):
    """Every attempt to send fails."""

    def send(message, fail_silently=False):
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)


def test_everything_for_one_person_goes_into_one_mail(audit, cast, mailoutbox):
    for number in range(3):
        tell(audit, cast.worker, key=f"event {number}", title=f"News {number}")
    tell(audit, cast.team_manager)
    assert delivery.drain(NOW) == 2
    mail = next(mail for mail in mailoutbox if mail.to == [cast.worker.email])
    assert mail.subject == "Audit Portal: News 0, and 2 more"
    assert mail.body.count(f"http://localhost:8000/audits/{audit.number}/") == 3


def test_the_message_id_is_the_number_of_the_delivery(waiting, mailoutbox):
    delivery.drain(NOW)
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<{waiting.pk}@audit-portal>"
    assert mailoutbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_what_was_sent_is_not_sent_again(waiting, mailoutbox):
    assert [delivery.drain(NOW), delivery.drain(NOW + timedelta(days=2))] == [1, 0]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sent_at, len(mailoutbox)) == ("sent", NOW, 1)


def test_the_same_event_is_told_once_however_often_it_is_repeated(audit, cast):
    tell(audit, cast.worker)
    tell(audit, cast.worker)
    assert Notice.objects.pending_email().count() == 1


def test_what_is_no_longer_true_is_not_sent(audit, cast, mailoutbox):
    workflow.open_duty("audit.dispute", audit, role=Role.QA_LEAD, due_at=NOW, at=START)
    workflow.close_duty("audit.dispute", audit, by=cast.pq_lead, at=START)
    assert delivery.drain(NOW) == 0


def test_who_may_not_know_any_more_when_it_is_packed_is_replaced_by_quality(audit, cast, mailoutbox):
    tell(audit, cast.worker)
    audit.participations.filter(staff=cast.worker).update(until_at=START + timedelta(seconds=1))
    delivery.drain(NOW)
    assert [mail.to for mail in mailoutbox] == [[cast.pq_lead.email]]


def test_who_left_is_replaced_by_quality(audit, cast, mailoutbox):
    tell(audit, cast.worker)
    type(cast.worker).objects.filter(pk=cast.worker.pk).update(is_active=False, left_on=NOW.date())
    delivery.drain(NOW)
    assert [mail.to for mail in mailoutbox] == [[cast.pq_lead.email]]


def test_a_lease_keeps_others_away_until_it_ends(waiting):
    first = delivery.claim(NOW)
    assert (first, first.attempts) == (waiting, 1)
    assert delivery.claim(NOW + delivery.LEASE) is None
    again = delivery.claim(NOW + delivery.LEASE + timedelta(seconds=1))
    assert (again.pk, again.attempts) == (waiting.pk, 2)


def test_a_sender_who_dies_after_sending_repeats_with_the_same_message_id(waiting, mailoutbox, monkeypatch):
    claimed = delivery.claim(NOW)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(Delivery, "save", _power_cut)
        delivery.send(claimed, NOW)
    assert delivery.drain(NOW + delivery.LEASE + timedelta(seconds=1)) == 1
    assert len(mailoutbox) == 2
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 1


def _power_cut(*args, **kwargs):
    raise RuntimeError("the power went")


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), ConnectionRefusedError(), ValueError("bad address")])
def test_a_failure_waits_and_is_tried_again(error, waiting, monkeypatch, mailoutbox):
    with monkeypatch.context() as patch:
        fail(patch, error)
        assert delivery.drain(NOW) == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error) == ("pending", type(error).__name__)
    assert delivery.drain(NOW + timedelta(seconds=29)) == 0
    assert delivery.drain(NOW + timedelta(seconds=30)) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error, len(mailoutbox)) == ("sent", "", 1)


def test_each_failure_waits_twice_as_long(waiting, monkeypatch):
    fail(monkeypatch, SMTPServerDisconnected("gone"))
    moment, pauses = NOW, []
    for _ in range(4):
        delivery.drain(moment)
        waiting.refresh_from_db()
        pauses.append((waiting.next_attempt_at - moment).total_seconds())
        moment = waiting.next_attempt_at
    assert pauses == [30, 60, 120, 240]


def test_after_a_day_of_failures_a_mail_is_dead_and_stays_on_record(waiting, monkeypatch, mailoutbox):
    fail(monkeypatch, SMTPServerDisconnected("gone"))
    delivery.drain(NOW + delivery.GIVE_UP_AFTER)
    waiting.refresh_from_db()
    assert waiting.state == "pending"
    delivery.drain(NOW + delivery.GIVE_UP_AFTER + timedelta(minutes=1))
    waiting.refresh_from_db()
    assert waiting.state == "dead"
    monkeypatch.undo()
    assert delivery.drain(NOW + timedelta(days=9)) == 0


def test_one_mail_that_cannot_be_sent_does_not_hold_up_the_others(waiting, audit, cast, monkeypatch, mailoutbox):
    tell(audit, cast.team_manager)
    real = EmailMessage.send

    def send(message, fail_silently=False):
        if message.to == [cast.worker.email]:
            raise ValueError("bad address")
        return real(message, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", send)
    assert delivery.drain(NOW) == 1
    assert [mail.to for mail in mailoutbox] == [[cast.team_manager.email]]


def test_many_notices_are_packed_in_several_goes(audit, cast, monkeypatch, mailoutbox):
    monkeypatch.setattr(delivery, "BATCH", 2)
    for number in range(5):
        tell(audit, cast.worker, key=f"event {number}")
    assert delivery.drain(NOW) == 3
    assert not Notice.objects.pending_email().exists()


def test_no_mail_of_a_whole_audit_holds_a_word_about_the_child(cast, s1, mailoutbox):
    """Every notice that the way to closing writes, and a concern: number and link, never reference or text."""
    make_audit_at("closed", cast, s1)
    concern = make_concern(cast)
    written = Notice.objects.filter(channel="email")
    written.update(state="pending")  # also what was closed before it could be sent
    delivery.drain(NOW)
    assert sum(mail.body.count("http") for mail in mailoutbox) == written.count() >= 12
    said = "\n".join(f"{mail.subject}\n{mail.body}" for mail in mailoutbox)
    assert concern.audit.number in said
    forbidden = (concern.audit.case_file.reference, concern.text, "protection", *TEXTS)
    assert not [word for word in forbidden if word in said]


def make_concern(cast):
    """A concern in the audit there is, with its duty."""
    from duties.registry import kind

    audit = kind("audit.complete").model.objects.get()
    concern = audit.concerns.create(text="The child is not safe tonight", raised_at=START, raised_by=cast.auditor)
    workflow.open_duty(
        "concern.acknowledge", concern, owner=cast.team_manager, role=Role.GROUP_MANAGER, unit=audit.team,
        due_at=NOW, at=START, audit_number=audit.number,
    )  # fmt: skip
    return concern


def test_no_template_of_an_email_knows_more_than_title_number_and_link():
    allowed = {"notice.title", "notice.meta", "notice.url", "portal", "council", "person.name"}
    for path in Path(settings.BASE_DIR, "templates", "emails").iterdir():
        used = set(re.findall(r"\{\{ *([\w.]+)", path.read_text(encoding="utf-8")))
        assert used <= allowed, path.name


@pytest.mark.django_db(transaction=True)
def test_three_drains_at_once_send_each_mail_once(audit, cast, mailoutbox):
    people = [person for person in cast.everyone().values() if person.is_active]
    tell(audit, *people)
    told = Notice.objects.pending_email().count()
    assert sum(at_once(3, lambda: delivery.drain(NOW))) == len(mailoutbox)
    assert Notice.objects.filter(state="packed").count() == told
    assert {row.state for row in Delivery.objects.all()} == {"sent"}
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == len(mailoutbox)
