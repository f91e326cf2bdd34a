"""Contact with the people of the case: who was tried how often, and what follows from it (S1-20 to S1-22, A49)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from audits.knowing import BEFORE_SHARING
from audits.models import Audit, ContactAttempt, Escalation, Participation
from audits.permissions import READERS
from calendars.words import count
from people.models import Staff


@dataclass(frozen=True)
class Contact:
    """One person of the case: the attempts to reach them, and how far the counter stands."""

    part: Participation
    attempts: list[ContactAttempt]
    escalations: list[Escalation]
    unanswered: int
    needed: int
    on_different_days: bool

    @property
    def person(self) -> Staff:
        """Who it is."""
        return self.part.staff

    @property
    def capacity(self) -> str:
        """In which they take part."""
        return self.part.capacity

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
    return _contacts(audit, audit.participations.select_related("staff"))


def _contacts(audit: Audit, rows: Iterable[Participation]) -> list[Contact]:
    """By what was read with the audit, where it was read for many (`owing`)."""
    attempts, escalations = audit.contact_attempts.all(), audit.escalations.all()
    return [_contact(audit, part, attempts, escalations) for part in _people(audit, rows)]


def _people(audit: Audit, rows: Iterable[Participation]) -> Collection[Participation]:
    ours = (row for row in rows
            if row.capacity in READERS and row.until_at is None and row.staff_id != audit.auditor_id)
    parts: dict[int, Participation] = {}
    for row in sorted(ours, key=lambda row: READERS.index(row.capacity)):
        parts.setdefault(row.staff_id, row)
    return parts.values()


def _contact(audit: Audit, part: Participation, attempts: Iterable[ContactAttempt],
             escalations: Iterable[Escalation]) -> Contact:
    """A new auditor begins anew, and so does whoever the group manager was told of."""
    rules = audit.version.rules.contacts
    theirs = [row for row in attempts if row.person_id == part.staff_id]
    raised = [row for row in escalations if row.person_id == part.staff_id]
    since = max((row.opened_at for row in raised), default=None)
    counting = [row for row in theirs
                if row.recorded_by_id == audit.auditor_id and (since is None or row.recorded_at > since)]
    unanswered = unanswered_of(counting, on_different_days=rules.on_different_days)
    return Contact(part, theirs, raised, unanswered, rules.attempts_before_escalation, rules.on_different_days)


def owing() -> QuerySet[Audit]:
    """The audits whose people are still to be contacted, with what that depends on."""
    rows = Audit.objects.filter(status__in=BEFORE_SHARING).select_related("version")
    return rows.prefetch_related("participations", "contact_attempts", "escalations", "sessions")


def asks_for_contact(audit: Audit) -> bool:
    """Somebody audits this case and has not shared it yet."""
    return audit.status in BEFORE_SHARING and not (audit.awaits_auditor_since or audit.connection_at)


def to_contact(audit: Audit) -> tuple[str, ...]:
    """Its auditor has tried or met nobody yet (S1-20), where there is anybody and the programme names a time."""
    if not asks_for_contact(audit) or audit.version.rules.timescales.first_contact_working_days is None:
        return ()
    met = [row for row in audit.sessions.all() if row.removed_at is None]
    tried = any(row.recorded_by_id == audit.auditor_id
                for row in (*audit.contact_attempts.all(), *met))
    return ("",) if not tried and _people(audit, audit.participations.all()) else ()


def to_escalate(audit: Audit) -> tuple[str, ...]:
    """The slots of those who did not answer: the auditor escalates, or records an answer (S1-22)."""
    if not asks_for_contact(audit) or audit.version.rules.timescales.escalation_prompt_working_days is None:
        return ()
    contacts = _contacts(audit, audit.participations.all())
    return tuple(str(contact.part.staff_id) for contact in contacts if contact.may_escalate)


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
