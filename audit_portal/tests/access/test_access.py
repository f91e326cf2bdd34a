"""Every address by every persona: the answer that the table says, and no address without a row."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from audit_portal.tests.access.table import EVERYBODY, TABLE, File, Row
from audit_portal.tests.access.world import BACKEND, World, make_world

pytestmark = pytest.mark.django_db
PERSONAS = [*EVERYBODY, "anonymous", "disabled"]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once; every request is rolled back, and in the end everything."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def body_of(row: Row, ids: dict) -> dict:
    """The body of a post, files as they come from a browser."""
    return {
        name: SimpleUploadedFile(value.name, value.content) if isinstance(value, File) else value.format(**ids)
        for name, value in row.body.items()
    }


def answer(world: World, row: Row, persona: str) -> int:
    """The status that a persona gets; whatever was done is undone."""
    client = Client(raise_request_exception=False)
    if persona != "anonymous":
        person = world.cast.leaver if persona == "disabled" else getattr(world.cast, persona)
        client.force_login(person, backend=BACKEND)
    address = row.address.format(**world.ids())
    with transaction.atomic():
        status = getattr(client, row.method.lower())(address, body_of(row, world.ids())).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.address}")
def test_everybody_gets_the_answer_of_the_table(row, world):
    got = {persona: answer(world, row, persona) for persona in PERSONAS}
    assert got == {persona: row.expected(persona) for persona in PERSONAS}


def addresses(patterns, space=""):
    """Every named address of the project."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern.url_patterns, space + inner)


def test_every_address_has_a_row():
    known = {row.name for row in TABLE}
    assert set(addresses(get_resolver().url_patterns)) == known


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_other_method_does_anything(method, world):
    client = Client(raise_request_exception=False)
    client.force_login(world.cast.pq_lead, backend=BACKEND)
    for row in TABLE:
        with transaction.atomic():
            status = getattr(client, method)(row.address.format(**world.ids())).status_code
            transaction.set_rollback(True)
        assert status in {302, 404, 405} or row.name.startswith("account_"), f"{method} {row.address}: {status}"
