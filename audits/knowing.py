"""What duties ask of audits: who may know, and which duties an audit or concern needs now."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from audits.models import Audit, Concern, Response
from people.models import Staff
from people.registry import Held

Status = Audit.Status
BEFORE_SHARING = (Status.ALLOCATED, Status.IN_PROGRESS)


def case_files_of(staff: Staff) -> Q:
    """The files of the cases in whose audits somebody takes part, until the audit has ended.

    What somebody audited before the portal is over for them, also where its actions are open. An auditor who has a
    connection with the family has no business in its file.
    """
    ours = Audit.objects.taking_part(staff).unfinished().filter(is_past=False)
    return Q(pk__in=ours.exclude(auditor=staff, connection_at__isnull=False).values("case_file"))


def audits_case(staff: Staff, case_file_id: int) -> bool:
    """Whether somebody audits a case now: then they may correct who works on it (B12)."""
    ours = Audit.objects.with_auditor().filter(auditor=staff, case_file=case_file_id, is_past=False)
    return ours.filter(connection_at=None).exists()


def holdings(staff: Staff) -> Iterator[Held]:
    """Audits of which somebody is the auditor: never handed to a manager (S1-01)."""
    count = Audit.objects.filter(auditor=staff).with_auditor().count()
    then = "to Performance and Quality, to give to another auditor"
    yield Held("Audits as auditor, not finished", count, then, to_quality=True)


def completions_of(allocations: QuerySet) -> dict[int, datetime]:
    """When the audits of some allocations were first shared (A13), by allocation; past audits count as in time."""
    found = Audit.objects.live().filter(Q(first_shared_at__isnull=False) | Q(is_past=True))
    found = found.filter(allocation__in=allocations.order_by().values("pk"))
    return dict(found.values_list("allocation_id", Coalesce("first_shared_at", "due_at")))


def may_check_audit(staff: Staff, audit_id: int) -> bool:
    """P&Q, and never the auditor of the audit (A16)."""
    return staff.hats().is_pq and not Audit.objects.filter(pk=audit_id).filter(
        Q(auditor=staff) | Q(participations__staff=staff, participations__capacity="co_auditor",
                             participations__until_at=None)).exists()


def concerns_known_to(staff: Staff) -> QuerySet[Concern]:
    """Those of the audits that somebody may see."""
    return Concern.objects.filter(audit__in=Audit.objects.visible_to(staff).values("pk"))


def programme_of(audit: Audit) -> str:
    """The programme whose ladders count for an audit."""
    return audit.version.programme.slug


def waiting_readers(audit: Audit) -> tuple[str, ...]:
    """Slots of the readers who have not answered a shared audit."""
    if audit.status != Status.SHARED:
        return ()
    waiting = [row for row in audit.responses.all() if row.verdict == Response.Verdict.WAITING]
    return tuple(str(row.staff_id) for row in sorted(waiting, key=lambda row: row.pk))


def owing() -> QuerySet:
    """The audits that can owe anything: those that have not ended, with what their duties depend on."""
    return Audit.objects.unfinished().select_related("case_file").prefetch_related("responses")


def in_status(*statuses: str):
    """The one slot of a duty that is open exactly in these states."""
    return lambda record: ("",) if record.status in statuses else ()


def to_complete(audit: Audit) -> tuple[str, ...]:
    """Not shared yet, and somebody has it who can go on with it."""
    stuck = audit.awaits_auditor_since or audit.connection_at
    return ("",) if audit.status in BEFORE_SHARING and not stuck else ()


def to_reallocate(audit: Audit) -> tuple[str, ...]:
    """Its auditor is exempted, and P&Q have not given it to another (S1-13)."""
    return ("",) if audit.status in BEFORE_SHARING and audit.awaits_auditor_since else ()


def to_substitute(audit: Audit) -> tuple[str, ...]:
    """Not shared yet, and the auditor has a connection, or the case is closed or restricted (B4)."""
    return ("",) if needs_another_case(audit) else ()


def needs_another_case(audit: Audit) -> bool:
    """Whether P&Q have to give its auditor another case; first of all it needs an auditor."""
    if audit.status not in BEFORE_SHARING or audit.awaits_auditor_since:
        return False
    file = audit.case_file
    return bool(audit.connection_at or file.closed_on or file.is_restricted)


def may_substitute(staff: Staff, audit_id: int) -> bool:
    """P&Q."""
    return staff.hats().is_pq


def to_finalise(audit: Audit) -> tuple[str, ...]:
    """Shared and everybody answered or lapsed: the auditor makes it final."""
    return ("",) if audit.status == Status.SHARED and not waiting_readers(audit) else ()


def month_of(audit: Audit) -> str:
    """ "November", for titles."""
    return f"{audit.month:%B}"


def service_of(audit: Audit) -> str:
    """The line under a title: the service of the case, no child data."""
    return audit.service_name


def concern_title(concern: Concern) -> str:
    """The duty of whoever must act."""
    if concern.status == Concern.Status.RAISED:
        return "Answer an immediate concern"
    return "Record what was done about an immediate concern"
