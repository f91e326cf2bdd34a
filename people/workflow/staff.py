"""Verbs on staff: joining, moving, leaving, coming back."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Greatest

from calendars.rules import add_months_clamped, london_date
from people.lines import NobodyToTurnTo, pq_lead
from people.models import Staff
from people.permissions import check_can_end_account, check_can_manage_people
from people.refusals import Refused
from people.registry import Moved, people_moved
from people.roles import Role
from people.signing_in import forget_addresses
from people.turns import change_pool, take_turn
from people.workflow.changes import apply
from trail.writing import record

FIELDS = ("name", "email", "reference", "job_title", "phone", "unit", "line_manager", "is_external", "access_ends_on")
FOLLOWED = {"unit", "line_manager", "access_ends_on"}
FURTHEST_MONTHS = 24


@transaction.atomic
def add_staff(*, by: Staff, at: datetime, **fields: Any) -> Staff:
    """A joiner: known from now on, without a password until they choose one."""
    take_turn()
    check_can_manage_people(by)
    person = Staff()
    changes = apply(person, fields, FIELDS)
    person.set_unusable_password()
    _check_fits(person)
    person.save(force_insert=True)
    record("people.joined", target=person, by=by, at=at, changes={name: new for name, (_, new) in changes.items()})
    return person


@transaction.atomic
def change_staff(*, staff: Staff, by: Staff, at: datetime, **fields: Any) -> Staff:
    """A mover, or a correction. Who moves or answers to somebody else has their duties found anew."""
    take_turn()
    change_pool()
    check_can_manage_people(by)
    person = _locked(staff)
    changes = apply(person, fields, FIELDS)
    if not changes:
        return person
    _check_fits(person)
    person.save()
    if "email" in changes:
        forget_addresses([person.pk])
    record("people.changed", target=person, by=by, at=at, changes=changes)
    if changes.keys() & FOLLOWED:
        people_moved(Moved(staff=(person,)), by=by, at=at)
    return person


def _locked(staff: Staff) -> Staff:
    return Staff.objects.select_for_update(of=("self",)).select_related("unit", "line_manager").get(pk=staff.pk)


def _check_fits(person: Staff) -> None:
    """Address and staff number are nobody else's; the unit is open; the line of managers has no ring."""
    others = Staff.objects.exclude(pk=person.pk)
    if other := others.filter(email__iexact=person.email).first():
        raise Refused(f"{_who(other)} has this e-mail address. Each person needs their own.", "email")
    if other := others.filter(reference__iexact=person.reference).first():
        raise Refused(f"{_who(other)} has this staff number. Each person needs their own.", "reference")
    if person.unit and person.unit.closed_on:
        raise Refused(f"{person.unit} is closed. Choose a unit that is open.", "unit")
    if person.is_external and person.access_ends_on is None:
        raise Refused("Say until when the external auditor works for you. For example, 31 3 2027", "access_ends_on")
    _check_line(person)


def _who(other: Staff) -> str:
    return "Somebody" if other.is_system else f"{other}, {'who left' if not other.is_active else other.reference},"


def _check_line(person: Staff) -> None:
    manager = person.line_manager
    if manager is None:
        return
    if manager.pk == person.pk:
        raise Refused("Nobody is their own line manager. Name somebody else.", "line_manager")
    if not manager.is_active:
        raise Refused(f"{manager} has left. Name somebody who works here.", "line_manager")
    above = dict(Staff.objects.exclude(line_manager=None).values_list("pk", "line_manager"))
    step, seen = manager.pk, set()
    while step in above and step not in seen:
        seen.add(step)
        step = above[step]
        if step == person.pk:
            raise Refused(f"{manager} answers to {person}, directly or through others. Name somebody else.",
                          "line_manager")


@transaction.atomic
def end_account(*, staff: Staff, by: Staff, at: datetime, on: date) -> bool:
    """Close an account: no sign-in, every role grant ended. A second time does nothing, and says so (False).

    Duties are handed on by duties.workflow.staff_left, case files by casefiles.leaving.
    """
    take_turn()
    change_pool()
    staff = _locked(staff)
    check_can_end_account(by, staff, london_date(at))
    if not staff.is_active:
        return False
    if on > london_date(at):
        raise Refused("The last day lies ahead. The account ends when it is over.", "on")
    staff.is_active, staff.left_on = False, on
    staff.save(update_fields=["is_active", "left_on"])
    _let_go(staff, on, london_date(at))
    record("people.left", target=staff, by=by, at=at, changes={"left_on": str(on)})
    check_still_led(london_date(at))
    return True


