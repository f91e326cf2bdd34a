"""What somebody may do to an audit. `check_can_…` raises with a sentence fit for the page."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from audits.models import Audit, Concern, Escalation, InadequateNotice, Participation
from calendars.words import day_and_month
from duties.models import Duty
from people.models import Staff
from people.roles import Role

READERS = ("worker", "team_manager", "iro", "cp_adviser")
FINAL = frozenset({"finalised", "quality_check", "with_team_manager", "closed"})


def audits_it(staff: Staff, audit: Audit) -> bool:
    """Whether somebody is the auditor, or audits together with them (S4-11). At most one query."""
    if audit.auditor_id == staff.pk:
        return True
    return Participation.objects.filter(audit=audit, staff=staff, capacity="co_auditor", until_at=None).exists()


def check_is_auditor(staff: Staff, audit: Audit) -> None:
    """Only the audit's auditor works on it, or one of the two; nobody while it waits for another (S1-13)."""
    if audit.awaits_auditor_since:
        raise PermissionDenied("The auditor is exempted, so this audit waits until it is given to another.")
    if not audits_it(staff, audit):
        raise PermissionDenied(f"Only the auditor, {audit.auditor}, can do this.")


def check_has_no_connection(audit: Audit) -> None:
    """Whoever has a connection with the child or family neither opens nor goes on with the audit (B4)."""
    if audit.connection_at:
        raise PermissionDenied("You have a connection with this case, so you cannot audit it. Performance and Quality "
                               "give you another.")


def check_can_report_connection(staff: Staff, audit: Audit) -> None:
    """The auditor, once, until the audit is shared (B4)."""
    check_is_auditor(staff, audit)
    check_has_no_connection(audit)
    if audit.status not in {Audit.Status.ALLOCATED, Audit.Status.IN_PROGRESS}:
        raise PermissionDenied("This audit has been shared. Ring Performance and Quality about your connection.")


def check_can_write(staff: Staff, audit: Audit) -> None:
    """The auditor writes until the audit is final, and again when it is returned."""
    check_is_auditor(staff, audit)
    check_has_no_connection(audit)
    if audit.status == Audit.Status.ALLOCATED:
        raise PermissionDenied("Open the audit first: say that you have no connection with this child or family.")
    if not audit.is_writable:
        raise PermissionDenied(f"This audit is “{audit.get_status_display()}”, so nothing in it can be changed now.")


def check_can_contact(staff: Staff, audit: Audit, at: datetime) -> None:
    """The auditor, until the audit is shared; of a no-notice case from its day on (S1-20, S0-14)."""
    check_is_auditor(staff, audit)
    check_has_no_connection(audit)
    if audit.status not in {Audit.Status.ALLOCATED, Audit.Status.IN_PROGRESS}:
        raise PermissionDenied(f"This audit is “{audit.get_status_display()}”, so nobody has to be contacted any more.")
    if audit.visible_from > at:
        raise PermissionDenied(f"The people of the case hear of this audit on {day_and_month(audit.visible_from)}. "
                               "Contact them from then on.")


def check_can_arrange(staff: Staff, audit: Audit, at: datetime) -> None:
    """The auditor meets the people of the case until the audit is final; of a no-notice case from its day on."""
    if audit.is_writable:
        check_is_auditor(staff, audit)
        check_has_no_connection(audit)
    else:
        check_can_contact(staff, audit, at)
    if audit.visible_from > at:
        raise PermissionDenied(f"The people of the case hear of this audit on {day_and_month(audit.visible_from)}. "
                               "Arrange to meet them from then on.")


def check_can_resolve(staff: Staff, escalation: Escalation) -> None:
    """A manager above the team, or whoever it came to; never whom it is about, nor who escalated (S1-22)."""
    audit = escalation.audit
    above = audit.team and staff.hats().manages_path(audit.unit_path.removesuffix(f"{audit.team_id}/"))
    its_people = {escalation.person_id, audit.auditor_id}
    if staff.pk in its_people or not (above or Duty.objects.owed_by(staff, escalation)):
        raise PermissionDenied("Only the group manager, or a manager above, can resolve this.")


def check_can_prepare(staff: Staff, audit: Audit) -> None:
    """The worker of the case, or whoever it came to where there is none (S4-05)."""
    takes_part = Participation.objects.filter(audit=audit, staff=staff, capacity="worker", until_at=None)
    owes = Duty.objects.open().of(audit, "audit.prepare").filter(holder=staff)
    if not (takes_part.exists() or owes.exists()):
        raise PermissionDenied("Only the worker of this case can confirm this.")


