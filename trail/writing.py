"""The only way into the trail: called inside the transaction of the verb or of the page."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from trail.models import AccessEvent, Detail, Event

A_BATCH = 2000
# An event and its detail in one statement: half of what every verb writes.
BOTH = """
    WITH event AS (
        INSERT INTO trail_event
            (verb, actor_id, target_type, target_id, subject_type, subject_id, fields, digest, at, recorded_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, DEFAULT)
        RETURNING id, recorded_at
    ), detail AS (
        INSERT INTO trail_detail (event_id, salt, content) SELECT id, %s, %s FROM event
    )
    SELECT id, recorded_at FROM event
"""


def digest_of(salt: str, content: dict[str, Any]) -> str:
    """SHA-256 over the salt and the canonical JSON of the detail."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(f"{salt}\n{canonical}".encode()).hexdigest()


def record(
    verb: str,
    *,
    target: models.Model,
    by: models.Model,
    at: datetime,
    subject: models.Model | None = None,
    changes: dict[str, Any] | None = None,
) -> Event:
    """Write that `by` did `verb` to `target` at the moment `at`; `subject` is the record it belongs to.

    Raises RuntimeError outside a transaction: a deed and its record are one.
    """
    _check_in_transaction()
    event, detail = _written(verb, target, subject or target, by, at, changes or {})
    with connection.cursor() as cursor:
        cursor.execute(BOTH, [
            event.verb, event.actor_id, event.target_type, event.target_id, event.subject_type, event.subject_id,
            json.dumps(event.fields), event.digest, event.at, detail.salt, json.dumps(detail.content),
        ])
        event.pk, event.recorded_at = cursor.fetchone()
    event._state.adding = False
    return event


def record_many(verb: str, *, targets: Iterable[models.Model], by: models.Model, at: datetime) -> None:
    """Write that `by` did `verb` to each of many records: two statements, however many there are."""
    _check_in_transaction()
    pairs = [_written(verb, target, target, by, at, {}) for target in targets]
    events = Event.objects.bulk_create([event for event, _ in pairs], batch_size=A_BATCH)
    for event, (_, detail) in zip(events, pairs, strict=True):
        detail.event = event
    Detail.objects.bulk_create([detail for _, detail in pairs], batch_size=A_BATCH)


def _check_in_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("The trail is written in the transaction of the deed.")


def _written(
    verb: str, target: models.Model, subject: models.Model, by: models.Model, at: datetime, changes: dict[str, Any]
) -> tuple[Event, Detail]:
    """An event and its detail, not saved yet."""
    content, salt = {"actor": str(by), "changes": changes}, secrets.token_hex(16)
    event = Event(
        verb=verb,
        actor_id=by.pk,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        fields=sorted(changes),
        digest=digest_of(salt, content),
        at=at,
    )
    return event, Detail(salt=salt, content=content)


def record_reading(*, target: models.Model, by: models.Model, page: str) -> None:
    """Write that `by` opened the content of `target` on `page`."""
    AccessEvent.objects.create(
        actor_id=by.pk, target_type=target._meta.label_lower, target_id=str(target.pk), page=page
    )
