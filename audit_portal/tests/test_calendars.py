"""Calendars of a whole council: no name of anybody in them, no case."""

import icalendar
import pytest
from django.utils import timezone

from audit_portal.tests.access.world import make_world
from casefiles.models import CaseFile
from duties.feed import feed_of
from people.models import Staff, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.req("T-S2")]


def parts_of(names):
    """Each name, and each part of it alone."""
    return {part for name in names for part in (name, *name.split()) if len(part) > 2}


def test_no_name_and_no_case_is_in_anybody_s_calendar():
    people = make_world().cast.everyone().values()
    texts = [feed_of(person, at=timezone.now()) for person in people]
    kinds = {str(event["SUMMARY"]).split(" A-")[0] for text in texts
             for event in icalendar.Calendar.from_ical(text).events}
    assert len(kinds) > 8
    everything = b"".join(texts).replace(b"\r\n ", b"").decode()
    people = Staff.objects.filter(is_system=False)
    names = parts_of(people.values_list("name", flat=True)) | set(Unit.objects.values_list("name", flat=True))
    assert {name for name in names if name in everything} == set()
    assert [case for case in CaseFile.objects.values_list("reference", flat=True) if case in everything] == []
