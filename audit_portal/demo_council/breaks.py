"""Breaks of the demo: next month is full and two wait; the months after it have some."""

from datetime import date, datetime

from allocations.breaks import workflow
from allocations.breaks.pool import pool_on
from allocations.breaks.workflow import free_places
from audit_portal.demo_council.clock import A_MINUTE, months_before, working_days_before
from people.models import Staff

WAITING, LATER = 2, (4, 3)


def ask_for_breaks(month: date, now: datetime) -> None:
    """Auditors ask one after the other, each for one month; nobody who is on the sign-in page."""
    following = [months_before(month, -step) for step in range(1, len(LATER) + 2)]
    people = iter(_people(following[0]))
    for place, (wanted, count) in enumerate(zip(following, (free_places(following[0]) + WAITING, *LATER), strict=True)):
        for turn in range(count):
            auditor = next(people)
            at = working_days_before(now, 6 - place) + turn * A_MINUTE
            workflow.ask(auditor=auditor, month=wanted, by=auditor, at=at)


def _people(month: date) -> list[Staff]:
    entries = pool_on(month).exclude(staff__reference__startswith="demo-").select_related("staff__unit")
    return [entry.staff for entry in entries.order_by("staff__reference")]
