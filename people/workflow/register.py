"""Verbs on the auditor register: who joins, when they were trained, how much they take (S2-02, S4-08, S4-34)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from calendars.rules import london_date
from people.models import Auditor, Staff
from people.permissions import check_can_manage_people
from people.refusals import Refused
from people.training import expiry_of
from people.turns import change_pool
from people.workflow.changes import apply
from trail.writing import record

FIELDS = ("joined_on", "left_on", "suspended_from", "suspended_until", "trained_on", "training_expires_on",
          "capacity", "basis", "experience", "expertise")
MOST_AUDITS = 20


@transaction.atomic
def register_auditor(*, staff: Staff, by: Staff, at: datetime, **fields: Any) -> Auditor:
    """Into the register, or back into it. Training runs out after the months of the setting unless a day is given."""
    check_can_manage_people(by)
    entry = _not_asking(staff)
    fields = {"left_on": None, "joined_on": london_date(at)} | fields
    return _write(entry, fields, "auditor.registered", by, at)


@transaction.atomic
def change_entry(*, entry: Auditor, by: Staff, at: datetime, **fields: Any) -> Auditor:
    """Training, capacity, a suspension, leaving the pool."""
    check_can_manage_people(by)
    return _write(_not_asking(entry.staff), fields, "auditor.changed", by, at)


def _entry_of(staff: Staff) -> Auditor:
    """The entry, locked by way of its person: there may be none yet."""
    change_pool()
    person = Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=staff.pk)
    if not person.is_active:
        raise Refused(f"{person} has left, so there is no place in the register.")
    return Auditor.objects.select_related("staff").filter(staff=person).first() or Auditor(staff=person)


def _not_asking(staff: Staff) -> Auditor:
    entry = _entry_of(staff)
    if entry.pk and entry.is_asking:
        raise Refused(f"{staff} has volunteered. Answer them first.")
    return entry


def _write(entry: Auditor, fields: dict[str, Any], verb: str, by: Staff, at: datetime) -> Auditor:
    trained_before = entry.trained_on
    changes = apply(entry, fields, FIELDS)
    newly_trained = entry.trained_on != trained_before and "training_expires_on" not in changes
    if newly_trained or (entry.trained_on and entry.training_expires_on is None):
        changes |= apply(entry, {"training_expires_on": expiry_of(entry.trained_on)}, FIELDS)
    _check(entry, london_date(at))
    if changes or entry.pk is None:
        entry.save()
        record(verb, target=entry, subject=entry.staff, by=by, at=at, changes=changes)
    return entry


def _check(entry: Auditor, today: date) -> None:
    if entry.left_on and entry.joined_on and entry.left_on < entry.joined_on:
        raise Refused("Nobody leaves before they join. Check both days.", "left_on")
    if entry.suspended_until and not entry.suspended_from:
        raise Refused("Give the first day of the pause too.", "suspended_from")
    if entry.suspended_until and entry.suspended_until < entry.suspended_from:
        raise Refused("The last day of the pause must not lie before its first.", "suspended_until")
    if entry.trained_on and entry.trained_on > today:
        raise Refused("Training counts when it is over. Give today or an earlier day.", "trained_on")
    if entry.training_expires_on and entry.trained_on is None:
        raise Refused("Give the day of the training that runs out.", "trained_on")
    if entry.training_expires_on and entry.training_expires_on < entry.trained_on:
        raise Refused("Training cannot run out before it took place.", "training_expires_on")
    if not 1 <= entry.capacity <= MOST_AUDITS:
        raise Refused(f"Give a number from 1 to {MOST_AUDITS}.", "capacity")


@transaction.atomic
def add_by_role(*, people: Iterable[Staff], by: Staff, at: datetime) -> list[Auditor]:
    """Everyone named, by their role (S2-02); who is in the register already stays as they are."""
    check_can_manage_people(by)
    here = set(Auditor.objects.in_register().values_list("staff_id", flat=True))
    return [register_auditor(staff=person, by=by, at=at, basis=Auditor.Basis.ROLE)
            for person in people if person.pk not in here]


@transaction.atomic
def volunteer(*, staff: Staff, expertise: str, experience: str, at: datetime) -> Auditor:
    """Ask to become an auditor (S4-08): an entry that has not joined, until Performance and Quality take it."""
    entry = _entry_of(staff)
    if entry.pk and entry.left_on is None:
        waits = entry.joined_on is None
        raise Refused("You have asked already." if waits else "You are in the auditor register already.")
    asked = {"joined_on": None, "left_on": None, "basis": Auditor.Basis.VOLUNTEER, "expertise": expertise,
             "experience": experience, "suspended_from": None, "suspended_until": None}
    return _write(entry, asked, "auditor.volunteered", staff, at)


@transaction.atomic
def take_volunteer(*, entry: Auditor, by: Staff, at: datetime) -> Auditor:
    """Accept somebody who volunteered: in the pool from today, on duty once trained."""
    check_can_manage_people(by)
    return _write(_asked(entry), {"joined_on": london_date(at)}, "auditor.accepted", by, at)


@transaction.atomic
def turn_down(*, entry: Auditor, by: Staff, at: datetime) -> Auditor:
    """Thank somebody who volunteered, and leave it; they may ask again."""
    check_can_manage_people(by)
    return _write(_asked(entry), {"left_on": london_date(at)}, "auditor.turned_down", by, at)


def _asked(entry: Auditor) -> Auditor:
    kept = _entry_of(entry.staff)
    if not kept.is_asking:
        raise Refused("This was answered already.")
    return kept
