"""Until when an audit is due that somebody is given after the list went out (B5)."""

from datetime import datetime

from allocations.models import Round
from calendars.calendar import local_extra_days
from calendars.rules import add_working_days, end_of_day, london_date, working_days_between


def due_when_given_late(round: Round, at: datetime) -> datetime:
    """The round's own due time; with fewer working days left than the programme grants, so many from now.

    The month still counts the case late, not the person.
    """
    days = round.version.rules.timescales.late_reallocation_working_days
    today, extra = london_date(at), local_extra_days()
    if days is None or working_days_between(today, london_date(round.due_at), extra) >= days:
        return round.due_at
    return end_of_day(add_working_days(today, days, extra))
