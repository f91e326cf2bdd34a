"""The trail: written with the deed, never changed, by nobody."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit_portal.testing.factories import START
from trail.models import AccessEvent, Detail, Event
from trail.writing import digest_of, record, record_reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(cast):
    return record("case.looked_at", target=cast.team, by=cast.pq_lead, at=START, changes={"why": "a secret word"})


def test_an_event_holds_no_name_and_no_text(event, cast):
    row = Event.objects.filter(pk=event.pk).values_list()[0]
    assert "secret" not in str(row) and cast.pq_lead.name not in str(row)
    assert event.fields == ["why"]


def test_the_digest_binds_the_detail(event):
    detail = Detail.objects.get(event=event)
    assert digest_of(detail.salt, detail.content) == event.digest
    assert digest_of(detail.salt, {**detail.content, "actor": "Somebody else"}) != event.digest


@pytest.mark.django_db(transaction=True)
def test_a_deed_outside_a_transaction_is_refused(cast):
    with pytest.raises(RuntimeError, match="transaction of the deed"):
        record("case.looked_at", target=cast.team, by=cast.pq_lead, at=START)


@pytest.mark.parametrize("model", [Event, AccessEvent])
def test_nothing_is_changed_or_deleted(model, event, cast):
    record_reading(target=cast.team, by=cast.pq_lead, page="test")
    row = model.objects.latest("pk")
    with pytest.raises(TypeError):
        row.delete()
    for statement in (f"UPDATE {model._meta.db_table} SET actor_id = 1", f"DELETE FROM {model._meta.db_table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE trail_event SET actor_id = 1", "DELETE FROM trail_event",
                                       "TRUNCATE trail_event CASCADE", "DELETE FROM trail_accessevent",
                                       "UPDATE trail_detail SET content = '{}'"])
def test_the_application_role_has_no_right_to_change_the_trail(statement, event):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_app")
        cursor.execute(statement)


def test_the_application_role_can_add_to_the_trail(cast):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_app")
        record("case.looked_at", target=cast.team, by=cast.pq_lead, at=START)
        cursor.execute("RESET ROLE")
    assert Event.objects.count() == 1
