"""The duties of an audit, registered at start."""

from allocations.models import Allocation
from audits import knowing
from audits.models import Audit, Concern
from audits.noncompletion import may_know_allocation
from duties.registry import Kind, register, register_subject

Status = Audit.Status


def register_duties() -> None:
    """Every kind of duty that audits and concerns open."""
    register_subject(Audit, knowing.may_know_audit)
    register_subject(Concern, knowing.may_know_concern)
    register_subject(Allocation, may_know_allocation)
    for kind in (*auditor_kinds(), *checking_kinds(), substituting_kind(), *concern_kinds()):
        register(kind)


def auditor_kinds() -> list[Kind]:
    """What the auditor and the readers owe."""
    return [
        _audit(
            "audit.complete",
            "Complete an audit",
            lambda a: f"Finish and share your {knowing.month_of(a)} audit",
            "",
            knowing.to_complete,
        ),
        _audit(
            "audit.respond",
            "Answer a shared audit",
            lambda a: "Read an audit and answer it",
            "read/",
            knowing.waiting_readers,
        ),
        _audit(
            "audit.finalise",
            "Make an audit final",
            lambda a: f"Make your {knowing.month_of(a)} audit final",
            "check/",
            knowing.to_finalise,
        ),
    ]


def substituting_kind() -> Kind:
    """P&Q give an auditor another case."""
    return _audit(
        "audit.substitute",
        "Substitute a case",
        lambda a: f"Give {a.auditor} another case for {knowing.month_of(a)}",
        "substitute/",
        knowing.to_substitute,
        may_hold=knowing.may_substitute,
    )


def checking_kinds() -> list[Kind]:
    """What follows when the audit is final, or cannot become so."""
    return [
        _audit(
            "audit.check",
            "Check an audit",
            lambda a: f"Check {a.auditor}’s {knowing.month_of(a)} audit",
            "quality-check/",
            knowing.in_status(Status.FINALISED, Status.QUALITY_CHECK),
            may_hold=knowing.may_check_audit,
        ),
        _audit(
            "audit.reallocate",
            "Give an audit to another auditor",
            lambda a: f"Give a {knowing.month_of(a)} audit to another auditor",
            "reallocate/",
            knowing.to_reallocate,
        ),
        _audit(
            "audit.amend",
            "Amend a returned audit",
            lambda a: f"Amend your {knowing.month_of(a)} audit and send it back",
            "",
            knowing.in_status(Status.RETURNED),
        ),
        _audit(
            "audit.dispute",
            "Settle a dispute",
            lambda a: f"Arrange moderation of {a.auditor}’s audit",
            "read/",
            knowing.in_status(Status.IN_DISPUTE),
        ),
    ]


def concern_kinds() -> list[Kind]:
    """Answering and recording an immediate concern."""
    return [
        _concern("concern.acknowledge", "Answer an immediate concern", Concern.Status.RAISED),
        _concern("concern.confirm", "Record an immediate concern", Concern.Status.ACKNOWLEDGED),
    ]


def _audit(name, label, title, page, must_be_open, **more) -> Kind:
    def url(audit: Audit) -> str:
        return f"/audits/{audit.number}/{page}"

    return Kind(name, label, Audit, title, url, must_be_open, knowing.service_of, records=knowing.owing, **more)


def _concern(name, label, status) -> Kind:
    return Kind(
        name,
        label,
        Concern,
        knowing.concern_title,
        lambda concern: f"/audits/{concern.audit.number}/concerns/{concern.pk}/",
        knowing.in_status(status),
        lambda concern: concern.audit.service_name,
        records=lambda: Concern.objects.filter(status=status),
    )
