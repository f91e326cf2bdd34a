"""Who can take an audit over, in which order, and why others cannot (S1-13, A2, B5)."""

from datetime import date, timedelta

import pytest

from allocations.breaks import workflow as breaks
from allocations.models import Allocation, TeamOverride
from allocations.takers import takers_of
from audit_portal.testing.factories import LONG_AGO, START, make_audit, make_auditor, make_case, plan_round, walk
from calendars.rules import at_london
from casefiles.models import Involvement
from people.models import Auditor

pytestmark = pytest.mark.django_db
NOVEMBER_20 = START + timedelta(days=18)


@pytest.fixture
def audit(cast, s1):
    """An audit that waits: its auditor is exempted."""
    return walk(make_audit(cast, s1), ["exempt"], cast)


@pytest.fixture
def marcus(audit, cast):
    """Somebody who can take it over."""
    return make_auditor("Marcus Bell", cast.other_team)


def able(audit, at=NOVEMBER_20):
    return [taker.entry.staff.name for taker in takers_of(audit.allocation, at).able]


def why_not(audit, staff, at=NOVEMBER_20):
    return takers_of(audit.allocation, at).find(staff.pk).why_not


def give(auditor, round, number):
    """An audit that they have already."""
    case = make_case(f"50{number:05}", auditor.unit)
    return Allocation.objects.create(
        round=round, case_file=case, auditor=auditor, status="allocated", position=100 + number, stratum="in_need",
        number=f"A-{round.month:%Y-%m}-9{number:03}", due_at=round.due_at, allocated_at=START, allocated_by=auditor)


def test_who_may_have_the_case_is_offered_and_the_old_auditor_is_not(audit, marcus, cast):
    assert able(audit) == ["Marcus Bell"]
    assert why_not(audit, cast.auditor) == "Had this audit before"
    assert takers_of(audit.allocation, NOVEMBER_20).find(cast.worker.pk) is None


@pytest.mark.req("S1-13")
def test_nobody_who_is_exempted_from_another_audit_of_the_month(audit, marcus):
    other = give(marcus, audit.allocation.round, 1)
    Allocation.objects.filter(pk=other.pk).update(status="exempted", ended_at=START, ended_by=marcus,
                                                  ended_because="Sickness")
    assert why_not(audit, marcus) == "Is exempted in this month"


def test_of_an_audit_that_somebody_has_it_says_so(cast, s1):
    audit = make_audit(cast, s1)
    assert why_not(audit, cast.auditor) == "Has this audit now"


@pytest.mark.req("S2-05")
def test_neither_the_team_nor_who_ever_knew_the_case(audit, marcus, cast):
    colleague = make_auditor("Team Colleague", cast.team)
    Involvement.objects.create(case_file=audit.case_file, staff=marcus, capacity="worker", from_on=LONG_AGO,
                               until_on=LONG_AGO)
    assert able(audit) == []
    for person in (colleague, marcus):
        assert why_not(audit, person) == "Knows the case, or belongs to its team or group"
    TeamOverride.objects.create(round=audit.allocation.round, auditor=colleague, case_file=audit.case_file,
                                reason="Small council", made_at=START, made_by=cast.pq_lead)
    assert able(audit) == ["Team Colleague"]


@pytest.mark.req("S1-03", "A2")
def test_nobody_beyond_ten_in_the_year_with_the_months_own_counted(audit, marcus, cast, s1):
    rounds = [audit.allocation.round, *(plan_round(cast, s1, date(2026, month, 1)) for month in range(4, 11))]
    for number, round in enumerate(rounds):
        give(marcus, round, number)
    for number in (8, 9):
        give(marcus, rounds[1], number)
    assert why_not(audit, marcus) == "10 of 10 audits reached"


@pytest.mark.req("B5")
@pytest.mark.parametrize("month", [date(2026, 11, 1), date(2026, 12, 1)])
def test_never_to_somebody_on_a_granted_break_in_the_months_in_which_it_is_done(month, audit, marcus):
    """Given on 20 November it is due on 4 December."""
    for number in range(8):
        make_auditor(f"Pool Member{number}", marcus.unit)
    breaks.ask(auditor=marcus, month=month, by=marcus, at=at_london(date(2026, 10, 5), START.time()))
    assert why_not(audit, marcus) == "On a break"
    assert "Marcus Bell" not in able(audit)


@pytest.mark.parametrize(("fields", "why"), [
    ({"trained_on": None}, "Not trained yet"),
    ({"training_expires_on": date(2026, 11, 1)}, "Training has run out"),
    ({"suspended_from": date(2026, 11, 1)}, "Suspended"),
])
def test_in_the_pool_and_trained(fields, why, audit, marcus):
    Auditor.objects.filter(staff=marcus).update(**fields)
    assert why_not(audit, marcus) == why


def test_nobody_who_is_away_until_it_is_due(audit, marcus):
    marcus.absences.create(starts_on=date(2026, 11, 10), ends_on=date(2026, 12, 31), recorded_by=marcus)
    assert why_not(audit, marcus) == "Away until it is due"


def test_fewest_this_month_first_then_fewest_this_year_then_name(audit, marcus, cast, s1):
    busy, twice, zoe = (make_auditor(name, cast.other_team) for name in ("Amir Busy", "Ben Twice", "Zoe First"))
    Auditor.objects.filter(staff=busy).update(capacity=2)
    october = plan_round(cast, s1, date(2026, 10, 1))
    give(busy, audit.allocation.round, 1)
    give(twice, october, 2)
    assert able(audit) == ["Marcus Bell", "Zoe First", "Ben Twice", "Amir Busy"]
    words = takers_of(audit.allocation, NOVEMBER_20).find(busy.pk).words
    assert words == "1 audit this month; 1 of 10 this year; no connection with the case or its team is known"


def test_beyond_what_they_take_in_a_month_only_where_nobody_else_can(audit, marcus, cast):
    full = make_auditor("Full Already", cast.other_team)
    give(full, audit.allocation.round, 1)
    found = takers_of(audit.allocation, NOVEMBER_20)
    assert ([taker.entry.staff for taker in found.able], found.beyond) == ([marcus], False)
    assert found.find(full.pk).why_not == "Has 1 audit this month, and others have fewer"
    give(marcus, audit.allocation.round, 2)
    found = takers_of(audit.allocation, NOVEMBER_20)
    assert (able(audit), found.beyond) == (["Full Already", "Marcus Bell"], True)
    assert "which is all they take in a month (1)" in found.able[0].words


def test_quality_staff_are_marked(audit, marcus, cast):
    make_auditor("Quinn Quality", cast.quality)
    found = {taker.entry.staff.name: taker.is_quality for taker in takers_of(audit.allocation, NOVEMBER_20).able}
    assert found == {"Marcus Bell": False, "Quinn Quality": True}


def test_the_register_costs_the_same_for_one_and_for_twenty(audit, marcus, cast, django_assert_num_queries):
    allocation = Allocation.objects.select_related("round__version", "case_file").get(pk=audit.allocation_id)
    with django_assert_num_queries(9):
        takers_of(allocation, NOVEMBER_20)
    for number in range(20):
        make_auditor(f"Pool Member{number}", cast.other_team)
    with django_assert_num_queries(9):
        takers_of(allocation, NOVEMBER_20)
