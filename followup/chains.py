"""Inadequate rounds that were open when past audits were taken over: a re-audit is arranged (S1-58).

The duty ends when a new audit of the case is published, and is opened again where that audit is withdrawn.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from allocations.models import Allocation
from allocations.querysets import AllocationQuerySet
from audits.models import Audit
from calendars.rules import RE_AUDIT_MONTHS, end_of_day, london_date, re_audit_due
from duties.models import Duty
from duties.workflow import close_duty, open_duty
from people.models import Staff
from people.roles import Role

REAUDIT = "followup.reaudit"


def open_chain(audit: Audit, *, at: datetime) -> None:
    """P&Q owe the case a re-audit, two calendar months after the grade was confirmed at the latest (A19).

    Where that day is over the duty is overdue at once: that is true, and shows.
    """
    months = audit.version.rules.timescales.re_audit_months or RE_AUDIT_MONTHS
    due_at = end_of_day(re_audit_due(london_date(audit.finalised_at), months))
    open_duty(REAUDIT, audit, role=Role.QA_LEAD, unit=audit.team, due_at=due_at, at=at, audit_number=audit.number)


def chain_open(audit: Audit) -> tuple[str, ...]:
    """The slot of an open round whose case was not audited again yet."""
    if not (audit.is_past and audit.open_round):
        return ()
    again = getattr(audit, "is_audited_again", None)
    return () if (audited_again(audit).exists() if again is None else again) else ("",)


def open_rounds() -> QuerySet:
    """The past audits with an open round, with whether their case was audited again since."""
    again = Allocation.objects.live().filter(case_file=OuterRef("case_file"), round__month__gt=OuterRef("month"))
    return Audit.objects.filter(is_past=True, open_round__gte=1).annotate(is_audited_again=Exists(again))


def audited_again(audit: Audit) -> AllocationQuerySet:
    """The live allocations of the same case in later months, the first of them first."""
    later = Allocation.objects.live().filter(case_file=audit.case_file_id, round__month__gt=audit.month)
    return later.order_by("round__month", "pk")


def close_chains(case_file_ids: Iterable[int], *, by: Staff, at: datetime) -> None:
    """End the duties of cases that were audited again: one query where there is none."""
    numbers = Duty.objects.open().filter(kind=REAUDIT).values("audit_number")
    for audit in Audit.objects.filter(case_file__in=case_file_ids, number__in=numbers).order_by("pk"):
        if again := audited_again(audit).first():
            close_duty(REAUDIT, audit, by=by, at=at, outcome=f"audited again: {again.number}")


def case_allocated(*, allocation: Allocation, by: Staff, at: datetime) -> None:
    """A case was given to an auditor anew: its open round has its re-audit."""
    close_chains([allocation.case_file_id], by=by, at=at)


def re_audit_withdrawn(audit: Audit, by: Staff, at: datetime) -> None:
    """A re-audit was substituted or cancelled: the case still needs one."""
    theirs = Audit.objects.filter(is_past=True, open_round__gte=1, case_file=audit.case_file_id)
    for past in theirs.select_related("version", "team").order_by("pk"):
        if chain_open(past) and not Duty.objects.open().of(past, REAUDIT).exists():
            open_chain(past, at=at)
