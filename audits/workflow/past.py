"""Audits from before the portal, taken over with their grade and nothing else (B13). Many in a few statements."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from allocations.models import Allocation
from allocations.permissions import check_can_run_rounds
from allocations.pool import service_names
from audits.content import digest
from audits.models import Audit, AuditVersion, Participation
from audits.workflow.life import Status
from people.lines import system_actor
from people.models import Staff, Unit
from programmes.models import Grade
from trail.writing import record_many

A_BATCH = 2000


@dataclass(frozen=True)
class TakenOver:
    """What is known of one past audit; `open_round` is the inadequate round still open, 0 for none."""

    allocation: Allocation
    category: str
    grade: Grade
    team: Unit | None
    open_round: int
    has_open_actions: bool


@transaction.atomic
def take_over(*, found: list[TakenOver], by: Staff, at: datetime) -> list[Audit]:
    """Past audits as final audits of their month: closed, or with the team manager while actions are open.

    They were complete on the last day of the month as far as anybody knows, so they are never late.
    """
    check_can_run_rounds(by)
    services, system = service_names(), system_actor()
    audits = Audit.objects.bulk_create([_audit(row, services, by, system) for row in found], batch_size=A_BATCH)
    Participation.objects.bulk_create(
        [Participation(audit=audit, staff=audit.auditor, capacity=Participation.Capacity.AUDITOR,
                       from_at=audit.allocated_at) for audit in audits if audit.auditor.is_active],
        batch_size=A_BATCH)
    AuditVersion.objects.bulk_create([_version(audit, by, at) for audit in audits], batch_size=A_BATCH)
    record_many("audit.taken_over", targets=audits, by=by, at=at)
    return audits


def _audit(row: TakenOver, services: dict[int, str], by: Staff, system: Staff) -> Audit:
    given, team, end = row.allocation, row.team, row.allocation.due_at
    checker = system if given.auditor == by else by  # nobody accepts an audit of their own
    closing = {} if row.has_open_actions else {"closed_at": end, "closed_by": by}
    return Audit(
        number=given.number, allocation=given, version=given.round.version, case_file=given.case_file,
        month=given.round.month, auditor=given.auditor, team=team, unit_path=team.path if team else "",
        service_name=services[team.pk] if team else "", category=row.category, is_past=True, open_round=row.open_round,
        status=Status.WITH_TEAM_MANAGER if row.has_open_actions else Status.CLOSED, visible_from=given.allocated_at,
        due_at=end, allocated_at=given.allocated_at, grade=row.grade, first_shared_at=end, finalised_at=end,
        finalised_by=given.auditor, accepted_at=end, accepted_by=checker, **closing,
    )


def _version(audit: Audit, by: Staff, at: datetime) -> AuditVersion:
    """What a reader finds: the grade, and that the findings are in the council's earlier records."""
    content = {"number": audit.number, "taken_over": True, "domains": [], "answers": {"grade": audit.grade.slug},
               "actions": []}
    return AuditVersion(audit=audit, number=1, reason=AuditVersion.Reason.FINALISED, content=content,
                        digest=digest(content), grade=audit.grade, grade_confirmed_at=audit.finalised_at, frozen_at=at,
                        frozen_by=by)