def check_can_respond(staff: Staff, audit: Audit) -> None:
    """The worker, the team manager and the IRO or adviser answer while the audit is shared (S1-45)."""
    if audit.status != Audit.Status.SHARED or not audit.responses.filter(staff=staff, verdict="waiting").exists():
        raise PermissionDenied(
            "There is no answer to give here: it was given, the time is over, or it was not asked of you."
        )


def check_can_check(staff: Staff, audit: Audit) -> None:
    """P&Q check a final audit, never their own (S1-47, A16)."""
    if not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality check audits.")
    if audits_it(staff, audit):
        raise PermissionDenied("You audited this case, so a colleague checks it.")


def check_can_substitute(staff: Staff, audit: Audit) -> None:
    """P&Q give the auditor another case (B4)."""
    if not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality can substitute an audit.")


def check_can_reallocate(staff: Staff) -> None:
    """P&Q give an audit to another auditor (S1-13)."""
    if not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality can give an audit to another auditor.")


def check_can_cancel(staff: Staff, audit: Audit) -> None:
    """Exceptional: only the roles that the programme names (S1-66)."""
    roles = audit.version.rules.roles.cancel
    if not staff.hats().wears(*roles):
        named = " or ".join(Role(role).label.lower() for role in roles)
        raise PermissionDenied(f"Only the {named} can cancel an audit.")


def check_can_dispute(staff: Staff, audit: Audit) -> None:
    """P&Q arrange what happens where no consensus is reached (S1-50)."""
    if not staff.hats().is_pq:
        raise PermissionDenied("Only Performance and Quality can arrange this.")


def check_can_raise_concern(staff: Staff, audit: Audit) -> None:
    """Whoever may see the audit may raise a concern, in any state (S1-26)."""
    if not Audit.objects.visible_to(staff).filter(pk=audit.pk).exists():
        raise PermissionDenied("Ring the team manager or the out-of-hours service.")


def check_can_answer_concern(staff: Staff, concern: Concern) -> None:
    """The team manager acts; whoever manages above the team may act in their place (S1-28).

    Where nobody of the line is left, whoever the duty came to.
    """
    audit = concern.audit
    takes_part = Participation.objects.filter(audit=audit, staff=staff, capacity="team_manager", until_at=None)
    may = staff.hats().manages_path(audit.unit_path) or takes_part.exists() or Duty.objects.owed_by(staff, concern)
    if not may:
        raise PermissionDenied("Only the team manager, or a manager above, can answer an immediate concern.")


def check_can_tell_inadequate(staff: Staff, audit: Audit) -> None:
    """The auditor; where they left, whoever the duty came to (A24)."""
    has_come = Duty.objects.held_by(staff).of(audit, "inadequate.notify").exists()
    if staff.pk != audit.auditor_id and not has_come:
        raise PermissionDenied("Only the auditor notifies that an audit is inadequate.")


def check_can_withdraw_inadequate(staff: Staff, notice: InadequateNotice) -> None:
    """P&Q; of a provisional notice the auditor too, who may have come to another grade (A24)."""
    if not staff.hats().is_pq and not (notice.is_provisional and audits_it(staff, notice.audit)):
        raise PermissionDenied("Only Performance and Quality can withdraw this.")


def check_can_acknowledge_inadequate(staff: Staff, notice: InadequateNotice) -> None:
    """The team manager, a manager above, or whoever the duty came to (S2-22)."""
    audit = notice.audit
    takes_part = Participation.objects.filter(audit=audit, staff=staff, capacity="team_manager", until_at=None)
    if not (staff.hats().manages_path(audit.unit_path) or takes_part.exists() or Duty.objects.owed_by(staff, notice)):
        raise PermissionDenied("Only the team manager, or a manager above, can acknowledge this.")


def check_has_record(audit: Audit) -> None:
    """A record is of what is final: not of a draft, nor while it is amended or shared again (A28)."""
    if audit.status not in FINAL:
        raise PermissionDenied("There is a record for the child’s file once the audit is final.")


def check_can_add(staff: Staff, audit: Audit) -> None:
    """Its auditor or P&Q, once it is accepted; before, a return is the way to amend it (S1-17)."""
    if audit.is_past:
        raise PermissionDenied("This audit is from before the portal. Correct it where its findings are.")
    if audit.status not in {Audit.Status.WITH_TEAM_MANAGER, Audit.Status.CLOSED}:
        raise PermissionDenied("Something can be added once Performance and Quality have accepted the audit.")
    if staff.pk != audit.auditor_id and not staff.hats().is_pq:
        raise PermissionDenied(f"Only the auditor, {audit.auditor}, or Performance and Quality can add something.")
