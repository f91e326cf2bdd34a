"""Everything that the harness knows of the tables of duties and of what their e-mails look like."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import NamedTuple

from bench.faults.sink import text_of

LEASE, JUST_NOW = timedelta(minutes=2), timedelta(seconds=3)
ADDRESS = re.compile(r"https?://[^/\s]+(?P<url>/\S*)")


class Told(NamedTuple):
    """Who is told what, and where it is done."""

    to: str
    title: str
    url: str


class Row(NamedTuple):
    """A notice for the post, with the e-mail it went into."""

    told: Told
    state: str
    message_id: str


class Carried(NamedTuple):
    """A piece of an e-mail: the words before an address, and the address."""

    to: str
    words: str
    url: str

    def tells(self, told: Told) -> bool:
        """Whether this is what somebody is told."""
        return (self.to, self.url) == (told.to, told.url) and told.title in self.words


def carried(message: EmailMessage) -> list[Carried]:
    """What an e-mail tells, piece by piece: a notice is a few words and then its address."""
    text, found, end = text_of(message), [], 0
    for match in ADDRESS.finditer(text):
        found.append(Carried(message["To"], " ".join(text[end:match.start()].split()), match["url"]))
        end = match.end()
    return found


def email_notices() -> Iterator[Row]:
    """Every notice for the post that may have gone out by now, under the address it was really sent to."""
    from django.utils import timezone

    from duties.models import Notice

    rows = Notice.objects.filter(channel="email", send_after__lte=timezone.now())
    for notice in rows.select_related("delivery", "recipient").order_by("pk").iterator():
        to = notice.delivery.address if notice.delivery else notice.recipient.email
        yield Row(Told(to, " ".join(notice.title.split()), notice.url), notice.state,
                  message_id_of(notice.delivery_id) if notice.delivery_id else "")


def message_ids() -> set[str]:
    """The Message-IDs of all e-mails that the portal wrote down."""
    from duties.models import Delivery

    return {message_id_of(pk) for pk in Delivery.objects.values_list("pk", flat=True)}


def message_id_of(delivery) -> str:
    """The Message-ID of a delivery."""
    return f"<{delivery}@audit-portal>"


def in_inbox() -> set[tuple[str, str]]:
    """Who has what in the inbox: e-mail address and address of the page."""
    from duties.models import Notice

    return set(Notice.objects.filter(channel="inbox").values_list("recipient__email", "url"))


def duties_opened() -> set[tuple[str, str, str]]:
    """Every duty there ever was: kind, holder, address of the page."""
    from duties.models import Duty

    return set(Duty.objects.values_list("kind", "holder__email", "url"))


def waiting() -> int:
    """How many notices and e-mails could go out now and have not."""
    from django.utils import timezone

    from duties.models import Delivery, Notice

    notices = Notice.objects.pending_email().filter(send_after__lte=timezone.now()).count()
    return notices + Delivery.objects.filter(state__in=["pending", "leased"]).count()


def dead() -> int:
    """How many e-mails the portal gave up."""
    from duties.models import Delivery

    return Delivery.objects.filter(state__in=["dead", "given_up"]).count()


def leases_end() -> None:
    """Leases and pauses end that would take minutes: for the short form of a part, in which nobody waits so long.

    A lease that was taken just now stays: its worker lives and sends.
    """
    from django.utils import timezone

    from duties.models import Delivery

    now = timezone.now()
    past, old = now - timedelta(minutes=1), now + LEASE - JUST_NOW
    Delivery.objects.filter(state="leased", leased_until__range=(now, old)).update(leased_until=past)
    Delivery.objects.filter(state="pending", next_attempt_at__gt=now).update(next_attempt_at=past)


def heartbeat_at() -> datetime | None:
    """The last sign of life of any worker."""
    from duties.models import Heartbeat

    return Heartbeat.objects.filter(name="worker").values_list("beat_at", flat=True).first()


def rungs_fired(kind: str, due_at: datetime) -> list[tuple[int, str, datetime]]:
    """Which rungs of the duties of a kind with this deadline went off, and when: duty, rung, moment."""
    from duties.models import RungFired

    rows = RungFired.objects.filter(duty__kind=kind, duty__due_at=due_at)
    return list(rows.values_list("duty", "rung", "fired_at"))


def duties_due(kind: str, due_at: datetime) -> list[int]:
    """The duties of a kind with this deadline."""
    from duties.models import Duty

    return list(Duty.objects.filter(kind=kind, due_at=due_at).values_list("pk", flat=True))


def told_of_opening(kind: str) -> int:
    """How many e-mail notices say that a duty of this kind came to somebody."""
    from duties.models import Notice

    return Notice.objects.filter(channel="email", duty__kind=kind, event_key__endswith=":opened").count()


def content() -> dict[str, Counter]:
    """All rows that duties and their mail leave, by what they say: without ids, which differ from run to run."""
    from duties.models import Delivery, Duty, Notice, RungFired

    return {model.__name__: Counter(_said(row) for row in _with_all(model).order_by("pk"))
            for model in (Duty, RungFired, Notice, Delivery)}


def audits() -> Counter:
    """All audits and allocations with their states, and how often each thing was written into the trail."""
    from allocations.models import Allocation
    from audits.models import Audit
    from trail.models import Event

    rows = [*Audit.objects.values_list("number", "status", "auditor__reference", "due_at", "told_at"),
            *Allocation.objects.values_list("number", "status", "auditor__reference", "round__month", "due_at"),
            *Event.objects.values_list("verb", "target_type")]
    return Counter(rows)


def _with_all(model):
    return model.objects.select_related(*(field.name for field in model._meta.concrete_fields if field.is_relation))


def _said(row) -> tuple:
    """The fields of a row, those it refers to by what they say."""
    return tuple(_value(row, field) for field in row._meta.concrete_fields if not field.primary_key)


def _value(row, field):
    value = getattr(row, field.name)
    if field.name == "event_key" and row.duty_id:
        return value.replace(f"duty:{row.duty_id}:", f"duty:{_duty(row.duty)}:")
    if not field.is_relation or value is None:
        return value if field.get_internal_type() != "JSONField" else str(value)
    return {"Duty": _duty, "Staff": lambda staff: staff.reference, "Ladder": str, "Unit": str,
            "Delivery": lambda mail: (mail.address, mail.subject, mail.created_at)}[type(value).__name__](value)


def _duty(duty) -> tuple:
    return duty.kind, duty.subject_type, duty.subject_id, duty.slot, duty.opened_at
