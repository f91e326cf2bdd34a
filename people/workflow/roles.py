"""Verbs on role grants: given from a day until a day, ended on a day. Delegation and acting posts are such grants."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from calendars.rules import london_date
from people.models import RoleGrant, Staff, Unit
from people.permissions import check_can_manage_people
from people.refusals import Refused
from people.registry import Moved, people_moved
from people.roles import Role
from people.turns import take_turn
from people.workflow.staff import check_still_led
from trail.writing import record

FURTHEST_YEARS = 10


@transaction.atomic
def grant_role(
    *,
    staff: Staff,
    role: str,
    by: Staff,
    at: datetime,
    starts_on: date,
    ends_on: date | None = None,
    unit: Unit | None = None,
    reason: str = "",
) -> RoleGrant:
    """Give a role from a day until a day; an acting assistant director is such a grant (A10, B6)."""
    take_turn()
    check_can_manage_people(by)
    _check_days(starts_on, ends_on, london_date(at))
    if not Staff.objects.working().filter(pk=staff.pk).exists():
        raise Refused(f"{staff} has left, so there is no role to give.")
    _check_not_held(staff, role, unit, starts_on, ends_on)
    grant = RoleGrant.objects.create(
        staff=staff, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, granted_by=by, reason=reason
    )
    days = {"starts_on": str(starts_on), "ends_on": str(ends_on or ""), "unit": str(unit or ""), "reason": reason}
    record("people.role_granted", target=staff, by=by, at=at, changes={"role": role, **days})
    people_moved(Moved(staff=(staff,), roles=(role,)), by=by, at=at)
    return grant


def _check_days(starts_on: date, ends_on: date | None, today: date) -> None:
    """From today at the earliest: nobody could have done yesterday what they get the role for today."""
    if starts_on < today:
        raise Refused("The role cannot begin in the past. Give today or a later day.", "starts_on")
    if starts_on.year > today.year + 2:
        raise Refused("The role would begin more than two years from now. Check the year.", "starts_on")
    if ends_on and ends_on < starts_on:
        raise Refused("The last day must not lie before the first.", "ends_on")
    if ends_on:
        check_not_far(ends_on, today)


def check_not_far(ends_on: date, today: date) -> None:
    """A slip in the year is no date."""
    if ends_on.year > today.year + FURTHEST_YEARS:
        raise Refused("The last day is more than ten years away. Leave it empty, or check the year.", "ends_on")


def _check_not_held(staff: Staff, role: str, unit: Unit | None, starts_on: date, ends_on: date | None) -> None:
    runs = Q(ends_on=None) | Q(ends_on__gte=starts_on)
    held = staff.role_grants.filter(runs, role=role, unit=unit)
    if ends_on:
        held = held.filter(starts_on__lte=ends_on)
    if held.exists():
        raise Refused(f"{staff} is {Role(role).label} in these days already. End that grant first.", "role")


@transaction.atomic
def end_grant(*, grant: RoleGrant, ends_on: date, by: Staff, at: datetime) -> RoleGrant | None:
    """Let a role end on a day. A grant that would end before it begins never was, and goes."""
    take_turn()
    check_can_manage_people(by)
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("staff").filter(pk=grant.pk).first()
    today = london_date(at)
    if grant is None or grant.is_over(today):
        raise Refused("This role has ended already.")
    if (today - ends_on).days > 1:
        raise Refused("The last day must be yesterday, today or later: what was done in the role stays done.",
                      "ends_on")
    check_not_far(ends_on, today)
    record("people.role_ended", target=grant.staff, by=by, at=at, changes={"role": grant.role, "ends_on": str(ends_on)})
    kept = _end(grant, ends_on)
    check_still_led(max(ends_on + timedelta(days=1), today))
    people_moved(Moved(staff=(grant.staff,), roles=(grant.role,)), by=by, at=at)
    return kept


def _end(grant: RoleGrant, ends_on: date) -> RoleGrant | None:
    if ends_on < grant.starts_on:
        grant.delete()
        return None
    grant.ends_on = ends_on
    grant.save(update_fields=["ends_on"])
    return grant
