"""From notice to e-mail: packing, leases, back-off. At least once, a repeat only with the same Message-ID."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from smtplib import SMTPConnectError, SMTPException, SMTPHeloError, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Max, Q

from calendars.rules import london_date
from duties import emails, registry
from duties.locks import may_pack
from duties.models import Delivery, Notice
from people.lines import Lines
from people.models import Staff

log = logging.getLogger("portal.delivery")
PEOPLE = 100
IN_ORDER = ("created_at", "title", "url", "pk")  # of two ticks at once either may write first: the e-mail is the same
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=30)
GIVE_UP_AFTER = timedelta(hours=24)
# What the mail server surely did not take. After any other trouble it may have, and the words must stay as they are.
NOT_TAKEN = (SMTPConnectError, SMTPHeloError, SMTPRecipientsRefused, SMTPResponseException, ConnectionRefusedError,
             ValueError)


def drain(now: datetime, limit: int | None = None) -> int:
    """Pack what waits and send what is packed, `limit` e-mails at most; gives how many went out."""
    while pack(now):
        pass
    sent = tried = 0
    mail_server = get_connection()
    try:
        while (limit is None or tried < limit) and (delivery := claim(now)):
            tried += 1
            sent += send(delivery, now, mail_server)
    finally:
        mail_server.close()
    return sent


@transaction.atomic
def pack(now: datetime) -> int:
    """Put all that waits for somebody into one e-mail, an immediate concern into one of its own.

    Who may not know any more is replaced by P&Q. Only one packs at a time, and none while a tick runs.
    """
    if not may_pack():
        return 0
    waiting = _waiting(now)
    lines = Lines(london_date(now), whole=True)
    known = registry.known((row.recipient, row.subject_type, row.subject_id) for row in waiting)
    by_person: dict[tuple[Staff, bool], list[Notice]] = defaultdict(list)
    for notice in waiting:
        knows = (notice.recipient_id, notice.subject_type, notice.subject_id) in known
        by_person[notice.recipient if knows else lines.pq_lead(), emails.is_urgent(notice)].append(notice)
    _pack(by_person, now)
    return len(waiting)


def _waiting(now: datetime) -> list[Notice]:
    """Everything that may go out now to those who have waited longest, so that nobody's is split."""
    due = Notice.objects.pending_email().filter(send_after__lte=now)
    people = due.order_by("recipient").values("recipient").distinct()[:PEOPLE]
    rows = due.filter(recipient__in=list(people.values_list("recipient", flat=True)))
    rows = rows.select_related("recipient", "duty")
    return list(rows.select_for_update(skip_locked=True, of=("self",)))


def _pack(by_person: dict[tuple[Staff, bool], list[Notice]], now: datetime) -> None:
    packed = []
    for (person, _), notices in by_person.items():
        delivery = Delivery(recipient=person, address=person.email, created_at=now, tried_since=now,
                            next_attempt_at=now)
        packed.append(delivery)
        for notice in notices:
            notice.state, notice.delivery = Notice.State.PACKED, delivery
    Delivery.objects.bulk_create(packed)
    Notice.objects.bulk_update([row for rows in by_person.values() for row in rows], ["state", "delivery"])


@transaction.atomic
def claim(now: datetime) -> Delivery | None:
    """Lease the e-mail that has waited longest, also one whose sender died with the lease.

    Its words are written now, from what is still true and what its recipient may still know; where nothing is left it
    is cancelled and the next one is looked at.
    """
    free = Q(state=Delivery.State.PENDING) | Q(state=Delivery.State.LEASED, leased_until__lt=now)
    rows = Delivery.objects.filter(free, next_attempt_at__lte=now).order_by("next_attempt_at", "created_at")
    rows = rows.select_related("recipient").select_for_update(skip_locked=True, of=("self",))
    while delivery := rows.first():
        if _still_good(delivery):
            delivery.state, delivery.leased_until = Delivery.State.LEASED, now + LEASE
            delivery.attempts += 1
            delivery.was_out, delivery.may_be_out = delivery.may_be_out, True
            delivery.save()
            return delivery
        delivery.state, delivery.leased_until = Delivery.State.CANCELLED, None
        delivery.save(update_fields=["state", "leased_until"])
    return None


