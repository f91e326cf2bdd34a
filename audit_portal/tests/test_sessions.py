"""Sessions end after thirty minutes without a request; each request moves the end on, in the statement that reads."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def session(client, cast):
    client.force_login(cast.auditor, backend=BACKEND)
    client.get("/help/")
    return Session.objects.filter(session_key=client.cookies["sessionid"].value)


def test_a_request_moves_the_end_on_with_one_statement(session, client):
    session.update(expire_date=timezone.now() + timedelta(minutes=1))
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/inbox/").status_code == 200
    assert sum("django_session" in query["sql"] for query in asked) == 1
    assert session.get().expire_date > timezone.now() + HALF_AN_HOUR - timedelta(minutes=1)


def test_a_session_that_ended_is_not_brought_back(session, client):
    ended = timezone.now() - timedelta(seconds=1)
    session.update(expire_date=ended)
    assert client.get("/").status_code == 302
    assert not session.filter(expire_date__gt=ended).exists()


def test_an_unknown_session_is_nobodys(session, client):
    client.cookies["sessionid"] = "x" * 32
    assert client.get("/").status_code == 302


def test_signing_out_ends_it(session, client):
    client.post("/sign-out/")
    assert not session.exists()
