"""Copies on the child's record: opened when something is finished, confirmed by P&Q by hand (A28, B14, S2-13)."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from audits.filing import KIND, TITLES
from audits.models import Audit, Filing
from calendars.calendar import working_days_after
from calendars.rules import london_date
from calendars.words import day_and_month
from duties.workflow import close_duty, open_duty
from people.models import Staff
from people.permissions import check_is_pq
from people.refusals import Refused
from people.roles import Role
from trail.writing import record


@transaction.atomic
def open_filing(*, audit: Audit, what: str, by: Staff, at: datetime) -> Filing:
    """It has to be copied now. What waited already is replaced: its download does not hold what came since.

    P&Q see it on their list and are reminded; nobody is told now, for whoever opens it has just seen to it.
    """
    audit.filings.open().filter(what=what).update(replaced_at=at)
    filing = Filing.objects.create(audit=audit, what=what, opened_at=at)
    close_duty(KIND, audit, slot=what, by=by, at=at, outcome="replaced")
    days = audit.version.rules.timescales.filing_working_days
    open_duty(KIND, audit, slot=what, role=Role.QA_OFFICER, due_at=working_days_after(at, days), at=at,
              audit_number=audit.number, title=TITLES[what], tell=False)
    return filing


@transaction.atomic
def confirm_filed(*, filings: Collection[int], on: date, by: Staff, at: datetime, place: str = "") -> Counter:
    """Say that these are copied to the child's record, and on which day; all of them, or none.

    Gives how many were confirmed, how many somebody had confirmed before, and how many were replaced.
    """
    check_is_pq(by)
    rows = Filing.objects.filter(pk__in=filings).select_related("audit").order_by("audit", "pk")
    rows = list(rows.select_for_update(of=("self",)))
    waiting = [row for row in rows if row.is_open]
    _check_day(waiting, on, at)
    for row in waiting:
        _confirm(row, on, place, by, at)
    return Counter(confirmed=len(waiting), before=sum(row.filed_at is not None for row in rows),
                   replaced=sum(row.replaced_at is not None for row in rows))


def _check_day(waiting: list[Filing], on: date, at: datetime) -> None:
    if on > london_date(at):
        raise Refused("Give today or a day before it.", "on")
    if early := [row for row in waiting if on < london_date(row.opened_at)]:
        first = early[0]
        raise Refused(f"{first.audit.number} was to be copied only from {day_and_month(first.opened_at)} on. Give a "
                      "later day, or untick it.", "on")


def _confirm(row: Filing, on: date, place: str, by: Staff, at: datetime) -> None:
    row.filed_on, row.place, row.filed_at, row.filed_by = on, place, at, by
    row.save(update_fields=["filed_on", "place", "filed_at", "filed_by"])
    close_duty(KIND, row.audit, slot=row.what, by=by, at=at, outcome="copied")
    part = row.get_what_display()
    record("audit.filed", target=row, subject=row.audit, by=by, at=at,
           changes={"part": part[0].lower() + part[1:], "on": on.isoformat()})
