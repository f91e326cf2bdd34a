"""Verbs on breaks: ask, withdraw, move in the waiting list, grant above the limit. One lock a month (S1-07, A7)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from allocations.break_models import Break, BreakMonth
from allocations.breaks.permissions import check_can_ask, check_can_exceed, check_can_reorder, check_can_withdraw
from allocations.breaks.pool import pool_on, rules_for, taken_in
from allocations.breaks.rules import SMALL_POOL, allows, places
from allocations.breaks.telling import tell_of_grant, tell_of_limit, tell_of_request, tell_of_withdrawal
from allocations.models import Allocation
from allocations.months import month_name
from calendars.rules import audit_year, audit_year_bounds, break_deadline, in_time_for_break, london_date
from calendars.words import clock, count, long_date
from people.lines import system_actor
from people.models import Staff
from people.refusals import Refused
from people.turns import keep_pool
from trail.writing import record
from workflows import move, register

Status = Break.Status
TRANSITIONS = {
    Status.WAITING: frozenset({Status.GRANTED, Status.WITHDRAWN}),
    Status.GRANTED: frozenset({Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset(),
}
register(Break, TRANSITIONS, title="break")


def lock_month(month: date) -> BreakMonth:
    """The month's row, locked until commit: whoever counts or gives its places stands in line here.

    Whoever makes the pool smaller meanwhile waits too.
    """
    keep_pool()
    BreakMonth.objects.get_or_create(month=month, defaults={"percent": rules_for(month).break_percent})
    return BreakMonth.objects.select_for_update().get(month=month)


@transaction.atomic
def ask(*, auditor: Staff, month: date, by: Staff, at: datetime) -> Break:
    """Ask for a break: granted while the limit of the current pool allows, else in the waiting list (S1-05, A7).

    Raises Refused when the month has closed (S1-06), or when the auditor has no break to take (S1-04).
    """
    check_can_ask(by, auditor)
    locked = lock_month(month)
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=auditor.pk)  # two months asked for at once
    _check_open(month, at)
    _check_may_have(auditor, month, at)
    wish = Break.objects.create(auditor=auditor, month=month, asked_at=at, asked_by=by, position=_end_of_line(month))
    record("break.asked", target=wish, subject=auditor, by=by, at=at, changes={"month": f"{month:%Y-%m}"})
    _fill(month, at, asked=wish)
    _tell_at_the_limit(locked, at)
    tell_of_request(wish, at)
    return wish


def _check_open(month: date, at: datetime) -> None:
    """Breaks close with the last second of the month before, London time (A6); later it is an exemption (S1-06)."""
    if not in_time_for_break(at, month.year, month.month):
        closed = break_deadline(month.year, month.month)
        raise Refused(f"Breaks in {month_name(month)} closed on {long_date(closed)} at {clock(closed)}. "
                      "It is an exemption now, from the audit that you are given.")


def _check_may_have(auditor: Staff, month: date, at: datetime) -> None:
    """In the pool, not asked already, and not more than two a year (S1-04)."""
    rules = rules_for(month)
    if Allocation.objects.live().filter(auditor=auditor, round__month=month).exists():
        raise Refused(f"An audit in {month_name(month)} is given already. It is an exemption now.")  # A8
    if not pool_on(month).filter(staff=auditor).exists():
        raise Refused(f"{auditor} is not in the pool in {month_name(month)}: there is no audit to have a break from.")
    wishes = Break.objects.counted(london_date(at)).filter(auditor=auditor)
    if wishes.filter(month=month).exists():
        raise Refused(f"A break in {month_name(month)} has been asked for already.")
    year = audit_year_bounds(audit_year(month, rules.year_starts_month), rules.year_starts_month)
    if wishes.filter(month__range=year).count() >= rules.breaks_per_year:
        raise Refused(f"At most {count(rules.breaks_per_year, 'break')} can be taken in one audit year. "
                      "Withdraw another one first.")


def _end_of_line(month: date) -> int:
    return (Break.objects.filter(month=month).aggregate(last=Max("position"))["last"] or 0) + 1


def free_places(month: date) -> int:
    """Places that the current pool has left; below nought after leavers (B7)."""
    return places(pool_on(month).count(), rules_for(month).break_percent) - taken_in(month).count()


def _fill(month: date, at: datetime, asked: Break | None = None) -> None:
    """Give the free places to who is first in line; who waited before is told. Never beyond the limit (B7)."""
    line = list(Break.objects.in_line().filter(month=month).select_related("auditor")[: max(free_places(month), 0)])
    for wish in line:
        _grant(wish, system_actor(), at)
        if wish == asked:
            asked.refresh_from_db(fields=["status", "position", "granted_at"])
        else:
            tell_of_grant(wish, at)


def _grant(wish: Break, by: Staff, at: datetime, reason: str = "") -> None:
    move(wish, Status.GRANTED)
    wish.position, wish.granted_at, wish.granted_by, wish.override_reason = None, at, by, reason
    wish.save(update_fields=["status", "position", "granted_at", "granted_by", "override_reason"])
    changes = {"month": f"{wish.month:%Y-%m}"} | ({"reason": reason} if reason else {})
    record("break.granted", target=wish, subject=wish.auditor, by=by, at=at, changes=changes)


def _tell_at_the_limit(locked: BreakMonth, at: datetime) -> None:
    """The last place is gone, or there was none (S1-08)."""
    pool, percent = pool_on(locked.month).count(), rules_for(locked.month).break_percent
    if not allows(taken_in(locked.month).count() + 1, pool, percent):
        tell_of_limit(locked, places(pool, percent), at)


def _locked(wish: Break) -> Break:
    """The wish as it is now, under the lock of its month."""
    lock_month(wish.month)
    return Break.objects.select_related("auditor__unit").get(pk=wish.pk)


@transaction.atomic
def withdraw(*, wish: Break, by: Staff, at: datetime) -> Break:
    """Take a wish or a granted break back; the place goes to who is first in line in the same moment (A7)."""
    wish = _locked(wish)
    check_can_withdraw(by, wish)
    if not in_time_for_break(at, wish.month.year, wish.month.month):
        raise Refused(f"{month_name(wish.month)} has begun, so this cannot be withdrawn any more.")
    move(wish, Status.WITHDRAWN)
    wish.position, wish.withdrawn_at, wish.withdrawn_by = None, at, by
    wish.save(update_fields=["status", "position", "withdrawn_at", "withdrawn_by"])
    record("break.withdrawn", target=wish, subject=wish.auditor, by=by, at=at, changes={"month": f"{wish.month:%Y-%m}"})
    tell_of_withdrawal(wish, by, at)
    _fill(wish.month, at)
    return wish


@transaction.atomic
def move_in_line(*, wish: Break, place: int, reason: str, by: Staff, at: datetime) -> None:
    """P&Q give somebody who waits another place in the list, with a reason (A7)."""
    wish = _locked(wish)
    check_can_reorder(by)
    line = list(Break.objects.in_line().filter(month=wish.month))
    _check_move(wish, line, place, reason, at)
    before = line.index(wish) + 1
    order = [each for each in line if each != wish]
    order.insert(place - 1, wish)
    for position, each in enumerate(order, start=1):
        each.position = position
    Break.objects.bulk_update(order, ["position"])
    record("break.moved", target=wish, subject=wish.auditor, by=by, at=at,
           changes={"place": [before, place], "reason": reason})


def _check_move(wish: Break, line: list[Break], place: int, reason: str, at: datetime) -> None:
    if wish not in line:
        raise Refused(f"{wish.auditor} is not in the waiting list any more.")
    if not in_time_for_break(at, wish.month.year, wish.month.month):
        raise Refused(f"{month_name(wish.month)} has begun, so its waiting list is over.")
    if not 1 <= place <= len(line):
        raise Refused(f"Choose a place from 1 to {len(line)}.", "place")
    if not reason.strip():
        raise Refused("Say why the order changes: the reason stays in the audit trail.", "reason")


@transaction.atomic
def grant_above_the_limit(*, wish: Break, reason: str, by: Staff, at: datetime) -> Break:
    """The P&Q lead grants a break in a pool below five, which has no place of its own, with a reason (A5)."""
    wish = _locked(wish)
    check_can_exceed(by, wish)
    _check_open(wish.month, at)
    if pool_on(wish.month).count() >= SMALL_POOL:
        raise Refused("Above the limit a break can be granted only while fewer than five auditors are in the pool.")
    if not reason.strip():
        raise Refused("Say why the break is granted above the limit: the reason stays in the audit trail.", "reason")
    _grant(wish, by, at, reason.strip())
    tell_of_grant(wish, at)
    return wish


@transaction.atomic
def fill_month(*, month: date, at: datetime) -> None:
    """Give places that came free when the pool grew, while the month is open."""
    lock_month(month)
    if in_time_for_break(at, month.year, month.month):
        _fill(month, at)


def fill_all(at: datetime) -> int:
    """Every month that somebody waits for; gives how many months were looked at."""
    waiting = Break.objects.in_line().filter(month__gt=london_date(at))
    months = sorted(set(waiting.values_list("month", flat=True)))
    for month in months:
        fill_month(month=month, at=at)
    return len(months)


def check_nobody_on_a_break(month: date, auditors: list[int]) -> None:
    """A list that was drawn before the month closed may hold somebody who has a break by now (A6)."""
    lock_month(month)
    found = Break.objects.granted().filter(month=month, auditor__in=auditors).select_related("auditor")
    names = ", ".join(sorted(str(wish.auditor) for wish in found))
    if names:
        raise Refused(f"On a break by now: {names}. Freeze the frame again, then draw.")
