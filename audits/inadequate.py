"""Whether an audit is inadequate, and what is owed because of it."""

from django.db.models import Q, QuerySet

from audits.inadequate_models import InadequateNotice
from audits.models import Audit, AuditVersion

BEFORE_CONFIRMED = (Audit.Status.IN_PROGRESS, Audit.Status.SHARED, Audit.Status.IN_DISPUTE, Audit.Status.RETURNED)
ENDED = (Audit.Status.SUBSTITUTED, Audit.Status.CANCELLED)


def is_confirmed(audit: Audit) -> bool:
    """Whether the grade that was made final last is inadequate (S1: the notice is sent when it is confirmed)."""
    last = audit.versions.filter(grade_confirmed_at__isnull=False).select_related("grade").order_by("-number").first()
    return bool(last and last.grade and last.grade.is_inadequate)


def is_provisional(audit: Audit) -> bool:
    """Graded inadequate and not confirmed yet, under a programme that tells of it the same day (S2-22)."""
    tells = audit.version.rules.judging.inadequate_notice == "same_day"
    return bool(tells and audit.status in BEFORE_CONFIRMED and audit.grade and audit.grade.is_inadequate)


def confirmed() -> QuerySet[Audit]:
    """Audits graded inadequate, or of which some final version is: only they can owe a notice."""
    found = AuditVersion.objects.filter(grade_confirmed_at__isnull=False, grade__is_inadequate=True)
    audits = Audit.objects.filter(Q(pk__in=found.values("audit")) | Q(grade__is_inadequate=True), is_past=False)
    return audits.select_related("version", "grade")


def to_notify(audit: Audit) -> tuple[str, ...]:
    """Confirmed as inadequate, or provisionally so, and nobody was told of it in writing yet. Audits from before the
    portal were told then.
    """
    if audit.is_past or audit.status in ENDED or not (is_provisional(audit) or is_confirmed(audit)):
        return ()
    return () if audit.inadequate_notices.standing().exists() else ("",)


def to_acknowledge(notice: InadequateNotice) -> tuple[str, ...]:
    """Until the team manager has said that it was read, or it was withdrawn."""
    return ("",) if notice.withdrawn_at is None and notice.acknowledged_at is None else ()
