"""Verbs of the notice that an audit is inadequate: told, acknowledged, withdrawn. Never sent by itself (A24)."""

from datetime import date, datetime

from django.db import transaction

from audits.inadequate import is_confirmed, is_provisional
from audits.models import Audit, InadequateNotice, Participation
from audits.permissions import (
    check_can_acknowledge_inadequate,
    check_can_tell_inadequate,
    check_can_withdraw_inadequate,
)
from audits.workflow.life import locked
from audits.workflow.taking_part import team_manager_of
from calendars.calendar import working_days_after
from calendars.rules import end_of_day, london_date
from duties.models import Duty
from duties.notices import notify
from duties.workflow import close_duty, open_duty
from people.lines import Lines
from people.models import Staff
from people.refusals import Refused
from people.roles import Role
from trail.writing import record

NOTIFY, ACKNOWLEDGE = "inadequate.notify", "inadequate.acknowledge"
LINE = ("group", "service", "directorate")
WITHIN_WORKING_DAYS = 1


def follow_grade(audit: Audit, *, by: Staff, at: datetime, is_step: bool = True) -> None:
    """A grade was given, shared or became final: where it is inadequate the auditor tells of it, the same day (S2-22).
    While somebody writes (not `is_step`) only under a programme that tells before the grade is confirmed.

    At a step, never while somebody writes, the same people hear that a notice is confirmed, or that the grade is
    another one now (A24).
    """
    if not is_step and audit.version.rules.judging.inadequate_notice != "same_day":
        return
    standing = audit.inadequate_notices.standing().first()
    confirmed = is_confirmed(audit)
    if not confirmed and not is_provisional(audit):
        close_duty(NOTIFY, audit, by=by, at=at, outcome="graded otherwise")
        if standing and is_step:
            _withdraw(standing, "The grade is another one now", by, at)
    elif standing is None and not Duty.objects.open().of(audit, NOTIFY).exists():
        open_duty(NOTIFY, audit, owner=audit.auditor, role=Role.QA_LEAD, unit=audit.team, tell=is_step,
                  due_at=end_of_day(london_date(at)), at=at, audit_number=audit.number)
    elif standing and standing.is_provisional and confirmed:
        standing.is_provisional = False
        standing.save(update_fields=["is_provisional"])
        _tell(standing, "confirmed", "It is confirmed that an audit is inadequate", at)
        record("audit.inadequate_confirmed", target=standing, subject=audit, by=by, at=at)


@transaction.atomic
def notify_inadequate(*, audit: Audit, worker_told_on: date, by: Staff, at: datetime) -> InadequateNotice:
    """Tell worker, team manager, their line up to the assistant director, and P&Q, in writing and at once (S2-22).

    Provisional where the programme tells of it the same day and the grade is not confirmed yet (A24). Raises Refused
    where the grade is not inadequate, it was told before, or the day lies ahead.
    """
    audit = locked(audit)
    check_can_tell_inadequate(by, audit)
    confirmed = is_confirmed(audit)
    if not confirmed and not is_provisional(audit):
        raise Refused("The audit is not confirmed as inadequate. Nobody was told.")
    if audit.inadequate_notices.standing().exists():
        raise Refused("This was told already. Nobody was told again.")
    if not london_date(audit.allocated_at) <= worker_told_on <= london_date(at):
        raise Refused("You spoke with the worker between the allocation and today. Check the day.", "worker_told_on")
    notice = InadequateNotice.objects.create(audit=audit, worker_told_on=worker_told_on, told_at=at, told_by=by,
                                             is_provisional=not confirmed)
    notice.recipients.set(people_to_tell(audit, at))
    _tell(notice, "told", f"An audit was graded inadequate{'' if confirmed else ' (provisional)'}", at)
    close_duty(NOTIFY, audit, by=by, at=at)
    open_duty(ACKNOWLEDGE, notice, owner=team_manager_of(audit), role=Role.GROUP_MANAGER, unit=audit.team,
              due_at=working_days_after(at, WITHIN_WORKING_DAYS), at=at, audit_number=audit.number)
    record("audit.inadequate_told", target=notice, subject=audit, by=by, at=at)
    return notice


def people_to_tell(audit: Audit, at: datetime) -> list[Staff]:
    """Worker, team manager, group manager, head of service, assistant director and P&Q, each once (A24)."""
    lines = Lines(london_date(at))
    workers = Participation.objects.filter(audit=audit, capacity="worker", until_at=None, staff__is_active=True)
    people = [row.staff for row in workers.select_related("staff")] + [team_manager_of(audit)]
    if audit.team:
        people += [lines.manager_of_kind(audit.team, kind) for kind in LINE]
    return list(dict.fromkeys(filter(None, [*people, lines.pq_lead()])))


@transaction.atomic
def acknowledge_inadequate(*, notice: InadequateNotice, by: Staff, at: datetime) -> InadequateNotice:
    """The team manager, or a manager above, says that it was read."""
    notice = _locked(notice)
    check_can_acknowledge_inadequate(by, notice)
    if notice.withdrawn_at or notice.acknowledged_at:
        raise Refused("This is settled already.")
    notice.acknowledged_at, notice.acknowledged_by = at, by
    notice.save(update_fields=["acknowledged_at", "acknowledged_by"])
    close_duty(ACKNOWLEDGE, notice, by=by, at=at)
    record("audit.inadequate_acknowledged", target=notice, subject=notice.audit, by=by, at=at)
    return notice


@transaction.atomic
def withdraw_inadequate(*, notice: InadequateNotice, because: str, by: Staff, at: datetime) -> InadequateNotice:
    """P&Q take it back, the auditor a provisional one; the same people are told (A24). While the grade stands, it has
    to be told anew.
    """
    notice = _locked(notice)
    check_can_withdraw_inadequate(by, notice)
    if notice.withdrawn_at:
        raise Refused("This was withdrawn already.")
    _withdraw(notice, because, by, at)
    follow_grade(notice.audit, by=by, at=at)
    return notice


def _locked(notice: InadequateNotice) -> InadequateNotice:
    rows = InadequateNotice.objects.select_for_update(of=("self",)).select_related("audit__team", "audit__auditor")
    return rows.get(pk=notice.pk)


def _withdraw(notice: InadequateNotice, because: str, by: Staff, at: datetime) -> None:
    notice.withdrawn_at, notice.withdrawn_by, notice.withdrawn_because = at, by, because
    notice.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    close_duty(ACKNOWLEDGE, notice, by=by, at=at, outcome="withdrawn")
    _tell(notice, "withdrawn", "It no longer holds that an audit is inadequate", at)
    record("audit.inadequate_withdrawn", target=notice, subject=notice.audit, by=by, at=at,
           changes={"because": because})


def _tell(notice: InadequateNotice, what: str, title: str, at: datetime) -> None:
    event = "inadequate.withdrawn" if what == "withdrawn" else "inadequate.told"
    notify(f"inadequate:{notice.pk}:{what}", list(notice.recipients.all()), event=event, subject=notice,
           title=title, url=notice.get_absolute_url(), meta=notice.audit.number, at=at)
