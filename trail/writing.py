"""The only way into the trail: called inside the transaction of the verb or of the page."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from trail.models import AccessEvent, Detail, Event


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
    if not connection.in_atomic_block:
        raise RuntimeError("The trail is written in the transaction of the deed.")
    subject = subject or target
    content = {"actor": str(by), "changes": changes or {}}
    salt = secrets.token_hex(16)
    event = Event.objects.create(
        verb=verb,
        actor_id=by.pk,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        fields=sorted(content["changes"]),
        digest=digest_of(salt, content),
        at=at,
    )
    Detail.objects.create(event=event, salt=salt, content=content)
    return event


def record_reading(*, target: models.Model, by: models.Model, page: str) -> None:
    """Write that `by` opened the content of `target` on `page`."""
    AccessEvent.objects.create(
        actor_id=by.pk, target_type=target._meta.label_lower, target_id=str(target.pk), page=page
    )
