"""This council's calendar: the closure days that its deadlines skip, and the moment it is."""

from datetime import datetime

from django.utils import timezone

from calendars.models import LocalClosure
from calendars.rules import Days, add_working_days, end_of_day, london_date
from calendars.words import Moment


def local_extra_days() -> Days:
    """The closure days that count as holidays, for the `extra` of the rules. One query at each call."""
    return frozenset(LocalClosure.objects.filter(counts_as_holiday=True).values_list("day", flat=True))


def this_moment() -> Moment:
    """Now with the closure days: what a page hands to the filter `due_words`. One query."""
    return Moment(timezone.now(), local_extra_days())


def working_days_after(moment: datetime, n: int) -> datetime:
    """The end of the nth working day after `moment`, whose own day is day 0 (A17). One query."""
    return end_of_day(add_working_days(london_date(moment), n, local_extra_days()))
