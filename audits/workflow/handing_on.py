"""An audit changes hands: given back when its auditor is exempted, given to another (S1-13, B5)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from allocations.models import Allocation
from allocations.reallocating import give_to_another
from allocations.takers import Takers, takers_of
from audits.models import Audit, Participation
from audits.permissions import READERS, check_can_reallocate
from audits.workflow.another_case import bring_up_to_date
from audits.workflow.appointments import drop_appointments
from audits.workflow.life import Status, locked, open_completing
from audits.workflow.people_duties import begin_contact_anew, bring_people_up_to_date
from calendars.calendar import working_days_after
from duties.models import Duty
from duties.notices import notify
from duties.workflow import close_duty, hand_on_all, open_duty
from people.models import Staff
from people.refusals import Refused
from people.roles import Role
from trail.writing import record
from workflows import move

BEGUN = frozenset({Status.ALLOCATED, Status.IN_PROGRESS})
LAST_STEPS = frozenset({Status.SHARED, Status.IN_DISPUTE, Status.FINALISED, Status.RETURNED})
NEEDS_REASON = "Say why the audit goes to somebody else: the reason stays in the audit trail."


def lock_audit_of(allocation: int) -> None:
    """Lock the audit of an allocation: before the allocation and its requests, as the verbs of the audit do."""
    list(Audit.objects.select_for_update().filter(allocation=allocation))


@transaction.atomic
def take_back(*, allocation: Allocation, by: Staff, at: datetime) -> Audit:
    """The auditor is exempted: the audit waits at P&Q for another, and the old one no longer sees it (S1-13)."""
    audit = Audit.objects.select_for_update().get(allocation=allocation)
    if audit.status not in BEGUN:
        raise Refused("This audit is complete by now, so there is nothing to be exempted from.")
    audit.awaits_auditor_since = at
    audit.save(update_fields=["awaits_auditor_since"])
    _end_participation(audit, at)
    close_duty("audit.complete", audit, by=by, at=at, outcome="exempted")
    drop_appointments(audit, "This audit waits for another auditor.", by=by, at=at, tell=True)
    bring_people_up_to_date(audit, by=by, at=at, outcome="exempted")
    bring_up_to_date(audit, by=by, at=at)
    open_duty("audit.reallocate", audit, role=Role.QA_LEAD, unit=audit.team, due_at=working_days_after(at, 1), at=at,
              audit_number=audit.number)
    record("audit.exempted", target=audit, by=by, at=at)
    return audit


def _end_participation(audit: Audit, at: datetime) -> None:
    rows = audit.participations.filter(capacity=Participation.Capacity.AUDITOR, until_at=None)
    rows.update(until_at=Greatest("from_at", Value(at)))


def can_change_hands(audit: Audit) -> bool:
    """While it is being done; with its auditor gone also the steps after that, which only an auditor can do."""
    if audit.is_past:
        return False
    return audit.status in BEGUN or (audit.status in LAST_STEPS and not audit.auditor.is_active)


def takers_for(audit: Audit, at: datetime) -> Takers:
    """Who could take the audit over, best first."""
    return takers_of(audit.allocation, at, _taking_part(audit))


def _taking_part(audit: Audit) -> list[int]:
    rows = audit.participations.filter(until_at=None).exclude(capacity=Participation.Capacity.AUDITOR)
    return list(rows.values_list("staff_id", flat=True))


@transaction.atomic
def reallocate(*, audit: Audit, auditor: Staff, by: Staff, at: datetime, because: str = "") -> Audit:
    """P&Q give the audit to another auditor, with its number and what is written so far (S1-13).

    Raises Refused where it cannot change hands now, without a reason where nobody agreed on an exemption, and where
    the rules do not let this auditor have it.
    """
    audit = locked(audit)
    check_can_reallocate(by)
    _check_can_change_hands(audit, because)
    old, is_complete = audit.auditor, audit.status not in BEGUN
    given = give_to_another(allocation=audit.allocation, auditor=auditor, by=by, at=at, because=because.strip(),
                            is_complete=is_complete, taking_part=_taking_part(audit))
    _end_participation(audit, at)
    Participation.objects.create(audit=audit, staff=auditor, capacity=Participation.Capacity.AUDITOR, from_at=at)
    audit.allocation, audit.auditor, audit.due_at, audit.awaits_auditor_since = given, auditor, given.due_at, None
    _begin_again(audit)
    audit.save()
    drop_appointments(audit, "Another auditor takes over.", by=by, at=at, tell=True)
    _move_duties(audit, old, by, at)
    bring_up_to_date(audit, by=by, at=at)
    _tell(audit, old, by, at)
    record("audit.reallocated", target=audit, by=by, at=at, changes={"auditor": str(auditor), "reason": because})
    return audit


def _check_can_change_hands(audit: Audit, because: str) -> None:
    if not can_change_hands(audit):
        raise Refused(f"This audit is “{audit.get_status_display()}”, so it stays with its auditor.")
    if audit.awaits_auditor_since is None and not because.strip():
        raise Refused(NEEDS_REASON, "because")


def _begin_again(audit: Audit) -> None:
    """Whoever takes over says anew that there is no connection (B4); what only waits for last steps keeps its state."""
    if audit.status == Status.IN_PROGRESS:
        move(audit, Status.ALLOCATED)
    if audit.status == Status.ALLOCATED:
        audit.opened_at = audit.no_connection_at = audit.period_from = audit.period_until = None
        audit.connection, audit.connection_at = "", None


def _move_duties(audit: Audit, old: Staff, by: Staff, at: datetime) -> None:
    if audit.status == Status.ALLOCATED:
        close_duty("audit.reallocate", audit, by=by, at=at)
        close_duty("audit.complete", audit, by=by, at=at, outcome="given to another auditor")
        open_completing(audit, at)
        begin_contact_anew(audit, by=by, at=at)
    else:
        theirs = Duty.objects.open().filter(audit_number=audit.number, owner=old)
        hand_on_all(theirs, owner=audit.auditor, at=at)


def _tell(audit: Audit, old: Staff, by: Staff, at: datetime) -> None:
    """The people of the case hear who audits now, of a no-notice case not before its day; the old auditor too."""
    readers = Staff.objects.filter(participations__audit=audit, participations__until_at=None,
                                   participations__capacity__in=READERS).distinct()
    key, common = f"audit:{audit.pk}:given:{audit.allocation_id}", {
        "subject": audit, "at": at, "meta": audit.number, "url": audit.get_absolute_url()}
    if audit.visible_from <= at:
        notify(key, readers, event="audit.other_auditor",
               title=f"A case of yours is now being audited by {audit.auditor}", **common)
    if audit.status != Status.ALLOCATED:
        notify(f"{key}:new", [audit.auditor], event="audit.taken_over",
               title="You take over the last steps of an audit", **common)
    if old.is_active and audit.allocation.replaces.status == Allocation.Status.REALLOCATED:
        notify(f"{key}:old", [old], event="audit.given_away",
               title=f"{audit.auditor} audits this case now: you have nothing to do",
               **common | {"subject": audit.allocation.replaces, "url": "/rounds/my-year/"})
