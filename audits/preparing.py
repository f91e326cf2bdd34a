"""What the worker confirms before an audit day: the record is up to date, and they will be there (S4-05)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from audits.knowing import BEFORE_SHARING
from audits.models import Audit, Preparation
from calendars.calendar import local_extra_days
from calendars.rules import add_working_days, end_of_day
from people.models import Staff

What = Preparation.What


@dataclass(frozen=True)
class Asked:
    """One of the two things, and who confirmed it, where somebody did."""

    what: str
    confirmed: Preparation | None


def worker_of(audit: Audit) -> Staff | None:
    """Whose case it is now."""
    row = audit.participations.filter(capacity="worker", until_at=None).select_related("staff").first()
    return row.staff if row else None


def asks_to_prepare(audit: Audit) -> bool:
    """The programme asks for it, and there is a day; of a no-notice case nobody hears before it."""
    if audit.version.rules.timescales.prepare_working_days_before is None:
        return False
    round = audit.allocation.round
    return round.audit_day is not None and not round.is_no_notice


def prepared_by(audit: Audit) -> datetime | None:
    """When both are due: so many working days before the audit's day; nothing where nobody is asked."""
    if not asks_to_prepare(audit):
        return None
    days = audit.version.rules.timescales.prepare_working_days_before
    return end_of_day(add_working_days(audit.allocation.round.audit_day, -days, local_extra_days()))


def asked_of(audit: Audit) -> list[Asked]:
    """Both things in order. Anybody's word counts for the record; each new worker says anew that they will be there."""
    workers = (row.staff_id for row in audit.participations.all() if row.capacity == "worker" and row.until_at is None)
    worker, found = next(workers, None), {what: None for what in What}
    for row in audit.preparations.all():
        if row.what == What.RECORDING or row.worker_id == worker:
            found[What(row.what)] = row
    return [Asked(what, row) for what, row in found.items()]


def owing() -> QuerySet[Audit]:
    """The audits for which somebody may have to prepare, with what that depends on."""
    rows = Audit.objects.filter(status__in=BEFORE_SHARING, allocation__round__audit_day__isnull=False)
    return rows.select_related("version", "allocation__round").prefetch_related("participations", "preparations")


def to_prepare(audit: Audit) -> tuple[str, ...]:
    """The slots of what nobody confirmed yet, until the audit is shared."""
    if audit.status not in BEFORE_SHARING or not asks_to_prepare(audit):
        return ()
    return tuple(str(asked.what) for asked in asked_of(audit) if asked.confirmed is None)
