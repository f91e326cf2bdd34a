"""Immediate concerns: told at once, in any state of the audit, open until recorded (S1-26 to S1-29)."""

from datetime import datetime, timedelta

from django.db import transaction

from audits.models import Audit, Concern, ConcernCall
from audits.permissions import check_can_answer_concern, check_can_raise_concern
from audits.workflow.taking_part import team_manager_of
from calendars.rules import london_date
from duties.notices import notify
from duties.workflow import close_duty, open_duty
from people.lines import Lines
from people.models import Staff
from people.roles import Role
from trail.writing import record
from workflows import move, register

RECORD_WITHIN_HOURS = 24  # where a programme names no time: a concern never goes without one

CONCERN_TRANSITIONS = {
    Concern.Status.RAISED: frozenset({Concern.Status.ACKNOWLEDGED}),
    Concern.Status.ACKNOWLEDGED: frozenset({Concern.Status.CONFIRMED}),
    Concern.Status.CONFIRMED: frozenset(),
}
register(
    Concern,
    CONCERN_TRANSITIONS,
    title="immediate concern",
    unfinished=frozenset({Concern.Status.RAISED, Concern.Status.ACKNOWLEDGED}),
)


@transaction.atomic
def raise_concern(*, audit: Audit, text: str, by: Staff, at: datetime) -> Concern:
    """Tell the team manager at once; where they are away, cover and group manager too (B3)."""
    check_can_raise_concern(by, audit)
    concern = Concern.objects.create(audit=audit, text=text, raised_at=at, raised_by=by)
    manager = team_manager_of(audit)
    open_duty(
        "concern.acknowledge",
        concern,
        owner=manager,
        role=Role.GROUP_MANAGER,
        unit=audit.team,
        due_at=at + timedelta(hours=audit.version.rules.timescales.concern_hours.group_manager),
        at=at,
        audit_number=audit.number,
    )
    notify(
        f"concern:{concern.pk}:raised",
        _also_told(audit, manager, at),
        event="concern.raised",
        subject=audit,
        at=at,
        meta=audit.number,
        title="An immediate concern was raised",
        url=f"/audits/{audit.number}/concerns/{concern.pk}/",
    )
    record("concern.raised", target=concern, subject=audit, by=by, at=at)
    return concern


def _also_told(audit: Audit, manager: Staff | None, at: datetime) -> list[Staff]:
    """Where there is no manager, or they are away: who covers, and the group manager (B3)."""
    lines = Lines(london_date(at))
    if manager and not lines.is_away(manager):
        return []
    cover = lines.cover_for(manager) if manager else None
    group = lines.manager_of_kind(audit.team, "group") if audit.team else None
    return [person for person in (cover, group) if person]


@transaction.atomic
def record_call(*, concern: Concern, was_spoken_to: bool, rung_at: datetime, by: Staff, at: datetime,
                person: Staff | None = None, somebody_else: str = "") -> ConcernCall:
    """Somebody was rung about the concern, whoever sees it (B3). It answers nothing: the manager still has to."""
    check_can_raise_concern(by, concern.audit)
    call = ConcernCall.objects.create(concern=concern, person=person, somebody_else=somebody_else, rung_at=rung_at,
                                      was_spoken_to=was_spoken_to, recorded_at=at, recorded_by=by)
    record("concern.rung", target=call, subject=concern.audit, by=by, at=at,
           changes={"part": "spoken to" if was_spoken_to else "no answer"})
    return call


@transaction.atomic
def acknowledge_concern(*, concern: Concern, by: Staff, at: datetime) -> Concern:
    """A manager says "I have this"."""
    rows = Concern.objects.select_for_update(of=("self",)).select_related("audit__team", "audit__version")
    concern = rows.get(pk=concern.pk)
    check_can_answer_concern(by, concern)
    move(concern, Concern.Status.ACKNOWLEDGED)
    concern.acknowledged_at, concern.acknowledged_by = at, by
    concern.save(update_fields=["status", "acknowledged_at", "acknowledged_by"])
    close_duty("concern.acknowledge", concern, by=by, at=at)
    hours = concern.audit.version.rules.timescales.concern_confirm_hours or RECORD_WITHIN_HOURS
    open_duty(
        "concern.confirm",
        concern,
        owner=by,
        role=Role.TEAM_MANAGER,
        unit=concern.audit.team,
        due_at=at + timedelta(hours=hours),
        at=at,
        audit_number=concern.audit.number,
        tell=False,
    )
    record("concern.acknowledged", target=concern, subject=concern.audit, by=by, at=at)
    return concern


@transaction.atomic
def confirm_concern(*, concern: Concern, action_taken: str, record_reference: str, by: Staff, at: datetime) -> Concern:
    """What was done, and where it stands under Management Oversight (S1-28, S1-29)."""
    concern = Concern.objects.select_for_update(of=("self",)).select_related("audit").get(pk=concern.pk)
    check_can_answer_concern(by, concern)
    move(concern, Concern.Status.CONFIRMED)
    concern.action_taken, concern.record_reference = action_taken, record_reference
    concern.confirmed_at, concern.confirmed_by = at, by
    concern.save(update_fields=["status", "action_taken", "record_reference", "confirmed_at", "confirmed_by"])
    close_duty("concern.confirm", concern, by=by, at=at)
    record("concern.confirmed", target=concern, subject=concern.audit, by=by, at=at)
    return concern
