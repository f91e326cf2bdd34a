"""The round: only P&Q move it, the frame leaves out what it must, nobody audits what they had a hand in."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from allocations import workflow
from allocations.draw import DrawError, compare
from allocations.forbidden import Forbidden
from allocations.frame import auditors_on_duty, audits_in_year, build_frame
from allocations.models import Allocation, MonthCounter, Round
from allocations.pool import pool_of
from audit_portal.testing.factories import (
    MONTH,
    START,
    ended,
    make_auditor,
    make_case,
    make_staff,
    make_unit,
    plan_round,
    publish_round,
)
from calendars.rules import add_months_clamped, month_end_due
from casefiles.models import Involvement
from duties.models import Duty
from people.models import Auditor, Unit
from trail.models import Event
from workflows import InvalidTransition

pytestmark = pytest.mark.django_db
Status = Round.Status
VERBS = {
    "freeze": (workflow.freeze_frame, {"reason": "Two auditors joined"}), "draw": (workflow.draw_round, {}),
    "review": (workflow.review, {}), "publish": (workflow.publish, {}), "close": (workflow.close_round, {}),
}
WAY = ("freeze", "draw", "review", "publish", "close")
REACHED = dict(zip(Status, [(), *(WAY[:number] for number in range(1, 6))], strict=True))
AIM = {"freeze": Status.FROZEN, "draw": Status.DRAWN, "review": Status.REVIEWED, "publish": Status.PUBLISHED,
       "close": Status.CLOSED}
OTHERS = ("auditor", "worker", "iro", "team_manager", "group_manager", "head_of_service", "assistant_director",
          "strategic_lead", "director", "leader", "board_viewer", "administrator")
BEFORE_MONTH = START - timedelta(days=5)
AFTER_MONTH = START + timedelta(days=40)


@pytest.fixture
def council(cast, s1):
    for number in range(3):
        make_case(f"307000{number}", cast.team, cast.worker)
    return cast


def do(verb, round, by, at=AFTER_MONTH):
    function, more = VERBS[verb]
    return function(round=round, by=by, at=at, **more)


def round_at(status, cast, s1):
    round = plan_round(cast, s1)
    for verb in REACHED[status]:
        do(verb, round, cast.pq_lead)
    round.refresh_from_db()
    assert round.status == status
    return round


def test_every_status_has_its_row():
    assert set(workflow.TRANSITIONS) == set(Status)


@pytest.mark.parametrize("verb", WAY)
@pytest.mark.parametrize("status", Status)
def test_a_verb_does_what_the_table_allows_and_nothing_else(status, verb, council, s1):
    round = round_at(status, council, s1)
    if AIM[verb] in workflow.TRANSITIONS[status]:
        do(verb, round, council.pq_officer)
        round.refresh_from_db()
        assert round.status == AIM[verb]
        return
    before = Event.objects.count()
    with pytest.raises(InvalidTransition):
        do(verb, round, council.pq_officer)
    round.refresh_from_db()
    assert (round.status, Event.objects.count()) == (status, before)


@pytest.mark.req("S1-01")
@pytest.mark.parametrize("verb", WAY)
@pytest.mark.parametrize("who", OTHERS)
def test_nobody_but_performance_and_quality_moves_a_round(who, verb, council, s1):
    before = {aim: status for status, targets in workflow.TRANSITIONS.items() for aim in targets if aim != status}
    round = round_at(before[AIM[verb]] if verb != "freeze" else Status.PLANNED, council, s1)
    with pytest.raises(PermissionDenied):
        do(verb, round, getattr(council, who))
    with pytest.raises(PermissionDenied):
        workflow.plan_round(version=s1, month=date(2026, 12, 1), by=getattr(council, who), at=START)


@pytest.mark.req("S1-02", "S1-15")
@pytest.mark.parametrize(("month", "publish_by"), [
    (date(2026, 11, 1), date(2026, 11, 2)), (date(2027, 1, 1), date(2027, 1, 4)),
    (date(2026, 12, 1), date(2026, 12, 1)),
])
def test_a_planned_round_knows_its_first_working_day_and_its_last_day(month, publish_by, cast, s1):
    round = plan_round(cast, s1, month=month)
    assert round.publish_by == publish_by
    assert round.due_at == month_end_due(month.year, month.month)
    duty = Duty.objects.open().of(round, "round.publish").get()
    assert duty.holder == cast.pq_lead


@pytest.mark.req("S1-02")
@pytest.mark.parametrize(("day", "late"), [(1, 0), (2, 0), (3, 1), (9, 7)])
def test_publishing_late_is_counted_in_days(day, late, council, s1):
    round = round_at(Status.REVIEWED, council, s1)
    published = do("publish", round, council.pq_lead, datetime(2026, 11, day, 9, tzinfo=START.tzinfo))
    assert workflow.days_late(published) == late
    assert Event.objects.filter(verb="round.published").count() == 1


def test_publishing_gives_numbers_that_no_other_audit_of_the_month_has(cast, s1):
    for number in range(2):
        make_case(f"307000{number}", cast.team)
    make_auditor("Anil Kapoor", cast.quality)
    MonthCounter.objects.create(month=MONTH, last=41)
    round = publish_round(cast, s1)
    numbers = list(round.allocations.order_by("position").values_list("number", flat=True))
    assert numbers == ["A-2026-11-0042", "A-2026-11-0043"]
    assert MonthCounter.objects.get().last == 43
    assert workflow.take_numbers(MONTH, 1) == ["A-2026-11-0044"]


def test_publishing_twice_does_nothing(council, s1):
    round = round_at(Status.PUBLISHED, council, s1)
    with pytest.raises(InvalidTransition):
        do("publish", round, council.pq_lead)
    assert round.allocations.live().count() == 1
    assert MonthCounter.objects.get().last == 1
    assert Duty.objects.filter(kind="audit.complete").count() == 1


def test_freezing_again_needs_a_reason_and_throws_the_list_away(council, s1):
    round = round_at(Status.REVIEWED, council, s1)
    for reason in ("", "   "):
        with pytest.raises(DrawError, match="Say why"):
            workflow.freeze_frame(round=round, by=council.pq_lead, at=START, reason=reason)
    assert round.allocations.count() == 1
    again = workflow.freeze_frame(round=round, by=council.pq_lead, at=START, reason="An auditor fell ill")
    round.refresh_from_db()
    assert (again.number, round.status, round.reviewed_at) == (2, Status.FROZEN, None)
    assert not round.allocations.exists()


def test_the_seed_is_on_the_trail_before_anything_is_drawn(council, s1):
    round = round_at(Status.FROZEN, council, s1)
    event = Event.objects.get(verb="round.frozen")
    assert sorted(event.fields) == ["draw", "frame_sha256", "reason", "seed"]
    assert round.draws.get().certificate is None


def test_the_certificate_lists_earlier_draws_with_the_reason_given_next(council, s1):
    round = round_at(Status.DRAWN, council, s1)
    first = round.draws.get()
    workflow.freeze_frame(round=round, by=council.pq_officer, at=START, reason="An auditor fell ill")
    workflow.freeze_frame(round=round, by=council.pq_officer, at=START, reason="Ten cases were missing")
    drawn = workflow.draw_round(round=round, by=council.pq_lead, at=START)
    earlier = drawn.certificate["earlier_draws"]
    assert [row["reason"] for row in earlier] == ["An auditor fell ill", "Ten cases were missing"]
    assert earlier[0]["seed"] == first.seed != drawn.seed
    assert compare(drawn.whole_certificate) == []


def test_a_list_that_cannot_be_full_is_drawn_only_when_confirmed(cast, s1):
    for number in range(2):
        make_case(f"307000{number}", cast.other_team)
    make_auditor("Ines Duarte", cast.quality)
    round = plan_round(cast, s1)
    workflow.freeze_frame(round=round, by=cast.pq_lead, at=START)
    with pytest.raises(workflow.CannotDraw) as refused:
        workflow.draw_round(round=round, by=cast.pq_lead, at=START)
    assert refused.value.possible == 1
    assert Round.objects.get().status == Status.FROZEN
    drawn = workflow.draw_round(round=round, by=cast.pq_lead, at=START, allow_short=True)
    assert drawn.certificate["short_confirmed"] and round.allocations.count() == 1


def test_a_round_stays_open_while_its_month_runs(council, s1):
    round = round_at(Status.PUBLISHED, council, s1)
    with pytest.raises(workflow.TooEarly, match="November 2026 can be closed when the month is over"):
        do("close", round, council.pq_lead, round.due_at)
    assert Duty.objects.open().of(round, "round.close").exists()
    do("close", round, council.pq_lead, round.due_at + timedelta(seconds=1))
    assert not Duty.objects.open().of(round).exists()


# The frame


def given(cast, s1, auditor, month, count, first=0, status=Allocation.Status.ALLOCATED):
    """So many earlier audits of an auditor, in one month."""
    round = Round.objects.filter(month=month).first() or plan_round(cast, s1, month=month)
    for number in range(first, first + count):
        case = make_case(f"E{month:%m}{number:03}", cast.team)
        Allocation.objects.create(
            round=round, case_file=case, auditor=auditor, status=status, position=number, stratum="in_need",
            number=f"A-{month:%Y-%m}-{number:04}", due_at=round.due_at, allocated_at=START, allocated_by=cast.pq_lead,
            **(ended(cast.pq_lead) if status != Allocation.Status.ALLOCATED else {}))


@pytest.mark.req("S1-03")
@pytest.mark.parametrize(("earlier", "on_duty"), [(9, True), (10, False)])
def test_nobody_is_given_an_eleventh_audit_in_a_year(earlier, on_duty, cast, s1):
    given(cast, s1, cast.auditor, date(2026, 4, 1), earlier)
    round = plan_round(cast, s1, month=date(2027, 3, 1))
    assert [entry.staff for entry in auditors_on_duty(round)] == ([cast.auditor] if on_duty else [])
    left_out = [(place.entry.staff, place.why) for place in pool_of(round).left_out]
    assert left_out == ([] if on_duty else [(cast.auditor, "10 of 10 audits reached")])


@pytest.mark.req("S1-03")
def test_the_cap_bounds_what_somebody_takes_within_the_month(cast, s1):
    given(cast, s1, cast.auditor, date(2026, 10, 1), 8)
    Auditor.objects.update(capacity=3)
    assert [entry.capacity for entry in auditors_on_duty(plan_round(cast, s1))] == [2]
    assert [place.entry.capacity for place in pool_of(Round.objects.get(month=MONTH)).on_duty] == [2]


@pytest.mark.req("S1-03")
def test_the_year_begins_in_april_and_exempted_audits_do_not_count(cast, s1):
    given(cast, s1, cast.auditor, date(2026, 3, 1), 5)
    given(cast, s1, cast.auditor, date(2026, 5, 1), 4)
    given(cast, s1, cast.auditor, date(2026, 6, 1), 3, status=Allocation.Status.EXEMPTED)
    assert audits_in_year(plan_round(cast, s1))[cast.auditor.pk] == 4


@pytest.mark.req("S4-34")
@pytest.mark.parametrize(("fields", "why"), [
    ({"trained_on": None}, "Not trained yet"), ({"training_expires_on": date(2026, 10, 31)}, "Training has run out"),
    ({"suspended_from": date(2026, 10, 1)}, "Suspended"), ({"training_expires_on": MONTH}, None),
    ({"suspended_from": date(2026, 8, 1), "suspended_until": date(2026, 10, 31)}, None),
    ({"suspended_from": date(2026, 11, 2)}, None),
])
def test_who_is_not_trained_or_suspended_is_not_on_duty(fields, why, cast, s1):
    Auditor.objects.update(**fields)
    pool = pool_of(plan_round(cast, s1, at=BEFORE_MONTH))
    assert [place.why for place in pool.left_out] == ([why] if why else [])
    assert len(pool.on_duty) == (why is None)


@pytest.mark.parametrize(("first", "last", "on_duty"), [
    (date(2026, 11, 1), date(2026, 11, 30), False), (date(2026, 10, 1), date(2027, 1, 1), False),
    (date(2026, 11, 2), date(2026, 11, 30), True), (date(2026, 11, 1), date(2026, 11, 29), True),
])
def test_only_who_is_away_for_the_whole_month_is_left_out(first, last, on_duty, cast, s1):
    cast.auditor.absences.create(starts_on=first, ends_on=last, recorded_by=cast.pq_lead)
    pool = pool_of(plan_round(cast, s1, at=BEFORE_MONTH))
    assert bool(pool.on_duty) == on_duty
    assert [place.why for place in pool.left_out] == ([] if on_duty else ["Away all month"])


def test_a_month_planned_late_counts_who_is_in_the_pool_then(cast, s1):
    Auditor.objects.update(joined_on=date(2026, 11, 10))
    assert not pool_of(plan_round(cast, s1, at=BEFORE_MONTH)).on_duty
    Round.objects.update(planned_at=datetime(2026, 11, 12, 9, tzinfo=START.tzinfo))
    assert len(pool_of(Round.objects.get()).on_duty) == 1


@pytest.mark.parametrize(("months", "left_out"), [(1, True), (12, True), (13, False)])
def test_a_case_rests_for_twelve_months(months, left_out, cast, s1):
    given(cast, s1, cast.pq_officer, add_months_clamped(MONTH, -months), 1)
    frame = build_frame(plan_round(cast, s1), MONTH)
    reasons = [row.reason for row in frame.exclusions]
    assert reasons == (["Audited in the last twelve months"] if left_out else [])


def test_restricted_and_teamless_cases_are_left_out_and_closed_ones_not_even_named(cast, s1):
    make_case("3070001", cast.team)
    make_case("3070002", cast.team, is_restricted=True)
    make_case("3070003", None)
    make_case("3070004", cast.team, closed_on=date(2026, 10, 1))
    frame = build_frame(plan_round(cast, s1), MONTH)
    assert [case.reference for case in frame.cases] == ["3070001"]
    assert [(row.reference, row.reason) for row in frame.exclusions] == [
        ("3070002", "Restricted"), ("3070003", "No team known")]


def test_the_list_is_no_longer_than_auditors_can_take_or_cases_there_are(cast, s1):
    for number in range(3):
        make_case(f"307000{number}", cast.team)
    round = plan_round(cast, s1)
    assert build_frame(round, MONTH).capacity == 1
    Auditor.objects.update(capacity=7)
    assert build_frame(round, MONTH).capacity == 3


# Who may not audit which case


def forbidden(case, *auditors):
    return Forbidden(list(Auditor.objects.filter(staff__in=auditors).select_related("staff__unit"))).for_case(case)


@pytest.mark.req("S2-05")
@pytest.mark.parametrize("role", ["worker", "iro", "cp_adviser"])
def test_who_works_on_a_case_does_not_audit_it(role, cast):
    auditor = make_auditor("Anil Kapoor", cast.quality)
    assert forbidden(make_case("3070001", cast.team, **{role: auditor}), auditor) == {"anil.kapoor"}
    assert forbidden(make_case("3070002", cast.team), auditor) == set()


@pytest.mark.req("S2-05")
@pytest.mark.parametrize("until", [None, date(2024, 6, 1)])
@pytest.mark.parametrize("capacity", Involvement.Capacity)
def test_who_worked_on_a_case_once_does_not_audit_it(capacity, until, cast):
    auditor, case = make_auditor("Anil Kapoor", cast.quality), make_case("3070001", cast.team)
    Involvement.objects.create(case_file=case, staff=auditor, capacity=capacity, from_on=date(2024, 1, 1),
                               until_on=until)
    assert forbidden(case, auditor) == {"anil.kapoor"}


@pytest.mark.req("S2-05")
def test_the_team_its_group_and_their_managers_do_not_audit_its_cases(cast):
    sister = make_unit("Children in Need East 1", "team", cast.group)
    far = make_unit("Children in Need West", "group", cast.service)
    people = {name: make_auditor(name, unit) for name, unit in {
        "Own Team": cast.team, "Own Group": cast.group, "Sister Team": sister, "Other Group": far,
        "Other Service": cast.other_team, "The Service": cast.service}.items()}
    managers = [make_staff(name, cast.quality) for name in ("Team Boss", "Group Boss")]
    for manager, unit in zip(managers, (cast.team, cast.group), strict=True):
        Auditor.objects.create(staff=manager, joined_on=date(2024, 4, 1), trained_on=date(2024, 4, 1))
        Unit.objects.filter(pk=unit.pk).update(manager=manager)
    found = forbidden(make_case("3070001", cast.team), *people.values(), *managers)
    assert found == {"own.team", "own.group", "sister.team", "team.boss", "group.boss"}


@pytest.mark.req("S2-05")
def test_the_drawn_list_holds_no_forbidden_pair(cast, s1):
    for number in range(6):
        make_case(f"307000{number}", cast.team if number % 2 else cast.other_team)
    for name in ("Anil Kapoor", "Ines Duarte"):
        make_auditor(name, cast.team)
    round = publish_round(cast, s1)
    pairs = [(row.case_file.team.path, row.auditor.unit.path)
             for row in round.allocations.select_related("case_file__team", "auditor__unit")]
    assert len(pairs) == 3
    assert all(case != auditor for case, auditor in pairs)
