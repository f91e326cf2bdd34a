"""How the portal is: signs of life, e-mails, duties, in facts and in words."""

from datetime import UTC, datetime, timedelta

import pytest

from audit_portal.testing.factories import make_audit, make_email
from duties import delivery, status
from duties.models import Delivery, Duty, Heartbeat, Notice
from duties.status import Sign

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 10, 44, tzinfo=UTC)
STATES = Delivery.State


def ago(**time):
    return NOW - timedelta(**time)


@pytest.mark.parametrize(("seen_at", "word", "said"), [
    (ago(seconds=10), "ok", "Working"),
    (ago(minutes=2, seconds=59), "ok", "Working"),
    (ago(minutes=3), "silent", "Silent since 10:41am"),
    (ago(days=1), "silent", "Silent since Sunday 29 November, 10:44am"),
    (None, "silent", "Not heard of yet"),
])
def test_a_sign_of_life_in_a_word_and_in_words(seen_at, word, said):
    sign = Sign(seen_at, NOW)
    assert (sign.word, str(sign)) == (word, said)


def test_signs_come_from_the_rows_and_workers_are_counted_while_they_live(django_assert_num_queries):
    beats = {"redis": 10, "worker": 20, "tick": 400, "worker:a@one": 5, "worker:b@two": 170, "worker:c@three": 181}
    Heartbeat.objects.bulk_create([Heartbeat(name=name, beat_at=ago(seconds=s)) for name, s in beats.items()])
    with django_assert_num_queries(1):
        signs = status.signs(NOW)
    assert (signs.redis.word, signs.work.word, signs.tick.word, signs.workers) == ("ok", "ok", "silent", 2)


def test_the_oldest_unsent_email_is_pending_or_packed(cast, s1):
    assert status.oldest_unsent(NOW) is None
    make_email(cast.auditor, STATES.SENT, ago(days=9))
    make_email(cast.auditor, STATES.DEAD, ago(days=8))
    make_email(cast.auditor, STATES.GIVEN_UP, ago(days=7))
    assert status.oldest_unsent(NOW) is None
    make_email(cast.auditor, STATES.LEASED, ago(hours=2))
    assert status.oldest_unsent(NOW) == ago(hours=2)
    make_audit(cast, s1, at=ago(hours=5))
    assert status.oldest_unsent(NOW) == ago(hours=5)
    delivery.pack(ago(hours=1))
    assert not Notice.objects.pending_email().exists()
    assert status.oldest_unsent(NOW) == ago(hours=5), "the wait of a notice goes on while its e-mail is not sent"


def test_waiting_and_dead_are_counted(cast, s1):
    for state in (STATES.PENDING, STATES.LEASED, STATES.DEAD, STATES.SENT, STATES.GIVEN_UP):
        make_email(cast.auditor, state)
    assert (status.waiting_emails(NOW), status.dead_emails()) == (2, 1)
    make_audit(cast, s1)
    people = Notice.objects.pending_email().values("recipient").distinct().count()
    assert status.waiting_emails(NOW) == 2 + people > 2


def test_open_and_overdue_duties_are_counted(cast, s1):
    make_audit(cast, s1)
    duties = Duty.objects.open().count()
    assert status.open_duties(NOW)["open"] == duties
    Duty.objects.open().filter(kind="audit.complete").update(due_at=ago(days=1))
    assert status.open_duties(NOW)["overdue"] >= 1


def test_sent_by_hour_has_24_hours_and_counts_each_email_in_its_hour(cast):
    for moment in (ago(minutes=1), ago(minutes=44), ago(minutes=45), ago(hours=23), ago(hours=25)):
        make_email(cast.auditor, STATES.SENT, moment)
    hours = status.sent_by_hour(NOW)
    assert len(hours) == 24 and sum(count for _, count in hours) == 4
    assert [count for _, count in hours[-2:]] == [1, 2]
    assert hours[0] == (datetime(2026, 11, 29, 11, tzinfo=UTC), 1)


def test_sent_by_hour_has_24_hours_on_the_day_of_the_clock_change(cast):
    now = datetime(2026, 10, 25, 12, 30, tzinfo=UTC)
    make_email(cast.auditor, STATES.SENT, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    make_email(cast.auditor, STATES.SENT, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    counts = dict(status.sent_by_hour(now))
    assert len(counts) == 24 and list(counts.values()).count(1) == 2
