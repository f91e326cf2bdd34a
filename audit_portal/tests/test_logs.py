"""No line of the log holds a secret that stands in an address."""

import io
import logging

import pytest
from gunicorn.config import Config

from audit_portal.testing.factories import START
from duties import feed_addresses
from launcher.up import GUNICORN

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """What the portal's own handler writes during a test."""
    handler = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def test_a_refused_request_names_no_calendar_address(cast, client, log):
    token = feed_addresses.make(staff=cast.worker, by=cast.worker, at=START)
    assert client.post(f"/calendar/{token}.ics").status_code == 405
    assert client.get(f"/calendar/x{token}.ics").status_code == 404
    assert client.get(f"/calendar/{token}.ics/more/").status_code == 404
    lines = log.getvalue()
    assert lines.count("/calendar/…") == 3
    assert token not in lines


def test_a_refused_request_names_no_key_of_a_new_password(client, log):
    client.get("/account/password/new/1-abc-0123456789/more/")
    assert "/account/password/new/…" in log.getvalue()
    assert "0123456789" not in log.getvalue()


def test_other_addresses_stay_in_the_log(client, cast, log):
    client.force_login(cast.worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/people/999999/")
    assert "/people/999999/" in log.getvalue()


def test_the_web_server_writes_no_access_log():
    config = Config()
    asked = config.parser().parse_args(GUNICORN)
    assert (config.accesslog, asked.accesslog, asked.workers) == (None, None, 2)
