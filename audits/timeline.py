"""The history of one audit in sentences, newest first: what happened, who did it. Never the texts."""

from dataclasses import dataclass
from datetime import datetime

from audits.family import is_of_view
from audits.models import Audit
from trail.models import Event
from trail.querysets import events_of

SENTENCES = {
    "audit.allocated": "Allocated to {auditor}",
    "audit.exempted": "Waits for another auditor",
    "audit.reallocated": "Given to {auditor}",
    "audit.taken_over": "{actor} took this audit over from before the portal",
    "audit.opened": "{actor} confirmed having no connection with this child or family",
    "audit.answered": "{actor} wrote in “{part}”",
    "audit.settled": "{actor} chose between two texts in “{part}”",
    "audit.put_back": "{actor} put an earlier text back in “{part}”",
    "audit.action_added": "{actor} added an action",
    "audit.action_changed": "{actor} changed an action",
    "audit.action_moved": "{actor} moved an action",
    "audit.action_removed": "{actor} removed an action",
    "audit.action_restored": "{actor} brought an action back",
    "audit.shared": "Shared with the people of the case",
    "audit.responded": "{actor} answered",
    "audit.lapsed": "The time to answer was over",
    "audit.finalised": "{actor} made the audit final",
    "audit.returned": "{actor} returned the audit to its auditor",
    "audit.resubmitted": "{actor} sent the audit back",
    "audit.accepted": "{actor} accepted the audit",
    "audit.closed": "The audit was closed",
    "audit.filed": "{actor} confirmed that the {part} is copied to the child’s record",
    "audit.added_to": "{actor} added something to the final audit",
    "audit.people_changed": "{part}",
    "audit.paired": "{part}",
    "audit.unpaired": "{part}",
    "audit.not_completed": "Not completed when it was due",
    "audit.told": "The people of the case were told",
    "audit.connection_reported": "{actor} has a connection with this child or family",
    "audit.substituted": "The case was substituted",
    "audit.cancelled": "The audit was cancelled",
    "audit.disputed": "The audit is in dispute",
    "audit.resumed": "The dispute is over",
    "audit.inadequate_told": "{actor} notified that the audit is inadequate",
    "audit.inadequate_confirmed": "It was confirmed that the audit is inadequate",
    "audit.inadequate_acknowledged": "{actor} read that the audit is inadequate",
    "audit.inadequate_withdrawn": "The notice that the audit is inadequate was withdrawn",
    "concern.raised": "{actor} raised an immediate concern",
    "concern.rung": "{actor} rang about the immediate concern: {part}",
    "concern.acknowledged": "{actor} answered the immediate concern",
    "concern.confirmed": "{actor} recorded what was done about the concern",
    "contact.recorded": "{actor} recorded an attempt to contact the {part}",
    "contact.escalated": "{actor} escalated to the group manager",
    "contact.resolved": "{actor} recorded what came of the escalation",
    "session.recorded": "{actor} recorded how the audit was done together",
    "session.removed": "{actor} removed the record of a meeting",
    "worker.missing": "{actor} recorded why the worker cannot take part",
    "worker.back": "The worker can take part after all",
    "appointment.made": "{actor} made an appointment",
    "appointment.moved": "{actor} moved an appointment",
    "appointment.cancelled": "{actor} cancelled an appointment",
    "family.decided": "{actor} recorded whom in the family it is right to speak with",
    "family.consent": "{actor} recorded whether a parent agrees that the child is spoken to",
    "family.attempted": "{actor} recorded an attempt to speak with the family",
    "family.heard": "{actor} spoke with the family",
    "family.passed_on": "{actor} told worker and manager what the family said",
    "family.removed": "{actor} removed a conversation with the family",
    "preparation.recording": "{actor} confirmed that the record is up to date",
    "preparation.attendance": "{actor} confirmed that the worker will be there",
    "challenge.raised": "{actor} challenged a point",
    "challenge.settled": "{actor} settled a challenge",
    "challenge.withdrawn": "{actor} withdrew a challenge",
    "followup.opened": "Given to the team manager",
    "followup.action_done": "{actor} confirmed an action",
    "followup.action_not_possible": "{actor} said that an action cannot be done as written",
    "followup.supervision_recorded": "{actor} recorded the supervision discussion",
    "followup.handed_on": "The answer to the audit went to another manager",
    "followup.returned": "{actor} returned the audit to Performance and Quality",
}
PARTS = {
    "outcomes": "Overall judgement",
    "safe_now": "Overall judgement",
    "because_not_met": "Overall judgement",
    "because_all_met": "Overall judgement",
    "because_outcomes": "Overall judgement",
    "because_unsafe": "Overall judgement",
    "good_practice_tags": "Strengths and learning",
    "learning_themes": "Strengths and learning",
    "enquiry_lines": "Lines of enquiry",
    "enquiry_people": "Lines of enquiry",
    "staff_discussion": "Lines of enquiry",
    "earlier_records_because": "Period and documents",
    "earlier_records": "Period and documents",
    "grade": "Overall judgement",
    "grade_evidence": "Overall judgement",
    "good_elements": "Overall judgement",
    "strengths": "Strengths and learning",
    "good_practice": "Strengths and learning",
    "organisational_learning": "Strengths and learning",
    "no_action_because": "Improvement plan",
    "family_not_sought_because": "Family views",
    "worker_said": "Contact and consultation",
    "desktop_because": "Contact and consultation",
    **{f"{key}_{kind}": "Contact and consultation"
       for key in ("manager", "iro", "adviser") for kind in ("input", "said", "not_needed_because")},
}


@dataclass(frozen=True)
class Happening:
    """One line of the history."""

    at: datetime
    text: str


def timeline(audit: Audit, most: int | None = None) -> list[Happening]:
    """What happened to an audit; texts of answers and concerns are never here."""
    return [Happening(event.at, sentence(event, audit)) for event in events_of(audit)[:most]]


def sentence(event: Event, audit: Audit) -> str:
    """One event in words; an unknown verb says itself."""
    content = event.detail.content
    part = content["changes"].get("part", "")
    actor = content.get("actor", "Somebody")
    pattern = SENTENCES.get(event.verb, event.verb)
    auditor = content["changes"].get("auditor", audit.auditor)
    return pattern.format(actor=actor, auditor=auditor, part=part_name(part))


def part_name(part: str) -> str:
    """The part to which a field belongs, as the task list says it."""
    if part.startswith("timescale-"):
        return "Practice timescales"
    return "Family views" if is_of_view(part) else PARTS.get(part, part)
