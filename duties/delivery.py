"""From notice to e-mail: packing, leases, back-off. At least once, a repeat only with the same Message-ID."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from calendars.rules import london_date
from duties.models import Delivery, Notice
from duties.registry import may_know
from people.lines import pq_lead
from people.models import Staff

log = logging.getLogger("portal.delivery")
BATCH = 100
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=30)
GIVE_UP_AFTER = timedelta(hours=24)


def drain(now: datetime) -> int:
    """Pack what waits and send what is packed; gives how many e-mails went out."""
    while pack(now):
        pass
    sent = 0
    while delivery := claim(now):
        sent += send(delivery, now)
    return sent


@transaction.atomic
def pack(now: datetime) -> int:
    """Put waiting notices into one e-mail a person; who may not know any more is replaced by P&Q."""
    waiting = list(
        Notice.objects.pending_email()
        .select_related("recipient")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    by_person: dict[Staff, list[Notice]] = defaultdict(list)
    for notice in waiting:
        by_person[_addressee(notice, now)].append(notice)
    for person, notices in by_person.items():
        _pack_one(person, notices, now)
    return len(waiting)


def _addressee(notice: Notice, now: datetime) -> Staff:
    if may_know(notice.recipient, notice.subject_type, notice.subject_id):
        return notice.recipient
    return pq_lead(london_date(now))


def _pack_one(person: Staff, notices: list[Notice], now: datetime) -> None:
    first = notices[0]
    subject = first.title if len(notices) == 1 else f"{first.title}, and {len(notices) - 1} more"
    context = {"notices": notices, "person": person, "portal": settings.PUBLIC_URL, "council": settings.COUNCIL_NAME}
    delivery = Delivery.objects.create(
        recipient=person,
        address=person.email,
        subject=f"Audit Portal: {subject}"[:200],
        body=render_to_string("emails/notices.txt", context),
        created_at=now,
        next_attempt_at=now,
    )
    for notice in notices:
        notice.state, notice.delivery = Notice.State.PACKED, delivery
    Notice.objects.bulk_update(notices, ["state", "delivery"])


@transaction.atomic
def claim(now: datetime) -> Delivery | None:
    """Lease the e-mail that has waited longest, also one whose sender died with the lease."""
    free = Q(state=Delivery.State.PENDING) | Q(state=Delivery.State.LEASED, leased_until__lt=now)
    delivery = (
        Delivery.objects.filter(free, next_attempt_at__lte=now)
        .order_by("next_attempt_at", "created_at")
        .select_for_update(skip_locked=True)
        .first()
    )
    if delivery:
        delivery.state, delivery.leased_until = Delivery.State.LEASED, now + LEASE
        delivery.attempts += 1
        delivery.save(update_fields=["state", "leased_until", "attempts"])
    return delivery


def send(delivery: Delivery, now: datetime) -> int:
    """Send one e-mail; a failure waits twice as long each time, and after a day is dead and shown to P&Q."""
    message = EmailMessage(
        delivery.subject,
        delivery.body,
        settings.DEFAULT_FROM_EMAIL,
        [delivery.address],
        headers={"Message-ID": f"<{delivery.pk}@audit-portal>", "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (SMTPException, OSError, ValueError) as error:  # ValueError: an address or subject that cannot be sent
        _wait(delivery, now, error)
        return 0
    delivery.state, delivery.sent_at, delivery.last_error = Delivery.State.SENT, now, ""
    delivery.save(update_fields=["state", "sent_at", "last_error"])
    return 1


def _wait(delivery: Delivery, now: datetime, error: Exception) -> None:
    log.warning("Delivery %s failed: %s", delivery.pk, type(error).__name__)
    dead = now - delivery.created_at > GIVE_UP_AFTER
    delivery.state = Delivery.State.DEAD if dead else Delivery.State.PENDING
    pause = min(FIRST_PAUSE * 2 ** min(delivery.attempts - 1, 12), GIVE_UP_AFTER)
    delivery.next_attempt_at, delivery.last_error = now + pause, type(error).__name__
    delivery.save(update_fields=["state", "next_attempt_at", "last_error"])
