"""Telling of audits not completed: the line manager once, at repeated ones the manager above too (S2-31, S2-32)."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef

from audits.models import Audit
from audits.noncompletion import counted, is_repeated, misses_of
from calendars.rules import london_date
from calendars.words import count
from duties.models import Notice
from duties.notices import notify
from people.lines import line_manager, pq_lead, system_actor
from trail.writing import record

KEY, AGAIN = "not-completed:", "not-completed-again:"
PAGE = "/reports/not-completed/"
log = logging.getLogger("portal.audits")


def not_told(now: datetime):
    """What counts as not completed and nobody was told of, the oldest first."""
    told = Notice.objects.filter(subject_type="allocations.allocation", subject_id=OuterRef("allocation_id"),
                                 event_key__startswith=KEY)
    rows = counted(now).exclude(Exists(told)).select_related("auditor__line_manager", "version", "allocation")
    return rows.order_by("allocation__due_at", "pk")


def tell_of_missed(now: datetime) -> int:
    """Safe to run twice, at once or late: each non-completion is told once."""
    audits = list(not_told(now))
    misses = misses_of({audit.auditor_id for audit in audits}, now)
    for audit in audits:
        _tell_alone(audit, misses[audit.auditor_id], now)
    return len(audits)


def _tell_alone(audit: Audit, misses: list[datetime], now: datetime) -> None:
    """One that cannot be told of never keeps the others waiting."""
    try:
        tell(audit=audit, misses=misses, at=now)
    except DatabaseError as error:
        log.error("Nobody could be told that audit %s was not completed: %s", audit.number, type(error).__name__)


@transaction.atomic
def tell(*, audit: Audit, misses: list[datetime], at: datetime) -> None:
    """Tell the line manager; where it happens again within the programme's months, the manager above too."""
    Audit.objects.select_for_update().get(pk=audit.pk)
    if not not_told(at).filter(pk=audit.pk).exists():  # another worker told of it, or it was cleared meanwhile
        return
    allocation, manager = audit.allocation, line_manager(audit.auditor)
    told = {"subject": allocation, "url": PAGE, "at": at, "meta": audit.number}
    said = f"{audit.auditor} did not complete an audit in time"
    notify(f"{KEY}{allocation.pk}", [manager or pq_lead(london_date(at))], event="audit.not_completed",
           title=said, **told)
    again = _again(audit, misses)
    above = line_manager(manager) if manager and again else None
    if above:
        notify(f"{AGAIN}{allocation.pk}", [above], event="audit.not_completed_again", title=f"{said}: {again}", **told)
    record("audit.not_completed", target=audit, by=system_actor(), at=at, changes={"again": bool(above)})


def _again(audit: Audit, misses: list[datetime]) -> str:
    """ "at least 2 within 6 months", or nothing."""
    rules = audit.version.rules.non_completion
    days = [london_date(each) for each in misses]
    if not is_repeated(london_date(audit.allocation.due_at), days, rules.repeated_times, rules.repeated_months):
        return ""
    return f"at least {rules.repeated_times} within {count(rules.repeated_months, 'month')}"
