"""A reader on leave has longer to answer, once: five working days after their return, ten after the sharing at most."""

from datetime import date, timedelta

import pytest

from audit_portal.testing.factories import START, load_s2, make_audit_at
from audits import workflow
from audits.workflow.sharing import lapse, readers_of
from calendars.rules import end_of_day
from duties.models import Duty
from people.models import Absence

pytestmark = pytest.mark.django_db
SHARED = START + timedelta(days=3)  # Thursday 5 November 2026; the window ends on Thursday 12 November


def away(person, first, last):
    return Absence.objects.create(staff=person, starts_on=first, ends_on=last, recorded_by=person)


def due_of(audit, person):
    return Duty.objects.open().of(audit, "audit.respond").get(slot=str(person.pk)).due_at


@pytest.mark.req("B10", "A14")
@pytest.mark.parametrize(("first", "last", "until"), [
    (date(2026, 11, 6), date(2026, 11, 6), date(2026, 11, 13)),  # five working days after the return
    (date(2026, 11, 4), date(2026, 11, 30), date(2026, 11, 19)),  # ten after the sharing at most
    (date(2026, 11, 12), date(2026, 11, 12), date(2026, 11, 19)),  # the last day of the window counts
    (date(2026, 11, 13), date(2026, 11, 20), date(2026, 11, 12)),  # leave after the window changes nothing
    (date(2026, 10, 1), date(2026, 11, 4), date(2026, 11, 12)),  # nor leave before it
])
def test_leave_within_the_window_gives_longer(first, last, until, cast, s1):
    away(cast.worker, first, last)
    audit = make_audit_at("shared", cast, s1)
    assert audit.shared_at == SHARED
    assert due_of(audit, cast.worker) == audit.responses.get(staff=cast.worker).respond_by == end_of_day(until)
    assert due_of(audit, cast.team_manager) == end_of_day(date(2026, 11, 12))


@pytest.mark.req("B10")
def test_leave_recorded_after_the_sharing_counts_as_well_and_only_once(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    away(cast.worker, date(2026, 11, 9), date(2026, 11, 11))
    lapse(audit=audit, at=end_of_day(date(2026, 11, 12)) + timedelta(minutes=1))
    verdicts = dict(audit.responses.values_list("staff__name", "verdict"))
    assert verdicts == {cast.worker.name: "waiting", cast.team_manager.name: "lapsed", cast.iro.name: "lapsed"}
    assert due_of(audit, cast.worker) == end_of_day(date(2026, 11, 18))
    away(cast.worker, date(2026, 11, 16), date(2026, 11, 17))
    lapse(audit=audit, at=end_of_day(date(2026, 11, 18)) + timedelta(minutes=1))
    assert audit.responses.get(staff=cast.worker).verdict == "lapsed"
    assert Duty.objects.open().of(audit, "audit.finalise").exists()


@pytest.mark.req("B10", "S1-45")
def test_the_audit_cannot_become_final_while_somebody_on_leave_has_time(cast, s1):
    away(cast.worker, date(2026, 11, 9), date(2026, 11, 11))
    audit = make_audit_at("shared", cast, s1)
    for person in (cast.team_manager, cast.iro):
        workflow.respond(audit=audit, verdict="agrees", by=person, at=SHARED)
    with pytest.raises(workflow.NotComplete, match="Not everybody has answered"):
        workflow.finalise(audit=audit, by=cast.auditor, at=SHARED + timedelta(days=10))


@pytest.mark.req("S2-21", "S2-23")
def test_the_programme_says_who_reads(cast, s1):
    assert [row.capacity for row in readers_of(make_audit_at("in_progress", cast, load_s2()))] == [
        "worker", "team_manager"]
    first = make_audit_at("in_progress", cast, s1, reference="3071999")
    assert [row.capacity for row in readers_of(first)] == ["worker", "team_manager", "iro"]
