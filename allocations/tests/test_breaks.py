"""Breaks: first come first served up to the limit, a waiting list that moves up by itself, who is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from allocations import workflow as rounds
from allocations.breaks import workflow
from allocations.frame import auditors_on_duty
from allocations.models import Break, BreakMonth
from allocations.pool import pool_of
from allocations.tests.break_pools import FEBRUARY, FEBRUARY_1, JANUARY_5, ask, make_pool
from audit_portal.testing.factories import START, make_case, make_staff, plan_round, publish_round
from duties.models import Notice
from people.models import Auditor, Staff
from people.refusals import Refused
from trail.models import Event

pytestmark = pytest.mark.django_db
Status = Break.Status


@pytest.fixture
def pool(cast):
    """Seven auditors: one place."""
    return make_pool(7, cast.other_team)


def statuses(month=FEBRUARY):
    return list(Break.objects.filter(month=month).order_by("asked_at", "pk").values_list("status", flat=True))


def line(month=FEBRUARY):
    return [wish.auditor for wish in Break.objects.in_line().filter(month=month)]


def told(person):
    return list(Notice.objects.filter(recipient=person, channel="inbox").order_by("pk").values_list("title", flat=True))


@pytest.mark.req("S1-07", "A7")
@pytest.mark.parametrize(("size", "places"), [(4, 0), (5, 1), (9, 1), (10, 2), (14, 2), (15, 3)])
def test_who_asks_first_has_the_place_and_the_next_waits(size, places, cast):
    people = make_pool(size)
    for person in people[: places + 1]:
        ask(person)
    assert statuses() == ["granted"] * places + ["waiting"]
    assert line() == [people[places]]


@pytest.mark.req("A5")
def test_the_pool_counts_those_on_a_break_and_neither_suspended_nor_long_absent(cast):
    people = make_pool(10)
    ask(people[0])
    assert workflow.free_places(FEBRUARY) == 1
    Auditor.objects.filter(staff=people[8]).update(suspended_from=date(2027, 1, 1))
    people[9].absences.create(starts_on=FEBRUARY, ends_on=date(2027, 2, 28), recorded_by=people[9])
    assert workflow.free_places(FEBRUARY) == 0


@pytest.mark.req("A6", "S1-05", "S1-06")
@pytest.mark.parametrize(("month", "last"), [
    (FEBRUARY, datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)),
    (date(2026, 4, 1), datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)),
    (date(2026, 11, 1), datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)),
])
def test_a_late_request_is_an_exemption_now(month, last, pool):
    assert ask(pool[0], month, last).status == Status.GRANTED
    with pytest.raises(Refused, match="It is an exemption now"):
        ask(pool[1], month, last + timedelta(seconds=1))
    assert statuses(month) == ["granted"]


@pytest.mark.req("S1-06")
def test_who_has_the_months_audit_already_asks_for_an_exemption(cast, s1):
    make_case("3070001", cast.team)
    publish_round(cast, s1, FEBRUARY, FEBRUARY_1)
    with pytest.raises(Refused, match="is given already. It is an exemption now"):
        ask(cast.auditor)


@pytest.mark.req("S1-04")
def test_two_breaks_a_year_and_the_third_is_refused(cast):
    person = make_pool(10)[0]
    for month in (FEBRUARY, date(2027, 3, 1)):
        ask(person, month)
    with pytest.raises(Refused, match="At most 2 breaks"):
        ask(person, date(2027, 1, 1), JANUARY_5 - timedelta(days=10))
    assert ask(person, date(2027, 4, 1)).status == Status.GRANTED  # the next audit year


@pytest.mark.req("S1-04")
def test_a_wish_that_came_to_nothing_is_no_break(pool):
    ask(pool[0])
    assert ask(pool[1]).status == Status.WAITING
    for month in (date(2027, 3, 1), ):
        ask(pool[1], month)
    year = {"month__range": (date(2026, 4, 1), date(2027, 3, 31)), "auditor": pool[1]}
    assert Break.objects.counted(date(2027, 1, 31)).filter(**year).count() == 2
    assert Break.objects.counted(FEBRUARY).filter(**year).count() == 1


def test_nobody_asks_twice_for_others_or_from_outside_the_pool(pool, cast):
    ask(pool[0])
    with pytest.raises(Refused, match="asked for already"):
        ask(pool[0])
    with pytest.raises(PermissionDenied, match="themselves"):
        workflow.ask(auditor=pool[1], month=FEBRUARY, by=cast.pq_lead, at=JANUARY_5)
    with pytest.raises(Refused, match="not in the pool"):
        ask(cast.worker)


@pytest.mark.req("A7")
def test_a_withdrawal_moves_the_list_up_and_who_moved_is_told(pool):
    first, *waiting = [ask(person) for person in pool[:3]]
    workflow.withdraw(wish=first, by=pool[0], at=JANUARY_5)
    assert statuses() == ["withdrawn", "granted", "waiting"]
    assert told(pool[1]) == ["You have a break in February 2027: no audit in that month"]
    assert told(pool[2]) == []
    with pytest.raises(Refused, match="cannot be withdrawn any more"):
        workflow.withdraw(wish=waiting[0], by=pool[1], at=datetime(2027, 2, 1, tzinfo=UTC))
    with pytest.raises(PermissionDenied):
        workflow.withdraw(wish=waiting[0], by=pool[3], at=JANUARY_5)


@pytest.mark.req("A7", "S1-08")
def test_pq_move_somebody_in_the_list_with_a_reason(pool, cast):
    wishes = [ask(person) for person in pool[:4]]
    move = {"wish": wishes[3], "place": 1, "by": cast.pq_officer, "at": JANUARY_5}
    with pytest.raises(Refused, match="Say why"):
        workflow.move_in_line(**move, reason=" ")
    with pytest.raises(Refused, match="from 1 to 3"):
        workflow.move_in_line(**move | {"place": 4}, reason="Ill")
    with pytest.raises(PermissionDenied):
        workflow.move_in_line(**move | {"by": pool[3]}, reason="Ill")
    workflow.move_in_line(**move, reason="A bereavement")
    assert line() == [pool[3], pool[1], pool[2]]
    workflow.withdraw(wish=wishes[0], by=pool[0], at=JANUARY_5)
    assert line() == [pool[1], pool[2]]
    assert Event.objects.get(verb="break.moved").fields == ["place", "reason"]


@pytest.mark.req("A5")
def test_below_five_only_the_lead_grants_with_a_reason(cast):
    people = make_pool(4)
    wish = ask(people[0])
    assert wish.status == Status.WAITING
    grant = {"wish": wish, "at": JANUARY_5}
    with pytest.raises(PermissionDenied, match="Only the Performance and Quality lead"):
        workflow.grant_above_the_limit(**grant, reason="Ill", by=cast.pq_officer)
    with pytest.raises(Refused, match="Say why"):
        workflow.grant_above_the_limit(**grant, reason="", by=cast.pq_lead)
    given = workflow.grant_above_the_limit(**grant, reason="Ill", by=cast.pq_lead)
    assert (given.status, given.override_reason, given.granted_by) == (Status.GRANTED, "Ill", cast.pq_lead)
    make_pool(5)
    other = ask(people[1])
    with pytest.raises(Refused, match="fewer than five"):
        workflow.grant_above_the_limit(wish=other, reason="Ill", by=cast.pq_lead, at=JANUARY_5)


@pytest.mark.req("S1-05")
def test_head_of_service_and_pq_are_told_of_each_request(cast):
    anil = make_staff("Anil Kapoor", cast.team)
    Auditor.objects.create(staff=anil, joined_on=START.date(), trained_on=START.date())
    make_pool(5)
    ask(anil)
    asked = "Anil Kapoor asked for a break in February 2027: granted"
    assert asked in told(cast.head_of_service)
    assert asked in told(cast.pq_lead)
    assert asked not in told(anil)


@pytest.mark.req("S1-08")
def test_all_heads_of_service_are_told_of_the_limit_once_and_not_twice(pool, cast):
    other = make_staff("Other Head", cast.quality, roles=("head_of_service",))
    limit = "Breaks in February 2027: the limit is reached, 1 of 1 place taken"
    first = ask(pool[0])
    assert told(cast.head_of_service) == told(other) == [limit]
    ask(pool[1])
    workflow.withdraw(wish=first, by=pool[0], at=JANUARY_5)
    ask(pool[2])
    for head in (cast.head_of_service, other):
        assert told(head).count(limit) == 1
        assert sum("limit" in title for title in told(head)) == 1
    assert BreakMonth.objects.get().limit_told_at == JANUARY_5


@pytest.mark.req("B7")
def test_granted_breaks_stay_when_the_pool_shrinks_and_none_is_given_beyond_it(cast):
    people = make_pool(10)
    first, _ = ask(people[0]), ask(people[1])
    Auditor.objects.filter(staff__in=people[7:]).update(left_on=JANUARY_5.date())
    assert ask(people[2]).status == Status.WAITING
    assert statuses() == ["granted", "granted", "waiting"]
    assert workflow.free_places(FEBRUARY) == -1
    workflow.withdraw(wish=first, by=people[0], at=JANUARY_5)
    assert statuses() == ["withdrawn", "granted", "waiting"]  # one place, and it is taken


@pytest.mark.req("B7", "A7")
def test_the_break_of_a_leaver_holds_no_place_and_stays_written(cast):
    people = make_pool(11)
    for person in people[:3]:
        ask(person)
    Auditor.objects.filter(staff=people[0]).update(left_on=JANUARY_5.date())
    assert workflow.free_places(FEBRUARY) == 1
    workflow.fill_all(JANUARY_5)
    assert statuses() == ["granted", "granted", "granted"]
    assert workflow.free_places(FEBRUARY) == 0


@pytest.mark.req("A7", "B7")
def test_a_place_that_comes_with_a_grown_pool_goes_to_who_waits(pool):
    ask(pool[0])
    ask(pool[1])
    make_pool(10)
    assert workflow.fill_all(JANUARY_5) == 1
    assert statuses() == ["granted", "granted"]
    assert workflow.fill_all(JANUARY_5) == 0
    assert len(told(pool[1])) == 1


def test_after_the_month_began_nothing_is_filled(pool):
    ask(pool[0])
    ask(pool[1])
    make_pool(10)
    late = datetime(2027, 2, 1, 0, 0, tzinfo=UTC)
    assert workflow.fill_all(late) == 0
    workflow.fill_month(month=FEBRUARY, at=late)
    assert statuses() == ["granted", "waiting"]


@pytest.mark.req("S1-07")
def test_who_is_on_a_break_is_not_on_duty_and_the_page_says_why(pool, s1, cast):
    ask(pool[0])
    ask(pool[1])
    round = plan_round(cast, s1, FEBRUARY, JANUARY_5)
    assert pool[0] not in [entry.staff for entry in auditors_on_duty(round)]
    assert [(place.entry.staff, place.why) for place in pool_of(round).left_out] == [(pool[0], "On a break")]


@pytest.mark.req("A6")
def test_a_draft_list_with_somebody_on_a_break_by_now_is_not_published(cast, s1):
    make_pool(5)
    for number in range(5):
        make_case(f"307000{number}", cast.team)
    round = plan_round(cast, s1, FEBRUARY, JANUARY_5)
    for verb in (rounds.freeze_frame, rounds.draw_round, rounds.review):
        verb(round=round, by=cast.pq_lead, at=JANUARY_5)
    ask(cast.auditor)
    with pytest.raises(Refused, match="On a break by now: Grace Adeyemi"):
        rounds.publish(round=round, by=cast.pq_lead, at=FEBRUARY_1)


@pytest.mark.parametrize("wrong", [
    {"status": "granted", "position": None}, {"status": "withdrawn", "position": None}, {"position": None},
    {"month": date(2027, 2, 2)}, {"granted_at": JANUARY_5}, {"override_reason": "Ill"},
])
def test_the_database_holds_who_and_when(wrong, cast):
    right = {"auditor": cast.auditor, "month": FEBRUARY, "asked_at": JANUARY_5, "asked_by": cast.auditor, "position": 1}
    with pytest.raises(IntegrityError), transaction.atomic():
        Break.objects.create(**right | wrong)
    Break.objects.create(**right)
    with pytest.raises(IntegrityError, match="break_once_a_month"), transaction.atomic():
        Break.objects.create(**right | {"position": 2})


@pytest.mark.req("S1-05")
@pytest.mark.parametrize(("persona", "sees"), [
    ("pq_officer", True), ("auditor", True), ("other_manager", True), ("assistant_director", True), ("worker", False),
    ("head_of_service", False), ("director", False), ("administrator", False),
])
def test_a_break_is_seen_by_the_auditor_their_line_and_pq(persona, sees, cast):
    ask(cast.auditor)
    assert Break.objects.visible_to(Staff.objects.get(pk=getattr(cast, persona).pk)).exists() == sees
