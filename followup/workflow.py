"""Part B: opened by acceptance with the actions filled in, supervision recorded, actions confirmed, returned."""

from datetime import date, datetime, timedelta

from django.db import transaction

from audits import workflow as audits
from audits.content import live_actions
from audits.models import Audit, Filing
from calendars.calendar import working_days_after
from calendars.rules import end_of_day, london_date
from duties.models import Duty
from duties.workflow import close_duty, hand_on_all, open_duty
from followup.models import Action, PartB
from followup.permissions import DUTIES, check_can_complete
from people.lines import pq_lead
from people.models import Staff
from people.roles import Role
from trail.writing import record
from workflows import move, register

Status = PartB.Status

TRANSITIONS = {Status.OPEN: frozenset({Status.CLOSED}), Status.CLOSED: frozenset()}
ACTION_TRANSITIONS = {
    Action.Status.OPEN: frozenset({Action.Status.DONE, Action.Status.NOT_POSSIBLE}),
    Action.Status.DONE: frozenset(),
    Action.Status.NOT_POSSIBLE: frozenset(),
}
register(PartB, TRANSITIONS, title="answer to the audit", unfinished=frozenset({Status.OPEN}))
register(Action, ACTION_TRANSITIONS, title="action", unfinished=frozenset({Action.Status.OPEN}))


class NotReady(Exception):
    """Part B cannot be returned yet; `missing` lists what has to be done."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__("You can return this audit when this is done: " + "; ".join(missing) + ".")


@transaction.atomic
def open_part_b(audit: Audit, by: Staff, at: datetime) -> PartB:
    """Give an accepted audit to its team manager, with the actions filled in (S1-52, S2-83, S2-84)."""
    if not audit.case_file.is_open:
        audits.follow([audit.case_file_id], by, at)  # whoever last had the case takes part, so that they may know
    part_b = PartB.objects.create(
        audit=audit, manager=_manager_of(audit, at), opened_at=at, supervision_due_at=supervision_due(audit, at)
    )
    for position, proposed in enumerate(live_actions(audit), start=1):
        _open_action(part_b, position, proposed, at)
    _open(part_b, "followup.supervision", part_b.supervision_due_at, at)
    if not part_b.actions.exists():
        _start_confirmation(part_b, at)
    record("followup.opened", target=part_b, subject=audit, by=by, at=at)
    return part_b


def _manager_of(audit: Audit, at: datetime) -> Staff:
    return audits.team_manager_of(audit) or pq_lead(london_date(at))


@transaction.atomic
def hand_to_manager(audit: Audit, tell: bool, by: Staff, at: datetime) -> None:
    """Another team manager takes part: what is open of Part B is theirs now, what was done stays (B12)."""
    part_b = PartB.objects.open().filter(audit=audit).select_for_update(of=("self",)).select_related("manager").first()
    if part_b is None or part_b.manager == (manager := _manager_of(audit, at)):
        return
    before, part_b.manager = part_b.manager, manager
    part_b.save(update_fields=["manager"])
    theirs = Duty.objects.open().filter(kind__in=DUTIES, audit_number=audit.number, owner=before)
    hand_on_all(theirs, owner=manager, at=at, tell=tell)
    record("followup.handed_on", target=part_b, subject=audit, by=by, at=at)


def supervision_due(audit: Audit, at: datetime) -> datetime:
    """Five working days when the audit is inadequate, else thirty days (S1-56, S2-81, A26, A27)."""
    timescales = audit.version.rules.timescales
    if audit.grade and audit.grade.is_inadequate:
        return working_days_after(at, timescales.part_b_inadequate_working_days)
    return end_of_day(london_date(at) + timedelta(days=timescales.supervision_discussion_days))


def _open_action(part_b: PartB, position: int, proposed, at: datetime) -> None:
    action = Action.objects.create(
        part_b=part_b,
        position=position,
        what=proposed.what,
        owner=proposed.owner,
        owner_outside=proposed.owner_outside,
        due_on=proposed.due_on,
        measure=proposed.measure,
        change_for_child=proposed.change_for_child,
    )
    owe_action(action, at)


def owe_action(action: Action, at: datetime) -> None:
    """The team manager confirms an action; where its day is over, from now on."""
    part_b = action.part_b
    open_duty(
        "followup.action",
        action,
        owner=part_b.manager,
        role=Role.TEAM_MANAGER,
        unit=part_b.audit.team,
        due_at=max(end_of_day(action.due_on), at),
        at=at,
        audit_number=part_b.audit.number,
        tell=False,
    )


def _open(part_b: PartB, kind: str, due_at: datetime, at: datetime) -> None:
    open_duty(
        kind,
        part_b,
        owner=part_b.manager,
        role=Role.TEAM_MANAGER,
        unit=part_b.audit.team,
        due_at=due_at,
        at=at,
        audit_number=part_b.audit.number,
    )


def _start_confirmation(part_b: PartB, at: datetime) -> None:
    """Three working days after the last action the manager's confirmation is due (B8)."""
    days = part_b.audit.version.rules.timescales.confirmation_working_days
    part_b.confirm_due_at = working_days_after(at, days)
    part_b.save(update_fields=["confirm_due_at"])
    _open(part_b, "followup.confirm", part_b.confirm_due_at, at)


