"""The nightly check: every record against the open duties; what is not as it must be is put right and reported.

Work that is not finished always has an open duty with a living holder (DESIGN section 4). The verbs see to it; this
is the net below them, for what a fault, a restore or a hand at the database left behind.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime

from django.db import IntegrityError, models, transaction

from calendars.calendar import local_extra_days
from calendars.rules import end_of_day, london_date, next_working_day
from calendars.words import count
from duties import registry
from duties.comparing import HOLDER, MISSING, SURPLUS, Finding, compare, looks
from duties.models import Duty, Sweep
from duties.notices import notify
from duties.registry import register_event, register_subject
from duties.workflow import close_duty, open_duty, resolve_again
from people.lines import pq_lead, system_actor
from people.roles import Role
from trail.writing import record

log = logging.getLogger("portal.sweep")
SWEPT = "duties.swept"
MOST_DETAILS = 500
COUNTED = {MISSING: "opened", SURPLUS: "closed", HOLDER: "moved"}
Tell = Callable[[int, int, str], None]


def register() -> None:
    """Who may hear of a check: whoever sees its report."""
    register_subject(Sweep, Sweep.objects.visible_to)
    register_event(SWEPT, "The nightly check put duties right")


def begin(*, at: datetime, night: date | None = None) -> tuple[Sweep, bool]:
    """A new check, and whether it is new: each night has one, however many ask at the same moment."""
    if night is None:
        return Sweep.objects.create(started_at=at), True
    return Sweep.objects.get_or_create(night=night, defaults={"started_at": at})


def carry_on(
    sweep: Sweep, *, at: datetime, tell: Tell = lambda *said: None, enough: Callable[[], bool] = lambda: False
) -> bool:
    """Check from where it stands until the end or until it is `enough`; gives whether the end is reached.

    Each batch is written down when it is done, so that whoever takes over goes on from there.
    """
    all_looks = looks(london_date(at))
    step, after = sweep.position or (0, 0)
    while sweep.finished_at is None and step < len(all_looks):
        ids = all_looks[step].ids_after(after)
        found = all_looks[step].findings(ids) if ids else []
        _write_down(sweep, [finding for finding in found if repair(finding, at=at)], len(ids))
        step, after = (step, ids[-1]) if ids else (step + 1, 0)
        sweep.position = [step, after]
        sweep.save(update_fields=["position", "checked", "opened", "closed", "moved", "details"])
        tell(step, len(all_looks), f"{sweep.checked} looked at, {sweep.repaired} put right")
        if enough():
            break
    if sweep.finished_at is None and step == len(all_looks):
        _finish(sweep, at)
    return sweep.finished_at is not None


def _write_down(sweep: Sweep, repaired: list[Finding], looked_at: int) -> None:
    sweep.checked += looked_at
    for finding in repaired:
        name = COUNTED[finding.what]
        setattr(sweep, name, getattr(sweep, name) + 1)
    room = MOST_DETAILS - len(sweep.details)
    sweep.details += [finding._asdict() for finding in repaired[:room]]


@transaction.atomic
def _finish(sweep: Sweep, at: datetime) -> None:
    """The report is complete; where anything was put right, the P&Q lead is told once."""
    sweep.finished_at = max(at, sweep.started_at)
    sweep.save(update_fields=["finished_at"])
    changes = {name: getattr(sweep, name) for name in ("checked", *COUNTED.values())}
    record(SWEPT, target=sweep, by=system_actor(), at=at, changes=changes)
    if sweep.repaired:
        title = f"The nightly check of duties put {count(sweep.repaired, 'thing')} right"
        lead = pq_lead(london_date(at))
        notify(f"sweep:{sweep.pk}", [lead], event=SWEPT, subject=sweep, title=title, url="/settings/status/", at=at)


def repair(finding: Finding, *, at: datetime) -> bool:
    """Put one thing right; False where a verb did so in the meantime."""
    try:
        return _repair(finding, at)
    except IntegrityError:  # a verb that locks another record than ours opened the duty at this moment
        log.warning("%s: somebody else was quicker", finding)
        return False


@transaction.atomic
def _repair(finding: Finding, at: datetime) -> bool:
    kind = registry.kind(finding.kind)
    if finding.what == HOLDER:
        return resolve_again(_duty_of(finding), at=at) > 0
    # The record is locked, as its verbs lock it, and compared again: what was found may be past.
    subject = kind.model._default_manager.select_for_update(of=("self",)).filter(pk=finding.subject_id).first()
    if finding not in compare(kind, [finding.subject_id]):
        return False
    subject = subject or kind.model(pk=finding.subject_id)
    if finding.what == SURPLUS:
        by = system_actor()
        return close_duty(finding.kind, subject, by=by, at=at, slot=finding.slot, outcome="swept") > 0
    _open_missing(finding, subject, at)
    return True


def _duty_of(finding: Finding) -> models.QuerySet[Duty]:
    kind = registry.kind(finding.kind)
    about = kind.model(pk=finding.subject_id)
    return Duty.objects.open().of(about, finding.kind).filter(slot=finding.slot)


def _open_missing(finding: Finding, subject: models.Model, at: datetime) -> None:
    """For the P&Q lead, by the end of the working day; number and unit as earlier duties of the record had them.

    Where there never was one, a record with a number of its own is an audit.
    """
    day = next_working_day(london_date(at), local_extra_days())
    earlier = Duty.objects.of(subject).order_by("-opened_at", "-pk").first()
    number = earlier.audit_number if earlier else getattr(subject, "number", "")
    open_duty(
        finding.kind, subject, role=Role.QA_LEAD, slot=finding.slot, due_at=end_of_day(day), at=at,
        unit=earlier.unit if earlier else None, audit_number=number,
    )  # fmt: skip