def _let_go(staff: Staff, on: date, today: date) -> None:
    """Grants end or never were, units have no manager, the register an end, nobody is covered by a leaver."""
    grants = staff.role_grants.filter(Q(ends_on=None) | Q(ends_on__gte=on))
    grants.filter(starts_on__gt=today).delete()
    grants.update(ends_on=Greatest("starts_on", Value(on)))
    staff.managed_units.update(manager=None)
    staff.reports.update(line_manager=None)
    staff.covering.filter(ends_on__gte=on).update(cover=None)
    entry = getattr(staff, "auditor", None)
    if entry and (entry.left_on is None or entry.left_on > on):
        entry.left_on = max(on, entry.joined_on) if entry.joined_on else on
        entry.save(update_fields=["left_on"])


def give_people(*, staff: Staff, reports_to: Staff | None, cover: Staff | None, by: Staff, at: datetime) -> None:
    """Who reported to a leaver, and whom they were to cover for, go to others; to nobody in particular where none.

    Somebody chosen who reported to the leaver takes the leaver's own line manager.
    """
    on = london_date(at)
    above = staff.line_manager if staff.line_manager and staff.line_manager.is_active else None
    for person in staff.reports.working():
        manager = reports_to if reports_to and reports_to.pk != person.pk else above
        person.line_manager = manager
        try:
            _check_line(person)
        except Refused:
            person.line_manager = None
        person.save(update_fields=["line_manager"])
        new = str(person.line_manager or "")
        record("people.changed", target=person, by=by, at=at, changes={"line_manager": [str(staff), new]})
    for absence in staff.covering.filter(ends_on__gte=on).select_related("staff"):
        absence.cover = cover if cover and cover.pk != absence.staff_id else None
        absence.save(update_fields=["cover"])
        changes = {"cover": [staff.reference, absence.cover.reference if absence.cover else ""]}
        record("absence.changed", target=absence, subject=absence.staff, by=by, at=at, changes=changes)


def check_still_led(on: date) -> None:
    """Somebody is left to whom every duty climbs in the end, and somebody who can keep people."""
    try:
        pq_lead(on)
    except NobodyToTurnTo:
        raise Refused("Nobody would be left in Performance and Quality. Give somebody the role first.") from None
    keepers = Staff.objects.working().filter(role_grants__in=_keeping(on))
    if not keepers.exists():
        raise Refused("Nobody would be left who can keep people. Make somebody administrator or lead first.")


def _keeping(on: date) -> Any:
    grants = Staff._meta.get_field("role_grants").related_model.objects
    return grants.on(on).filter(role__in=[Role.QA_LEAD, Role.SYSTEM_ADMIN])


@transaction.atomic
def plan_leaving(*, staff: Staff, on: date | None, by: Staff, at: datetime) -> Staff:
    """Write down a last day that lies ahead, or take it back (None). Until it is over nothing changes."""
    take_turn()
    change_pool()
    check_can_manage_people(by)
    staff = _locked(staff)
    if not staff.is_active:
        raise Refused(f"{staff} has left already.", "on")
    if on and on <= london_date(at):
        raise Refused("The last day must be after today. For example, 30 11 2026", "on")
    if on and on > add_months_clamped(london_date(at), FURTHEST_MONTHS):
        raise Refused("The last day is more than two years away. Check the year.", "on")
    if staff.left_on != on:
        staff.left_on = on
        staff.save(update_fields=["left_on"])
        verb = "people.leaving_planned" if on else "people.stays"
        record(verb, target=staff, by=by, at=at, changes={"left_on": str(on or "")})
    return staff


def stay(*, staff: Staff, by: Staff, at: datetime) -> Staff:
    """Take back a last day that lies ahead."""
    return plan_leaving(staff=staff, on=None, by=by, at=at)


@transaction.atomic
def come_back(*, staff: Staff, by: Staff, at: datetime) -> Staff:
    """Wake an account that was ended by mistake, or of somebody who returns. Roles and cases are given anew."""
    take_turn()
    change_pool()
    check_can_manage_people(by)
    staff = _locked(staff)
    if staff.is_active:
        return staff
    if staff.access_ends_on and staff.access_ends_on < london_date(at):
        raise Refused(f"The access of {staff} ended. Give a later last day first.", "access_ends_on")
    staff.is_active, staff.left_on = True, None
    if staff.unit and staff.unit.closed_on:
        staff.unit = None
    staff.save(update_fields=["is_active", "left_on", "unit"])
    record("people.came_back", target=staff, by=by, at=at)
    people_moved(Moved(staff=(staff,)), by=by, at=at)
    return staff
