"""Telling the people of a case that it is audited: when the list goes out, or on the day of a no-notice one (S0-14)."""

import logging
from datetime import UTC, datetime

from django.db import DatabaseError, transaction

from audits.models import Audit
from duties.notices import notify
from people.lines import system_actor
from people.models import Staff
from trail.writing import record

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
log = logging.getLogger("portal.audits")


def readers_of(audit: Audit) -> list[Staff]:
    """The people of the case who take part now."""
    taking_part = Staff.objects.filter(participations__audit=audit, participations__until_at=None)
    return list(taking_part.exclude(pk=audit.auditor_id).distinct().order_by("pk"))


def tell_readers(audit: Audit, at: datetime) -> None:
    """Each person of the case hears that it is audited, and by whom."""
    notify(
        f"audit:{audit.pk}:allocated",
        readers_of(audit),
        event="audit.allocated",
        subject=audit,
        at=at,
        meta=audit.number,
        url=f"/audits/{audit.number}/",
        title=f"A case of yours is being audited by {audit.auditor}",
    )
    audit.told_at = at
    audit.save(update_fields=["told_at"])


def keep_secret(audit: Audit, at: datetime) -> None:
    """One without notice that is withdrawn before its day: who was not told of it never sees it (S0-14)."""
    if audit.visible_from > at:
        audit.visible_from = NEVER
        audit.save(update_fields=["visible_from"])


def tell_on_the_day(now: datetime) -> int:
    """The people of no-notice cases hear on the day; safe to run twice, at once or late."""
    waiting = Audit.objects.live().filter(told_at=None, visible_from__lte=now, is_past=False)
    audits = list(waiting.order_by("pk"))
    for audit in audits:
        _tell_alone(audit, now)
    return len(audits)


def _tell_alone(audit: Audit, now: datetime) -> None:
    """One audit that cannot be told of never keeps the others waiting."""
    try:
        tell(audit=audit, at=now)
    except DatabaseError as error:
        log.error("The people of audit %s could not be told: %s", audit.number, type(error).__name__)


@transaction.atomic
def tell(*, audit: Audit, at: datetime) -> None:
    """Tell the people of one case, once, unless it was withdrawn meanwhile."""
    audit = Audit.objects.live().select_for_update(of=("self",)).select_related("auditor").filter(
        pk=audit.pk, told_at=None, visible_from__lte=at).first()
    if audit:
        tell_readers(audit, at)
        record("audit.told", target=audit, by=system_actor(), at=at)
