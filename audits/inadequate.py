"""Whether an audit is inadequate, and what is owed because of it."""

from django.db.models import QuerySet

from audits.inadequate_models import InadequateNotice
from audits.models import Audit, AuditVersion

ENDED = (Audit.Status.SUBSTITUTED, Audit.Status.CANCELLED)


def is_confirmed(audit: Audit) -> bool:
    """Whether the grade that was made final last is inadequate (S1: the notice is sent when it is confirmed)."""
    last = audit.versions.filter(grade_confirmed_at__isnull=False).select_related("grade").order_by("-number").first()
    return bool(last and last.grade and last.grade.is_inadequate)


def confirmed() -> QuerySet[Audit]:
    """Audits of which some final version is inadequate: only they can owe a notice."""
    found = AuditVersion.objects.filter(grade_confirmed_at__isnull=False, grade__is_inadequate=True)
    return Audit.objects.filter(pk__in=found.values("audit"), is_past=False)


def to_notify(audit: Audit) -> tuple[str, ...]:
    """Confirmed as inadequate, and nobody was told of it in writing yet. Audits from before the portal were told then.
    """
    if audit.is_past or audit.status in ENDED or not is_confirmed(audit):
        return ()
    return () if audit.inadequate_notices.standing().exists() else ("",)


def to_acknowledge(notice: InadequateNotice) -> tuple[str, ...]:
    """Until the team manager has said that it was read, or it was withdrawn."""
    return ("",) if notice.withdrawn_at is None and notice.acknowledged_at is None else ()
