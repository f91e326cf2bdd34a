"""The secret addresses of calendars: made, shown once, revoked. What is stored opens nothing."""

import secrets
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from duties.models import FeedAddress
from duties.permissions import check_is_oneself
from people.models import Staff
from trail.writing import record

SECRET_BYTES = 32  # 256 bits: nobody finds one by trying


def digest_of(token: str) -> str:
    """What is kept of a secret. It is random and long, so one round of SHA-256 is enough."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def make(*, staff: Staff, by: Staff, at: datetime) -> str:
    """A new secret, which is given here and never again; the one before opens nothing any more."""
    _lock(staff)
    check_is_oneself(by, staff)
    revoke_all(staff=staff, by=by, at=at)
    token = secrets.token_urlsafe(SECRET_BYTES)
    address = FeedAddress.objects.create(staff=staff, token_digest=digest_of(token), made_at=at)
    record("calendar.address_made", target=address, subject=staff, by=by, at=at)
    return token


@transaction.atomic
def revoke(*, staff: Staff, by: Staff, at: datetime) -> bool:
    """The address opens nothing from now on; gives whether there was one."""
    _lock(staff)
    check_is_oneself(by, staff)
    return revoke_all(staff=staff, by=by, at=at)


def revoke_all(*, staff: Staff, by: Staff, at: datetime) -> bool:
    """The same inside a verb that has asked who may: also for somebody who leaves."""
    address = FeedAddress.objects.visible_to(staff).in_use().first()
    if address is None:
        return False
    address.revoked_at = max(at, address.made_at)
    address.save(update_fields=["revoked_at"])
    record("calendar.address_revoked", target=address, subject=staff, by=by, at=at)
    return True


def reader_of(token: str, *, at: datetime, on: date) -> Staff | None:
    """Whose calendar a secret opens, noting that it was read; None for an unknown or revoked one or a leaver's.

    All of these take the same one query, so that nothing tells them apart.
    """
    address = FeedAddress.objects.readable(digest_of(token), on).first()
    if address is None:
        return None
    FeedAddress.objects.filter(pk=address.pk).update(last_read_at=at)
    return address.staff


def _lock(staff: Staff) -> None:
    """Two posts at once: the second waits and revokes what the first made."""
    Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
