"""The history of one audit in sentences, newest first: what happened, who did it. Never the texts."""

from dataclasses import dataclass
from datetime import datetime

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
    "audit.action_added": "{actor} added an action",
    "audit.action_changed": "{actor} changed an action",
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
    "audit.not_completed": "Not completed when it was due",
    "audit.told": "The people of the case were told",
    "audit.connection_reported": "{actor} has a connection with this child or family",
    "audit.substituted": "The case was substituted",
    "audit.cancelled": "The audit was cancelled",
    "audit.disputed": "The audit is in dispute",
    "audit.resumed": "The dispute is over",
    "concern.raised": "{actor} raised an immediate concern",
    "concern.acknowledged": "{actor} answered the immediate concern",
    "concern.confirmed": "{actor} recorded what was done about the concern",
    "contact.recorded": "{actor} recorded an attempt to contact the {part}",
    "contact.escalated": "{actor} escalated to the group manager",
    "contact.resolved": "{actor} recorded what came of the escalation",
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
    "earlier_records": "Period and documents",
    "grade": "Overall judgement",
    "grade_evidence": "Overall judgement",
    "good_elements": "Overall judgement",
    "strengths": "Strengths and learning",
    "good_practice": "Strengths and learning",
    "organisational_learning": "Strengths and learning",
    "no_action_because": "Improvement plan",
    "family_sought": "Family views",
    "family_views": "Family views",
    "family_not_sought_because": "Family views",
    "worker_input": "Contact and consultation",
    "worker_said": "Contact and consultation",
    "manager_said": "Contact and consultation",
    "iro_said": "Contact and consultation",
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
    return pattern.format(actor=actor, auditor=auditor, part=PARTS.get(part, part))
