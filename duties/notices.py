"""Writing notices: rows in the transaction of their cause, for the inbox and for e-mail. No child data."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from calendars.rules import london_date
from duties.models import Duty, Notice
from duties.registry import may_know
from people.lines import cover_for, pq_lead
from people.models import Staff


def notify(
    event_key: str,
    people: Iterable[Staff],
    *,
    subject: models.Model,
    title: str,
    url: str,
    at: datetime,
    meta: str = "",
) -> None:
    """Tell people of an event about `subject`, once each by channel whatever is repeated.

    Who may not know of it is replaced by the P&Q lead, in the inbox as in the e-mail.
    """
    rows = []
    for person in _who_may_know(people, subject, at):
        rows += _rows(event_key, person, subject._meta.label_lower, subject.pk, title=title, url=url, meta=meta, at=at)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _who_may_know(people: Iterable[Staff], subject: models.Model, at: datetime) -> dict[Staff, None]:
    """Each once, in order."""
    label = subject._meta.label_lower
    return {
        person if may_know(person, label, subject.pk) else pq_lead(london_date(at)): None for person in people
    }


def notify_holder(duty: Duty, *, at: datetime) -> None:
    """Tell the holder of a duty that it is theirs now, and whoever covers for them and may know of it."""
    key, people = f"duty:{duty.pk}:{duty.revision}:opened", [duty.holder]
    cover = cover_for(duty.holder, london_date(at))
    if cover and may_know(cover, duty.subject_type, duty.subject_id):
        people.append(cover)
    Notice.objects.bulk_create(duty_rows(duty, key, people, title=duty.title, at=at), ignore_conflicts=True)


def duty_rows(duty: Duty, key: str, people: Iterable[Staff], *, title: str, at: datetime) -> list[Notice]:
    """Unsaved notices about a duty."""
    rows = []
    for person in people:
        rows += _rows(
            key,
            person,
            duty.subject_type,
            duty.subject_id,
            title=title,
            url=duty.url,
            meta=duty.audit_number,
            at=at,
            duty=duty,
            duty_revision=duty.revision,
        )
    return rows


def _rows(key: str, person: Staff, subject_type: str, subject_id: int, **fields) -> list[Notice]:
    at = fields.pop("at")
    common = {
        "event_key": key,
        "recipient": person,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "created_at": at,
        **fields,
    }
    return [
        Notice(channel=Notice.Channel.INBOX, state=Notice.State.SHOWN, **common),
        Notice(channel=Notice.Channel.EMAIL, state=Notice.State.PENDING, **common),
    ]