def _locked(part_b: PartB) -> PartB:
    rows = PartB.objects.select_for_update(of=("self",)).select_related("audit__team", "audit__version", "manager")
    return rows.get(pk=part_b.pk)


REFLECTIONS = ("worker_practice", "management_oversight", "went_well", "to_develop")


@transaction.atomic
def record_supervision(
    *, part_b: PartB, on: date, discussion: str, by: Staff, at: datetime, **reflections: str
) -> PartB:
    """Record the discussion of the findings in supervision, with the four reflections (S1-56, S2-82, S2-85)."""
    part_b = _locked(part_b)
    check_can_complete(by, part_b)
    part_b.supervision_on, part_b.discussion = on, discussion
    for name in REFLECTIONS:
        setattr(part_b, name, reflections.get(name, ""))
    part_b.supervision_recorded_at, part_b.supervision_recorded_by = at, by
    part_b.save()
    close_duty("followup.supervision", part_b, by=by, at=at)
    record("followup.supervision_recorded", target=part_b, subject=part_b.audit, by=by, at=at)
    return part_b


@transaction.atomic
def confirm_action(*, action: Action, done_on: date, evidence: str, by: Staff, at: datetime) -> Action:
    """Confirm that an action is done, with what shows it (S1-53)."""
    return _end_action(action, Action.Status.DONE, evidence, by, at, done_on=done_on)


@transaction.atomic
def give_up_action(*, action: Action, because: str, by: Staff, at: datetime) -> Action:
    """An action cannot be done as written: the reason is kept and P&Q see it."""
    return _end_action(action, Action.Status.NOT_POSSIBLE, because, by, at)


def _end_action(
    action: Action, status: str, evidence: str, by: Staff, at: datetime, done_on: date | None = None
) -> Action:
    part_b = _locked(action.part_b)
    check_can_complete(by, part_b)
    action = Action.objects.select_for_update().get(pk=action.pk)
    move(action, status)
    action.done_on, action.evidence, action.confirmed_at, action.confirmed_by = done_on, evidence, at, by
    action.save(update_fields=["status", "done_on", "evidence", "confirmed_at", "confirmed_by"])
    close_duty("followup.action", action, by=by, at=at, outcome=status)
    record(f"followup.action_{status}", target=action, subject=part_b.audit, by=by, at=at)
    if not part_b.actions.open().exists():
        _start_confirmation(part_b, at)
    return action


def missing_before_return(part_b: PartB) -> list[str]:
    """What still has to be done before Part B goes back."""
    still_open = [str(n) for n in part_b.actions.open().values_list("position", flat=True)]
    missing = []
    if still_open:
        named = f"action {still_open[0]} is" if len(still_open) == 1 else f"actions {' and '.join(still_open)} are"
        missing.append(f"{named} confirmed, or a reason is given")
    if part_b.supervision_recorded_at is None:
        missing.append("the supervision discussion is recorded")
    return missing


@transaction.atomic
def return_part_b(*, part_b: PartB, by: Staff, at: datetime) -> PartB:
    """Confirm that everything was addressed and return the audit to P&Q; it closes (S1-53, S1-54).

    The answer is copied to the child's record, as the audit was (B14).
    """
    part_b = _locked(part_b)
    check_can_complete(by, part_b)
    if missing := missing_before_return(part_b):
        raise NotReady(missing)
    move(part_b, Status.CLOSED)
    part_b.returned_at, part_b.returned_by = at, by
    part_b.save(update_fields=["status", "returned_at", "returned_by"])
    close_duty("followup.confirm", part_b, by=by, at=at)
    audits.close(audit=part_b.audit, by=by, at=at)
    audits.open_filing(audit=part_b.audit, what=Filing.What.PART_B, by=by, at=at)
    record("followup.returned", target=part_b, subject=part_b.audit, by=by, at=at)
    return part_b
