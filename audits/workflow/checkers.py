"""Who checks a final audit, and the duty to do it (S1-47)."""

from datetime import datetime

from django.db.models import Count, Q

from audits.models import Audit
from calendars.calendar import working_days_after
from calendars.rules import london_date
from duties.workflow import open_duty
from people.models import RoleGrant, Staff
from people.roles import PQ_ROLES, Role


def checker_for(audit: Audit, at: datetime) -> Staff | None:
    """The P&Q person with the fewest checks waiting, never the audit's auditor (A16)."""
    granted = RoleGrant.objects.on(london_date(at)).filter(role__in=PQ_ROLES).values("staff")
    waiting = Count("duties", filter=Q(duties__kind="audit.check", duties__closed_at=None))
    pair = audit.participations.filter(capacity="co_auditor", until_at=None).values("staff")
    people = Staff.objects.working().filter(pk__in=granted).exclude(pk=audit.auditor_id).exclude(pk__in=pair)
    return people.annotate(waiting=waiting).order_by("waiting", "pk").first()


def open_check(audit: Audit, at: datetime) -> None:
    """P&Q owe a check."""
    open_duty(
        "audit.check",
        audit,
        owner=checker_for(audit, at),
        role=Role.QA_LEAD,
        at=at,
        audit_number=audit.number,
        due_at=working_days_after(at, audit.version.rules.timescales.quality_check_working_days),
    )
