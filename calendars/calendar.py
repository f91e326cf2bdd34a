"""This council's calendar: the closure days that its deadlines skip, and the moment it is."""

from django.utils import timezone

from calendars.models import LocalClosure
from calendars.rules import Days
from calendars.words import Moment


def local_extra_days() -> Days:
    """The closure days that count as holidays, for the `extra` of the rules. One query at each call."""
    return frozenset(LocalClosure.objects.filter(counts_as_holiday=True).values_list("day", flat=True))


def this_moment() -> Moment:
    """Now with the closure days: what a page hands to the filter `due_words`. One query."""
    return Moment(timezone.now(), local_extra_days())
