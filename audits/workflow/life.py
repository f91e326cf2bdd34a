"""From allocation to closing: the transition table and the verbs that no other noun owns."""

from datetime import datetime, time

from django.db import transaction

from allocations.models import Allocation, Round
from audits.models import Audit, Hold, Participation
from audits.permissions import check_can_dispute, check_has_no_connection, check_is_auditor
from audits.workflow.another_case import bring_up_to_date
from audits.workflow.no_notice import tell_readers
from audits.workflow.people_duties import bring_people_up_to_date
from audits.workflow.taking_part import people_of_case
from calendars.calendar import working_days_after
from calendars.rules import at_london, audited_period_start, london_date
from casefiles.models import CaseFile
from duties.workflow import close_all, open_duty
from people.models import Staff, Unit
from people.roles import Role
from trail.writing import record
from workflows import InvalidTransition, move, register, table_of

Status = Audit.Status

TRANSITIONS = {
    Status.ALLOCATED: frozenset({Status.IN_PROGRESS, Status.SUBSTITUTED, Status.CANCELLED}),
    Status.IN_PROGRESS: frozenset({Status.ALLOCATED, Status.SHARED, Status.SUBSTITUTED, Status.CANCELLED}),
    Status.SHARED: frozenset({Status.SHARED, Status.FINALISED, Status.IN_DISPUTE, Status.CANCELLED}),
    Status.IN_DISPUTE: frozenset({Status.SHARED, Status.CANCELLED}),
    Status.FINALISED: frozenset({Status.QUALITY_CHECK}),
    Status.QUALITY_CHECK: frozenset({Status.WITH_TEAM_MANAGER, Status.RETURNED}),
    Status.RETURNED: frozenset({Status.FINALISED, Status.SHARED}),
    Status.WITH_TEAM_MANAGER: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset(),
    Status.SUBSTITUTED: frozenset(),
    Status.CANCELLED: frozenset(),
}
CANCELLABLE = frozenset(status for status, following in TRANSITIONS.items() if Status.CANCELLED in following)
ENDED = frozenset({Status.CLOSED, Status.SUBSTITUTED, Status.CANCELLED})

register(Audit, TRANSITIONS, title="audit", unfinished=frozenset(Status) - ENDED)


def locked(audit: Audit) -> Audit:
    """The audit's row, locked until the transaction ends: the first line of every verb."""
    return Audit.objects.select_for_update().get(pk=audit.pk)


class WrongStep(InvalidTransition):
    """The state may lead there, but by another step: a returned audit is sent back, never shared or made final anew."""

    def __init__(self, audit: Audit, wanted: Status) -> None:
        super().__init__(table_of(Audit), Status(audit.status), wanted)
        self.args = (f"This audit is “{audit.get_status_display()}”, so this step is not open now.",)


def check_step(audit: Audit, only_from: Status, wanted: Status) -> None:
    """Some steps belong to one state only, whatever the table allows from others. Raises WrongStep."""
    if audit.status != only_from:
        raise WrongStep(audit, wanted)


@transaction.atomic
def allocate(*, allocation: Allocation, by: Staff, at: datetime) -> Audit:
    """Open the audit of a published allocation: copies of team and line, people, the auditor's duty (S1-15).

    The people of the case hear of it now; of one without notice on its day (S0-14).
    """
    case_file = allocation.case_file
    audit = _copied_from(allocation, at)
    _take_part(audit, case_file, at)
    open_completing(audit, at)
    if audit.visible_from <= at:
        tell_readers(audit, at)
    bring_up_to_date(audit, by=by, at=at)
    bring_people_up_to_date(audit, by=by, at=at)
    record("audit.allocated", target=audit, by=by, at=at, changes={"auditor": str(audit.auditor)})
    return audit


def open_completing(audit: Audit, at: datetime) -> None:
    """The auditor owes the audit until it is shared."""
    open_duty("audit.complete", audit, owner=audit.auditor, role=Role.QA_LEAD, unit=audit.team, due_at=audit.due_at,
              at=at, audit_number=audit.number)


