"""The duties of an audit, registered at start."""

from allocations.models import Allocation
from audits import inadequate, knowing
from audits.models import Audit, Concern, InadequateNotice
from audits.noncompletion import allocations_known_to
from duties.registry import Kind, register, register_event, register_subject

Status = Audit.Status
EVENTS = {
    "audit.allocated": "A case is audited",
    "audit.other_auditor": "A case has another auditor",
    "audit.taken_over": "Somebody takes over an audit",
    "audit.given_away": "An audit went to somebody else",
    "audit.cancelled": "An audit was cancelled",
    "audit.substituted": "A case is not audited any more",
    "audit.no_reserve": "No other case is left for an auditor",
    "audit.auditor_works_on_it": "An auditor works on the case they audit",
    "audit.joined": "Somebody takes part in an audit",
    "audit.not_completed": "An audit was not completed in time",
    "audit.not_completed_again": "Audits were not completed in time, again",
    "concern.raised": "An immediate concern was raised",
    "inadequate.told": "An audit was graded inadequate",
    "inadequate.withdrawn": "An audit is no longer inadequate",
}


def register_duties() -> None:
    """Every kind of duty that audits and concerns open."""
    register_subject(Audit, Audit.objects.visible_to)
    register_subject(Concern, knowing.concerns_known_to)
    register_subject(InadequateNotice, InadequateNotice.objects.visible_to)
    register_subject(Allocation, allocations_known_to)
    for name, label in EVENTS.items():
        register_event(name, label)
    for kind in (*auditor_kinds(), *checking_kinds(), substituting_kind(), *concern_kinds(), *inadequate_kinds()):
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
            can_hand_over=False,
        ),
        _audit(
            "audit.respond",
            "Answer a shared audit",
            lambda a: "Read an audit and answer it",
            "read/",
            knowing.waiting_readers,
            can_hand_over=False,
        ),
        _audit(
            "audit.finalise",
            "Make an audit final",
            lambda a: f"Make your {knowing.month_of(a)} audit final",
            "check/",
            knowing.to_finalise,
            can_hand_over=False,
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
            can_hand_over=False,
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

    return Kind(name, label, Audit, title, url, must_be_open, knowing.service_of, programme=knowing.programme_of,
                records=knowing.owing, **more)


def inadequate_kinds() -> list[Kind]:
    """Telling of an inadequate audit in writing, and its acknowledgement (S2-22)."""
    return [
        Kind(
            "inadequate.notify",
            "Notify that an audit is inadequate",
            Audit,
            lambda audit: "Notify worker and managers that your audit is inadequate",
            lambda audit: f"/audits/{audit.number}/inadequate/",
            inadequate.to_notify,
            knowing.service_of,
            programme=knowing.programme_of,
            records=inadequate.confirmed,
            can_hand_over=False,
        ),
        Kind(
            "inadequate.acknowledge",
            "Acknowledge that an audit is inadequate",
            InadequateNotice,
            lambda notice: "Read that an audit is inadequate, and say so",
            InadequateNotice.get_absolute_url,
            inadequate.to_acknowledge,
            lambda notice: notice.audit.service_name,
            programme=lambda notice: knowing.programme_of(notice.audit),
            records=InadequateNotice.objects.standing,
        ),
    ]


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
        programme=lambda concern: knowing.programme_of(concern.audit),
    )
