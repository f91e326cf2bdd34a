"""Who counts for a month's limit: the pool on its first day, those on a break included (A5)."""

from datetime import date

from django.db import connection
from django.db.models import DateField, QuerySet, Value

from allocations.break_models import Break
from calendars.rules import last_day_of_month
from people.models import Auditor
from people.refusals import Refused
from programmes.models import ProgrammeVersion
from programmes.policy import DecidingRoles, Sampling

SAMPLE = date(1900, 1, 1)


def pool_on(month: date) -> QuerySet[Auditor]:
    """In the pool on the first of the month; the suspended and those away for all of it are not counted (A5)."""
    return Auditor.objects.on_duty(month, last_day_of_month(month.year, month.month))


def taken_in(month: date) -> QuerySet[Break]:
    """The granted breaks that hold a place: those of auditors who are still in the pool (B7)."""
    return Break.objects.granted().filter(month=month, auditor__in=pool_on(month).values("staff"))


def pools(months: list[date]) -> dict[date, set[int]]:
    """The staff who count in each of several months. One query, of which Django works out the words once."""
    sample = pool_on(SAMPLE).annotate(month=Value(SAMPLE, DateField())).order_by().values_list("month", "staff_id")
    words, values = sample.query.sql_with_params()
    found: dict[date, set[int]] = {month: set() for month in months}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([f"({words})"] * len(months)), _values_for(months, values))
        for month, staff in cursor.fetchall():
            found[month].add(staff)
    return found


def _values_for(months: list[date], values: tuple) -> list:
    """What stands in the query of the sample month, for each of the others."""
    ends = {month: {SAMPLE: month, last_day_of_month(SAMPLE.year, SAMPLE.month): last_day_of_month(
        month.year, month.month)} for month in months}
    return [ends[month].get(value, value) if isinstance(value, date) else value for month in months for value in values]


def version_for(month: date) -> ProgrammeVersion:
    """The version of the monthly programme that holds in a month. Raises Refused where there is none."""
    try:
        return ProgrammeVersion.objects.monthly(month)
    except ProgrammeVersion.DoesNotExist:
        raise Refused("No programme is in force in that month. Performance and Quality publish one first.") from None


def rules_for(month: date) -> Sampling:
    """How many breaks, of how many auditors, in which year."""
    return version_for(month).rules.sampling


def deciders_for(month: date) -> DecidingRoles:
    """Who may grant above the limit."""
    return version_for(month).rules.roles
