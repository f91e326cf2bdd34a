"""Secret addresses of calendars: made, shown once, read without a session, revoked; a leaver's opens nothing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit_portal.testing.factories import START, make_audit, make_staff
from calendars.rules import today_in_london
from duties import feed_addresses, volunteering
from duties.models import FeedAddress
from duties.tests.together import at_once
from duties.workflow import staff_left
from people.models import Staff
from people.workflow import come_back
from trail.models import Detail, Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MAKE, REVOKE = "/preferences/calendar/make/", "/preferences/calendar/revoke/"


def make(person, at=START):
    return feed_addresses.make(staff=person, by=person, at=at)


def read(client, token):
    return client.get(f"/calendar/{token}.ics")


def everything_stored():
    """Every table of the database, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
                       "AND table_type = 'BASE TABLE'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from (row for (row,) in cursor.fetchall())


def test_a_secret_is_long_and_never_the_same_twice(cast):
    tokens = {make(cast.worker) for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) * 6 >= 256 for token in tokens)


def test_whoever_has_the_address_reads_the_calendar_without_a_session(cast, s1, client):
    make_audit(cast, s1)
    answer = read(client, make(cast.auditor))
    assert answer.status_code == 200
    assert b"SUMMARY:Complete an audit A-" in answer.content
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    assert client.head(answer.request["PATH_INFO"]).status_code == 200
    assert client.post(answer.request["PATH_INFO"]).status_code == 405


def test_the_secret_is_on_no_row_of_the_database(cast, client):
    client.force_login(cast.worker, backend=BACKEND)
    page = client.post(MAKE).content.decode()
    token = page.split("/calendar/")[1].split(".ics")[0]
    assert read(client, token).status_code == 200
    client.get("/preferences/")
    rows = list(everything_stored())
    assert any(feed_addresses.digest_of(token) in row for row in rows)
    assert [row for row in rows if token in row] == []


def test_the_address_is_shown_once_and_never_again(cast, client):
    client.force_login(cast.worker, backend=BACKEND)
    answer = client.post(MAKE)
    assert "it is shown this once" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    page = client.get("/preferences/").content.decode()
    assert "/calendar/" not in page.replace(MAKE, "").replace(REVOKE, "")
    assert "Not yet" in page
    assert client.get(MAKE).url == "/preferences/"


def test_the_page_says_when_the_calendar_was_read_last(cast, client):
    token = make(cast.worker)
    read(client, token)
    row = FeedAddress.objects.get()
    assert abs(row.last_read_at - timezone.now()) < timedelta(minutes=5)
    client.force_login(cast.worker, backend=BACKEND)
    assert "Not yet" not in client.get("/preferences/").content.decode()


def test_a_new_address_revokes_the_old_one(cast, client):
    old, new = make(cast.worker), make(cast.worker, START + timedelta(days=1))
    assert (read(client, old).status_code, read(client, new).status_code) == (404, 200)
    assert [row.revoked_at for row in FeedAddress.objects.order_by("pk")] == [START + timedelta(days=1), None]


def test_revoking_is_said_once_and_a_second_time_does_nothing(cast, client):
    token = make(cast.worker)
    client.force_login(cast.worker, backend=BACKEND)
    assert "opens nothing any more" in client.post(REVOKE, follow=True).content.decode()
    assert "opens nothing any more" not in client.post(REVOKE, follow=True).content.decode()
    assert read(client, token).status_code == 404


def test_unknown_revoked_and_foreign_addresses_and_a_leaver_s_get_the_same_answer(cast, client):
    revoked, left, over = make(cast.worker), make(cast.iro), make(cast.other_worker)
    feed_addresses.revoke(staff=cast.worker, by=cast.worker, at=START)
    staff_left(staff=cast.iro, by=cast.pq_lead, at=START)
    yesterday = today_in_london() - timedelta(days=1)
    Staff.objects.filter(pk=cast.other_worker.pk).update(is_external=True, access_ends_on=yesterday)
    wrong = ["unknown", "x" * 5_000, feed_addresses.digest_of(revoked), revoked, left, over]
    answers = [read(client, token) for token in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


@pytest.mark.parametrize("kind", ["unknown", "revoked", "left", "over"])
def test_what_opens_nothing_takes_one_query_whatever_is_wrong(kind, cast, client, django_assert_num_queries):
    token = make(cast.worker)
    if kind == "revoked":
        feed_addresses.revoke(staff=cast.worker, by=cast.worker, at=START)
    Staff.objects.filter(pk=cast.worker.pk).update(**{
        "left": {"is_active": False, "left_on": today_in_london()},
        "over": {"is_external": True, "access_ends_on": today_in_london() - timedelta(days=1)},
    }.get(kind, {}))
    with django_assert_num_queries(1):
        assert read(client, "unknown" if kind == "unknown" else token).status_code == 404


def test_who_comes_back_makes_a_new_address(cast, client):
    token = make(cast.worker)
    staff_left(staff=cast.worker, by=cast.pq_lead, at=START)
    come_back(staff=Staff.objects.get(pk=cast.worker.pk), by=cast.pq_lead, at=START + timedelta(days=1))
    assert read(client, token).status_code == 404
    assert Event.objects.filter(verb="calendar.address_revoked", actor_id=cast.pq_lead.pk).count() == 1


def test_nobody_makes_or_revokes_somebody_else_s_and_a_leaver_nothing(cast):
    for verb in (feed_addresses.make, feed_addresses.revoke):
        with pytest.raises(PermissionDenied, match="their own e-mail and calendar"):
            verb(staff=cast.worker, by=cast.pq_lead, at=START)
        with pytest.raises(PermissionDenied):
            verb(staff=cast.leaver, by=cast.leaver, at=START)


def test_the_trail_says_that_an_address_was_made_and_revoked_without_the_secret(cast):
    token = make(cast.worker)
    feed_addresses.revoke(staff=cast.worker, by=cast.worker, at=START)
    assert list(Event.objects.filter(subject_id=str(cast.worker.pk)).order_by("pk").values_list("verb", flat=True)) == [
        "calendar.address_made", "calendar.address_revoked"]
    assert [one for one in Detail.objects.all() if token in str(one.content)] == []


def test_the_database_holds_one_address_in_use_for_each_person(cast):
    make(cast.worker)
    with pytest.raises(IntegrityError, match="feed_address_one_in_use"), transaction.atomic():
        FeedAddress.objects.create(staff=cast.worker, token_digest="x", made_at=START)


@pytest.mark.django_db(transaction=True)
def test_two_made_at_once_leave_one_in_use(cast):
    tokens = at_once(2, lambda: make(cast.worker))
    open_now = [token for token in tokens if feed_addresses.reader_of(token, at=START, on=START.date())]
    assert len(open_now) == FeedAddress.objects.in_use().count() == 1


def test_one_reading_asks_no_more_for_twenty_duties_than_for_one(cast, client):
    token = make(cast.pq_lead)
    counts = []
    for n in range(20):
        person = make_staff(f"Volunteer Number {n}", cast.team)
        volunteering.volunteer(staff=person, expertise="", experience="new", at=START)
        if n in (0, 19):
            with CaptureQueriesContext(connection) as asked:
                assert read(client, token).content.count(b"BEGIN:VEVENT") == n + 1
            counts.append(len(asked))
    assert counts[0] == counts[1]
