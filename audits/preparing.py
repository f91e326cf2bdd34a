"""What the worker confirms before an audit day: the record is up to date, and they will be there (S4-05)."""

from dataclasses import dataclass
from datetime import datetime

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


def prepared_by(audit: Audit) -> datetime | None:
    """When both are due: so many working days before the audit's day; nothing where the programme asks for none.

    Of a no-notice case nobody hears before the day, so nobody can prepare it.
    """
    days = audit.version.rules.timescales.prepare_working_days_before
    round = audit.allocation.round if days else None
    if round is None or round.audit_day is None or round.is_no_notice:
        return None
    return end_of_day(add_working_days(round.audit_day, -days, local_extra_days()))


def asked_of(audit: Audit) -> list[Asked]:
    """Both things in order. Anybody's word counts for the record; each new worker says anew that they will be there."""
    worker = worker_of(audit)
    rows = list(audit.preparations.select_related("confirmed_by"))
    found = {What.RECORDING: [row for row in rows if row.what == What.RECORDING],
             What.ATTENDANCE: [row for row in rows if row.what == What.ATTENDANCE
                               and row.worker_id == (worker.pk if worker else None)]}
    return [Asked(what, done[-1] if done else None) for what, done in found.items()]


def to_prepare(audit: Audit) -> tuple[str, ...]:
    """The slots of what nobody confirmed yet, until the audit is shared."""
    if audit.status not in BEFORE_SHARING or prepared_by(audit) is None:
        return ()
    return tuple(str(asked.what) for asked in asked_of(audit) if asked.confirmed is None)
