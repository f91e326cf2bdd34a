"""The duties of an audit, registered at start."""

from allocations.models import Allocation
from audits import contacts, filing, inadequate, knowing, preparing
from audits.models import Audit, Concern, Escalation, InadequateNotice
from audits.noncompletion import allocations_known_to
from calendars.words import day_and_month
from duties.registry import Kind, register, register_event, register_subject

Status = Audit.Status
EVENTS = {
    "audit.allocated": "A case is audited",
    "audit.paired": "Two auditors audit together",
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
    "audit.added_to": "Something was added to a final audit",
    "concern.raised": "An immediate concern was raised",
    "contact.appointment": "An auditor makes an appointment",
    "contact.appointment_cancelled": "An appointment about an audit is cancelled",
    "contact.appointment_moved": "An appointment about an audit is moved",
    "contact.resolved": "An escalation to the group manager is resolved",
    "inadequate.told": "An audit was graded inadequate",
    "inadequate.withdrawn": "An audit is no longer inadequate",
}


def register_duties() -> None:
    """Every kind of duty that audits and concerns open."""
    register_subject(Audit, Audit.objects.visible_to)
    register_subject(Concern, knowing.concerns_known_to)
    register_subject(Escalation, Escalation.objects.visible_to)
    register_subject(InadequateNotice, InadequateNotice.objects.visible_to)
    register_subject(Allocation, allocations_known_to)
    for name, label in EVENTS.items():
        register_event(name, label)
    kinds = (*auditor_kinds(), *checking_kinds(), substituting_kind(), *concern_kinds(), *inadequate_kinds(),
             *contact_kinds(), preparing_kind(), filing_kind())
    for kind in kinds:
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


def contact_kinds() -> list[Kind]:
    """First contact, escalating where nobody answers, and what the group manager says to it (S1-20 to S1-22)."""
    return [
        _audit(
            "audit.contact",
            "Contact the people of a case",
            lambda a: "Contact the worker, the team manager and the reviewing officer",
            "contact/",
            contacts.to_contact,
            records=contacts.owing,
            told={"people_of_case": contacts.people_of_audits},
            asks_others="If it is your case, please contact them yourself",
            can_hand_over=False,
        ),
        _audit(
            "contact.escalate",
            "Escalate to the group manager",
            lambda a: "Escalate to the group manager, or record an answer",
            "contact/",
            contacts.to_escalate,
            records=contacts.owing,
            can_hand_over=False,
        ),
        Kind(
            "contact.resolve",
            "Resolve an escalation",
            Escalation,
            lambda row: "Somebody does not answer an auditor: say what came of it",
            Escalation.get_absolute_url,
            knowing.in_status(Escalation.Status.OPEN),
            lambda row: row.audit.service_name,
            may_hold=contacts.may_resolve,
            programme=lambda row: knowing.programme_of(row.audit),
            records=Escalation.objects.open,
        ),
    ]


def preparing_kind() -> Kind:
    """What the worker confirms before an audit day (S4-05)."""
    return _audit(
        "audit.prepare",
        "Prepare for an audit day",
        lambda a: f"Prepare for the audit on {day_and_month(a.due_at)}",
        "prepare/",
        preparing.to_prepare,
        records=preparing.owing,
        can_hand_over=False,
    )


def filing_kind() -> Kind:
    """P&Q copy what is finished to the child's record (B14)."""
    return Kind(
        filing.KIND,
        "Copy an audit to the child’s record",
        Audit,
        lambda audit: "Copy an audit to the child’s record",
        lambda audit: f"/audits/to-file/?number={audit.number}",
        filing.to_file,
        knowing.service_of,
        may_hold=filing.may_file,
        programme=knowing.programme_of,
        records=filing.owing,
    )


def _audit(name, label, title, page, must_be_open, records=knowing.owing, **more) -> Kind:
    def url(audit: Audit) -> str:
        return f"/audits/{audit.number}/{page}"

    return Kind(name, label, Audit, title, url, must_be_open, knowing.service_of, programme=knowing.programme_of,
                records=records, **more)


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
