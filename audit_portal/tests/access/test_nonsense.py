"""Whatever is sent with a form or stands in an address, the answer is a page with words, never a fault of ours."""

import re

import pytest
from django.db import transaction
from django.test import Client

from audit_portal.tests.access.table import TABLE, Row
from audit_portal.tests.access.test_access import world  # noqa: F401  the same world
from audit_portal.tests.access.world import BACKEND

pytestmark = pytest.mark.django_db
NONSENSE = ["", "\x00", "x" * 20_000, "-1", "99999999999999999999", "🙂\u202e’; DROP TABLE x", "31/02/2026"]
NAMES = re.compile(r'<(?:input|textarea|select|button)[^>]*\sname="([^"]+)"')
KEPT = {"csrfmiddlewaretoken", "submission"}


def whoever_may(row: Row, world):  # noqa: F811
    """Somebody for whom this row is open."""
    names = [name for names, status in row.answers.items() if status in {200, 302, 409, 422} for name in names.split()]
    return getattr(world.cast, names[0] if names else "pq_lead")


def ask(world, person, method, address, data):  # noqa: F811
    client = Client(raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    with transaction.atomic():
        answer = getattr(client, method)(address, data)
        transaction.set_rollback(True)
    return answer


POSTS = [row for row in TABLE if row.method == "POST" and not row.name.startswith("account_")]
GETS = [row for row in TABLE if row.method == "GET" and not row.name.startswith("account_")]


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.address)
def test_nonsense_in_every_field_of_a_form_is_no_fault(row, world):  # noqa: F811
    person, address = whoever_may(row, world), row.address.format(**world.ids())
    page = ask(world, person, "get", address, {}).content.decode(errors="replace")
    fields = {*NAMES.findall(page), *row.body} - KEPT
    for value in NONSENSE:
        status = ask(world, person, "post", address, dict.fromkeys(fields, value)).status_code
        assert status < 500, f"{address} with {value[:20]!r}: {status}"


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.address)
def test_nonsense_behind_an_address_is_no_fault(row, world):  # noqa: F811
    person, address = whoever_may(row, world), row.address.format(**world.ids()).partition("?")[0]
    page = ask(world, person, "get", address, {})
    words = page.content.decode(errors="replace") if not page.streaming else ""
    fields = {*NAMES.findall(words), "page", "sort", "export", "next", "kind", "state", "q"} - KEPT
    for value in NONSENSE:
        status = ask(world, person, "get", address, dict.fromkeys(fields, value)).status_code
        assert status < 500, f"{address} with {value[:20]!r}: {status}"