def _still_good(delivery: Delivery) -> bool:
    """Whether it may go out; one that may be out already goes again word for word, or not at all."""
    notices = list(delivery.notices.select_related("duty").order_by(*IN_ORDER))
    secret = _secret(notices, delivery.recipient)
    if delivery.may_be_out:
        if secret:
            _give_back(notices)
        return not secret
    _give_back(secret)
    overtaken = _overtaken(notices)
    past = [row for row in notices if row not in secret and (row.pk in overtaken or not emails.is_true(row))]
    _put_away(past)
    kept = [row for row in notices if row not in secret and row not in past]
    if kept:
        delivery.address = delivery.recipient.email
        delivery.subject, delivery.body, delivery.html = emails.compose(delivery.recipient, kept)
    return bool(kept)


def _secret(notices: list[Notice], person: Staff) -> list[Notice]:
    """What the person may not know any more. P&Q, to whom it would climb, know of everything."""
    if person.hats().is_pq:
        return []
    known = registry.known((person, row.subject_type, row.subject_id) for row in notices)
    return [row for row in notices if (person.pk, row.subject_type, row.subject_id) not in known]


def _overtaken(notices: list[Notice]) -> set[int]:
    """Those of a duty of which the same person was told something newer since: the newest state is enough."""
    about = {(row.duty_id, row.recipient_id) for row in notices if row.duty_id}
    told = Notice.objects.filter(channel=Notice.Channel.EMAIL, duty__in={duty for duty, _ in about})
    newest = {(duty, person): last for duty, person, last in
              told.order_by().values("duty", "recipient").annotate(last=Max("created_at"))
              .values_list("duty", "recipient", "last")}
    return {row.pk for row in notices
            if row.duty_id and row.created_at < newest[row.duty_id, row.recipient_id]}


def _give_back(notices: list[Notice]) -> None:
    """To be packed anew, for whoever may know."""
    Notice.objects.filter(pk__in=[row.pk for row in notices]).update(state=Notice.State.PENDING, delivery=None)


def _put_away(notices: list[Notice]) -> None:
    """What is no longer true is not sent."""
    Notice.objects.filter(pk__in=[row.pk for row in notices]).update(state=Notice.State.CANCELLED, delivery=None)


def send(delivery: Delivery, now: datetime, mail_server: BaseEmailBackend) -> int:
    """Send a claimed e-mail; a failure waits twice as long each time, and after a day is dead and shown to P&Q."""
    message = EmailMultiAlternatives(
        delivery.subject,
        delivery.body,
        settings.DEFAULT_FROM_EMAIL,
        [delivery.address],
        connection=mail_server,
        headers={"Message-ID": f"<{delivery.pk}@audit-portal>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(delivery.html, "text/html")
    try:
        mail_server.open()  # kept open for the next one
        message.send()
    except (SMTPException, OSError, ValueError) as error:  # ValueError: an address or subject that cannot be sent
        mail_server.close()
        _wait(delivery, now, error)
        return 0
    _settle(delivery, state=Delivery.State.SENT, sent_at=now, last_error="")
    return 1


def _wait(delivery: Delivery, now: datetime, error: Exception) -> None:
    log.warning("Delivery %s failed: %s", delivery.pk, type(error).__name__)
    dead = now - delivery.tried_since > GIVE_UP_AFTER
    pause = min(FIRST_PAUSE * 2 ** min(delivery.attempts - 1, 12), GIVE_UP_AFTER)
    _settle(
        delivery,
        state=Delivery.State.DEAD if dead else Delivery.State.PENDING,
        next_attempt_at=now + pause,
        last_error=type(error).__name__,
        may_be_out=delivery.was_out or not isinstance(error, NOT_TAKEN),
    )


def _settle(delivery: Delivery, **fields) -> None:
    """Write down how an attempt ended, unless another has begun since: then that one will."""
    Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).update(leased_until=None, **fields)
