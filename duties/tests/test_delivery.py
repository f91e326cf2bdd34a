"""From notice to e-mail: packed, leased, sent at least once, a repeat only with the same Message-ID."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPDataError, SMTPServerDisconnected

import pytest
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection

from audit_portal.testing.factories import START, make_audit, make_audit_at
from duties import delivery, workflow
from duties.emails import compose
from duties.failed_emails import send_again
from duties.locks import PACKING
from duties.models import Delivery, Notice
from duties.notices import notify
from duties.registry import events
from duties.tests.together import at_once
from duties.tick import tick
from people.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
END_OF_NOVEMBER = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
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
    notify(key, people, event="audit.joined", subject=audit, title=title, url=f"/audits/{audit.number}/", at=START,
           meta=audit.number)


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
        patch.setattr(delivery, "_settle", _power_cut)
        delivery.send(claimed, NOW, get_connection())
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


def test_all_that_waits_for_a_person_goes_into_one_mail_however_many_people_wait(audit, cast, monkeypatch, mailoutbox):
    monkeypatch.setattr(delivery, "PEOPLE", 2)
    people = (cast.worker, cast.team_manager, cast.iro, cast.group_manager, cast.head_of_service)
    for number in range(7):
        tell(audit, *people, key=f"event {number}")
    assert delivery.drain(NOW) == 5
    assert {mail.body.count(f"/audits/{audit.number}/") for mail in mailoutbox} == {7}
    assert not Notice.objects.pending_email().exists()


def test_a_few_at_a_time_leaves_the_rest_for_the_next(audit, cast, mailoutbox):
    tell(audit, cast.worker, cast.team_manager, cast.iro)
    assert [delivery.drain(NOW, 2), delivery.drain(NOW, 2)] == [2, 1]


def test_nothing_is_packed_while_a_tick_runs(audit, cast):
    tell(audit, cast.worker)
    with closing(connection.copy()) as other, other.cursor() as ticking:
        ticking.execute("SELECT pg_advisory_lock_shared(%s)", [PACKING])
        assert delivery.pack(NOW) == 0
        ticking.execute("SELECT pg_advisory_unlock_shared(%s)", [PACKING])
    assert delivery.pack(NOW) == 1


def make_dispute(audit):
    """A duty that is told to the P&Q lead, packed and waiting; the e-mail."""
    workflow.open_duty("audit.dispute", audit, role=Role.QA_LEAD, due_at=NOW, at=START)
    delivery.pack(NOW)
    return Delivery.objects.get()


def test_what_is_no_longer_true_when_it_would_be_sent_is_cancelled(audit, cast, mailoutbox):
    mail = make_dispute(audit)
    workflow.close_duty("audit.dispute", audit, by=cast.pq_lead, at=START)
    assert delivery.drain(NOW) == 0
    mail.refresh_from_db()
    assert (mail.state, mailoutbox) == ("cancelled", [])
    assert Notice.objects.get(channel="email", duty__kind="audit.dispute").state == "cancelled"


def test_only_what_is_still_true_is_sent(audit, cast, mailoutbox):
    workflow.open_duty("audit.dispute", audit, role=Role.QA_LEAD, due_at=NOW, at=START)
    tell(audit, cast.pq_lead, title="Still true")
    delivery.pack(NOW)
    workflow.close_duty("audit.dispute", audit, by=cast.pq_lead, at=START)
    assert delivery.drain(NOW) == 1
    assert mailoutbox[0].subject == "Audit Portal: Still true"


def test_who_may_not_know_any_more_when_it_would_be_sent_is_replaced_by_quality(waiting, audit, cast, mailoutbox):
    audit.participations.filter(staff=cast.worker).update(until_at=START + timedelta(seconds=1))
    delivery.drain(NOW)
    delivery.drain(NOW)
    assert [mail.to for mail in mailoutbox] == [[cast.pq_lead.email]]
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_a_mail_that_may_be_out_goes_again_word_for_word_though_it_is_no_longer_true(audit, cast, mailoutbox):
    mail = make_dispute(audit)
    delivery.claim(NOW)  # and its sender is never heard of again
    workflow.close_duty("audit.dispute", audit, by=cast.pq_lead, at=START)
    assert delivery.drain(NOW + delivery.LEASE + timedelta(seconds=1)) == 1
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<{mail.pk}@audit-portal>"


def test_a_mail_that_may_be_out_is_not_repeated_to_who_may_not_know_any_more(waiting, audit, cast, mailoutbox):
    delivery.claim(NOW)
    audit.participations.filter(staff=cast.worker).update(until_at=START + timedelta(seconds=1))
    later = NOW + delivery.LEASE + timedelta(seconds=1)
    delivery.drain(later)
    delivery.drain(later)
    assert [mail.to for mail in mailoutbox] == [[cast.pq_lead.email]]


@pytest.mark.parametrize(("error", "may_be_out"), [(SMTPServerDisconnected("gone"), True),
                                                   (SMTPDataError(451, b"later"), False)])
def test_what_the_mail_server_refused_is_written_anew_and_what_it_may_have_is_not(
    error, may_be_out, audit, cast, monkeypatch, mailoutbox
):
    mail = make_dispute(audit)
    with monkeypatch.context() as patch:
        fail(patch, error)
        delivery.drain(NOW)
    mail.refresh_from_db()
    assert mail.may_be_out is may_be_out
    workflow.close_duty("audit.dispute", audit, by=cast.pq_lead, at=START)
    assert delivery.drain(NOW + timedelta(minutes=1)) == may_be_out


def test_an_attempt_that_ends_after_another_began_writes_nothing_down(waiting, mailoutbox):
    slow = delivery.claim(NOW)
    later = NOW + delivery.LEASE + timedelta(seconds=1)
    delivery.claim(later)
    delivery.send(slow, NOW, get_connection())
    waiting.refresh_from_db()
    assert (waiting.state, waiting.leased_until) == ("leased", later + delivery.LEASE)


def test_an_immediate_concern_has_an_email_of_its_own(audit, cast, mailoutbox):
    tell(audit, cast.team_manager, title="Not urgent")
    make_concern(cast)
    delivery.drain(NOW)
    said = sorted(mail.subject for mail in mailoutbox if mail.to == [cast.team_manager.email])
    assert said == ["Audit Portal: Answer an immediate concern", "Audit Portal: Not urgent"]


def test_every_event_has_an_email_of_its_own_in_plain_text_and_html():
    folder = Path(settings.BASE_DIR, "templates", "emails")
    named = {path.name for path in folder.iterdir()}
    assert named == {f"{name}.{kind}" for name in (*events(), "many", "_one", "_base") for kind in ("txt", "html")}


MARKERS = ("3071846", "Not safe tonight", "Marker Child")


@pytest.mark.parametrize("event", [*sorted(events()), "many"])
def test_no_email_says_more_than_title_number_and_link(event, audit, cast):
    """Everything that a template could reach is marked; only title, number and link come through."""
    audit.concerns.create(text=MARKERS[1], raised_at=START, raised_by=cast.auditor)
    audit.case_file.initials, audit.case_file.birth_year = "MC", 2014
    row = Notice(event=event, title="Title", meta=audit.number, url="/x/", recipient=cast.worker, duty=None)
    _, text, html = compose(cast.worker, [row] * (2 if event == "many" else 1))
    for words in (text, html):
        assert audit.number in words and "/x/" in words and "Title" in words
        assert not [marker for marker in MARKERS if marker in words]
        assert "no information about any child" in words


def test_the_html_of_an_email_takes_a_title_for_words_and_not_for_tags(cast):
    row = Notice(event="audit.joined", title="<script>alert(1)</script>", url="/x/")
    _, text, html = compose(cast.worker, [row])
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert "<script>alert(1)</script>" in text


def test_no_mail_of_a_whole_audit_holds_a_word_about_the_child(cast, s1, mailoutbox):
    """Every notice that the way to closing writes, and a concern: number and link, never reference or text."""
    make_audit_at("closed", cast, s1)
    concern = make_concern(cast)
    written = Notice.objects.filter(channel="email")
    written.update(state="pending", duty=None)  # also what was over before it could be sent
    delivery.drain(NOW + timedelta(days=30))
    assert sum(mail.body.count("http") - 1 for mail in mailoutbox) == written.count() >= 12
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
    allowed = {"notice.title", "notice.meta", "notice.url", "notices", "portal", "council", "person.name"}
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


def test_of_a_duty_only_the_newest_is_sent_after_the_mail_server_was_away(audit, cast, mailoutbox):
    """Reminder, due, overdue: the person hears once how it stands."""
    due = END_OF_NOVEMBER
    workflow.open_duty("audit.dispute", audit, role=Role.QA_LEAD, due_at=due, at=START, tell=False)
    moments = [due - timedelta(days=4), due - timedelta(hours=10), due + timedelta(days=1)]
    for moment in moments:
        tick(moment)
        delivery.pack(moment)
    assert Notice.objects.filter(channel="email", duty__kind="audit.dispute", recipient=cast.pq_lead).count() == 3
    delivery.drain(moments[-1])
    said = "".join(mail.subject + mail.body for mail in mailoutbox if mail.to == [cast.pq_lead.email])
    assert "Overdue: arrange moderation" in said
    assert "Reminder: arrange moderation" not in said and "Due today: arrange moderation" not in said


def test_what_is_sent_again_is_tried_for_another_day(waiting, cast, monkeypatch):
    fail(monkeypatch, SMTPServerDisconnected("gone"))
    late = NOW + delivery.GIVE_UP_AFTER + timedelta(minutes=1)
    delivery.drain(late)
    again = send_again(delivery=Delivery.objects.get(pk=waiting.pk), by=cast.pq_lead, at=late)
    delivery.drain(late + timedelta(hours=1))
    again.refresh_from_db()
    assert again.state == "pending"
    delivery.drain(late + timedelta(hours=26))
    again.refresh_from_db()
    assert again.state == "dead"
