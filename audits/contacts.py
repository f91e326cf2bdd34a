"""Contact with the people of the case: who was tried how often, and what follows from it (S1-20 to S1-22, A49)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from audits.knowing import BEFORE_SHARING
from audits.models import Audit, ContactAttempt, Escalation, Participation
from audits.permissions import READERS
from calendars.words import count
from people.models import Staff


@dataclass(frozen=True)
class Contact:
    """One person of the case: the attempts to reach them, and how far the counter stands."""

    person: Staff
    capacity: str
    attempts: list[ContactAttempt]
    escalations: list[Escalation]
    unanswered: int
    needed: int
    on_different_days: bool

    @property
    def capacity_label(self) -> str:
        """ "Team manager"."""
        return Participation.Capacity(self.capacity).label

    @property
    def is_escalated(self) -> bool:
        """The group manager has it now."""
        return any(row.status == Escalation.Status.OPEN for row in self.escalations)

    @property
    def may_escalate(self) -> bool:
        """Enough attempts without an answer, and not with the group manager already."""
        return self.unanswered >= self.needed and not self.is_escalated

    @property
    def missing(self) -> str:
        """What stands between now and an escalation; nothing where nothing was tried in vain."""
        if self.is_escalated or not self.unanswered or self.may_escalate:
            return ""
        more = count(self.needed - self.unanswered, "more attempt")
        return f"You can escalate after {more} without an answer{', on another day' if self.on_different_days else ''}."


def unanswered_of(attempts: Iterable[ContactAttempt], *, on_different_days: bool) -> int:
    """How many attempts in a row had no answer, oldest first; one that is answered sets the counter back."""
    since: list[ContactAttempt] = []
    for row in attempts:
        since = [] if row.is_answered else [*since, row]
    return len({row.made_on for row in since}) if on_different_days else len(since)


def contacts_of(audit: Audit) -> list[Contact]:
    """Everybody of the case, the worker first, each once. Three queries."""
    rows = audit.participations.filter(capacity__in=READERS, until_at=None).exclude(staff=audit.auditor_id)
    parts: dict[int, Participation] = {}
    for row in sorted(rows.select_related("staff"), key=lambda row: READERS.index(row.capacity)):
        parts.setdefault(row.staff_id, row)
    attempts, escalations = list(audit.contact_attempts.select_related("recorded_by")), list(audit.escalations.all())
    return [_contact(audit, part, attempts, escalations) for part in parts.values()]


def _contact(audit: Audit, part: Participation, attempts: Sequence[ContactAttempt],
             escalations: Sequence[Escalation]) -> Contact:
    """A new auditor begins anew, and so does whoever the group manager was told of."""
    rules = audit.version.rules.contacts
    theirs = [row for row in attempts if row.person_id == part.staff_id]
    raised = [row for row in escalations if row.person_id == part.staff_id]
    since = max((row.opened_at for row in raised), default=None)
    counting = [row for row in theirs
                if row.recorded_by_id == audit.auditor_id and (since is None or row.recorded_at > since)]
    unanswered = unanswered_of(counting, on_different_days=rules.on_different_days)
    return Contact(part.staff, part.capacity, theirs, raised, unanswered, rules.attempts_before_escalation,
                   rules.on_different_days)


def asks_for_contact(audit: Audit) -> bool:
    """Somebody audits this case and has not shared it yet."""
    return audit.status in BEFORE_SHARING and not (audit.awaits_auditor_since or audit.connection_at)


def to_contact(audit: Audit) -> tuple[str, ...]:
    """Its auditor has tried nobody yet (S1-20), where there is anybody and the programme names a time."""
    if not asks_for_contact(audit) or audit.version.rules.timescales.first_contact_working_days is None:
        return ()
    tried = audit.contact_attempts.filter(recorded_by=audit.auditor_id).exists()
    return () if tried or not contacts_of(audit) else ("",)


def to_escalate(audit: Audit) -> tuple[str, ...]:
    """The slots of those who did not answer: the auditor escalates, or records an answer (S1-22)."""
    if not asks_for_contact(audit) or audit.version.rules.timescales.escalation_prompt_working_days is None:
        return ()
    return tuple(str(contact.person.pk) for contact in contacts_of(audit) if contact.may_escalate)


def may_resolve(staff: Staff, escalation_id: int) -> bool:
    """Never whom it is about, nor the auditor who escalated."""
    its_people = Escalation.objects.filter(pk=escalation_id).values_list("person", "audit__auditor")
    return all(staff.pk not in row for row in its_people)


def people_of_audits(audits: Collection[int]) -> dict[int, list[Staff]]:
    """Worker, team manager, reviewing officer and adviser of many audits (S1-21). One query."""
    rows = Participation.objects.filter(audit__in=audits, capacity__in=READERS, until_at=None, staff__is_active=True)
    found: dict[int, list[Staff]] = {}
    for row in rows.select_related("staff").order_by("pk"):
        people = found.setdefault(row.audit_id, [])
        if row.staff not in people:
            people.append(row.staff)
    return found
