"""Writing notices: rows in the transaction of their cause, for the inbox and for e-mail. No child data."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from calendars.rules import london_date
from calendars.words import due_by
from duties import preferences, registry
from duties.holders import knowing
from duties.models import Duty, Notice
from people.lines import Lines
from people.models import Staff

OPENED, NUDGE = "duty.opened", "duty.nudge"
EVENTS = {
    OPENED: "A duty came to somebody",
    "duty.reminder": "A duty falls due soon",
    "duty.due": "A duty is due today",
    "duty.overdue": "A duty is overdue",
    NUDGE: "Performance and Quality send a reminder",
}


def register_events() -> None:
    """What people are told of duties, whatever they are about."""
    for name, label in EVENTS.items():
        registry.register_event(name, label)


def notify(
    event_key: str,
    people: Iterable[Staff],
    *,
    event: str,
    subject: models.Model,
    title: str,
    url: str,
    at: datetime,
    meta: str = "",
) -> None:
    """Tell people of an event about `subject`, once each by channel whatever is repeated.

    Who may not know of it is replaced by the P&Q lead, in the inbox as in the e-mail; who covers for somebody away is
    told too, where they may know. Raises KeyError for an event that nobody registered.
    """
    registry.check_event(event)
    label = subject._meta.label_lower
    told = knowing(people, (label, subject.pk), Lines(london_date(at)))
    fields = {"event": event, "subject_type": label, "subject_id": subject.pk, "title": title, "url": url,
              "meta": meta, "created_at": at, "send_after": at}
    write(_rows(event_key, person, fields) for person in told)


def notify_holder(duty: Duty, *, at: datetime) -> None:
    """Tell the holder of a duty that it is theirs now, and by when (S2-04); so whoever covers and may know of it."""
    told = knowing([duty.holder], (duty.subject_type, duty.subject_id), Lines(london_date(at)))
    key = f"duty:{duty.pk}:{duty.revision}:opened"
    write([duty_rows(duty, key, told, event=OPENED, title=duty.title, at=at)])


def duty_rows(
    duty: Duty, key: str, people: Iterable[Staff], *, event: str, title: str, at: datetime, others: str = ""
) -> list[Notice]:
    """Unsaved notices about a duty; `others` is what everybody but its holder is told instead of `title`."""
    fields = {
        "event": event,
        "subject_type": duty.subject_type,
        "subject_id": duty.subject_id,
        "url": duty.url,
        "meta": _meta(duty, event),
        "created_at": at,
        "send_after": at,
        "duty": duty,
        "duty_revision": duty.revision,
    }
    said = {person: others if others and person.pk != duty.holder_id else title for person in people}
    return [row for person, title in said.items() for row in _rows(key, person, fields | {"title": title[:200]})]


def _meta(duty: Duty, event: str) -> str:
    """The number of the audit; of what is new also by when, for the e-mail is all that some look at (S2-04)."""
    if event != OPENED:
        return duty.audit_number
    due = due_by(duty.due_at)
    return f"{duty.audit_number}, {due}" if duty.audit_number else f"{due[0].upper()}{due[1:]}"


def write(groups: Iterable[Iterable[Notice]]) -> None:
    """Store notices, e-mails to be sent when their recipients want them. What is there already stays as it is."""
    rows = [row for group in groups for row in group]
    preferences.set_send_after([row for row in rows if row.channel == Notice.Channel.EMAIL])
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _rows(key: str, person: Staff, fields: dict) -> list[Notice]:
    common = {"event_key": key, "recipient": person, **fields}
    return [
        Notice(channel=Notice.Channel.INBOX, state=Notice.State.SHOWN, **common),
        Notice(channel=Notice.Channel.EMAIL, state=Notice.State.PENDING, **common),
    ]