def _copied_from(allocation: Allocation, at: datetime) -> Audit:
    """Team, line and service as they are now: reports must not follow later moves."""
    case_file, team = allocation.case_file, allocation.case_file.team
    return Audit.objects.create(
        number=allocation.number,
        allocation=allocation,
        version=allocation.round.version,
        case_file=case_file,
        month=allocation.round.month,
        auditor=allocation.auditor,
        team=team,
        unit_path=team.path if team else "",
        service_name=_service_name(team),
        category=case_file.category,
        is_graded=allocation.round.version.grades.exists(),
        visible_from=known_from(allocation.round, at),
        due_at=allocation.due_at,
        allocated_at=at,
    )


def known_from(round: Round, at: datetime) -> datetime:
    """When the people of the case may know: at once, or from the first minute of the day of a no-notice audit."""
    return max(at_london(round.audit_day, time()), at) if round.is_no_notice else at


def _service_name(team: Unit | None) -> str:
    """The service above a team, for reports that must not follow later moves."""
    if team is None:
        return ""
    units = Unit.objects.filter(pk__in=team.ids_upwards(), kind=Unit.Kind.SERVICE)
    return next((unit.name for unit in units), team.name)


def _take_part(audit: Audit, case_file: CaseFile, at: datetime) -> None:
    """Auditor, worker, team manager, IRO and adviser take part from now on; the auditor as nothing else."""
    people = {capacity: person for capacity, person in people_of_case(case_file).items() if person != audit.auditor}
    Participation.objects.bulk_create(
        Participation(audit=audit, staff=person, capacity=capacity, from_at=at)
        for capacity, person in {"auditor": audit.auditor, **people}.items()
        if person and person.is_active
    )


@transaction.atomic
def open_audit(*, audit: Audit, by: Staff, at: datetime) -> Audit:
    """The auditor begins, having no connection with the child or family; the audited period is set (S1-30)."""
    audit = locked(audit)
    check_is_auditor(by, audit)
    check_has_no_connection(audit)
    move(audit, Status.IN_PROGRESS)
    rules = audit.version.rules.audited_period
    today = london_date(at)
    referral = audit.case_file.referral_on if rules.since_latest_referral else None
    audit.opened_at = audit.no_connection_at = at
    audit.period_from, audit.period_until = audited_period_start(today, referral, rules.months), today
    audit.save(update_fields=["status", "opened_at", "no_connection_at", "period_from", "period_until"])
    record("audit.opened", target=audit, by=by, at=at)
    return audit


@transaction.atomic
def dispute(*, audit: Audit, by: Staff, at: datetime) -> Audit:
    """No consensus: the audit waits while P&Q arrange moderation (S1-50)."""
    audit = locked(audit)
    check_can_dispute(by, audit)
    move(audit, Status.IN_DISPUTE)
    audit.save(update_fields=["status"])
    close_all(audit, by=by, at=at, outcome="in dispute")
    days = audit.version.rules.timescales.moderation_working_days
    due_at = working_days_after(at, days)
    open_duty("audit.dispute", audit, role=Role.QA_LEAD, due_at=due_at, at=at, audit_number=audit.number)
    record("audit.disputed", target=audit, by=by, at=at)
    return audit


def open_finalising(audit: Audit, at: datetime) -> None:
    """Everybody answered or the window is over: the auditor makes the audit final (three working days)."""
    open_duty(
        "audit.finalise",
        audit,
        owner=audit.auditor,
        role=Role.QA_LEAD,
        unit=audit.team,
        due_at=working_days_after(at, audit.version.rules.timescales.finalise_working_days),
        at=at,
        audit_number=audit.number,
    )


@transaction.atomic
def close(*, audit: Audit, by: Staff, at: datetime) -> Audit:
    """Every action is confirmed and returned: the audit ends (S1-54). Called by followup."""
    audit = locked(audit)
    move(audit, Status.CLOSED)
    audit.closed_at, audit.closed_by = at, by
    audit.save(update_fields=["status", "closed_at", "closed_by"])
    record("audit.closed", target=audit, by=by, at=at)
    return audit


@transaction.atomic
def hold(*, audit: Audit, key: str, because: str, at: datetime) -> None:
    """Keep an audit from becoming final; asked for by an app above, with the sentence shown to the auditor."""
    Hold.objects.get_or_create(audit=audit, key=key, released_at=None, defaults={"because": because, "held_at": at})


@transaction.atomic
def release(*, audit: Audit, key: str, at: datetime) -> None:
    """What held the audit is over."""
    Hold.objects.filter(audit=audit, key=key, released_at=None).update(released_at=at)
