"""Not completed in time: exact to the second, apart while a request is pending, told once to whom it concerns."""

from datetime import UTC, date, datetime, timedelta

import pytest

from allocations.models import Allocation, Exemption
from audit_portal.testing.factories import (
    START,
    ended,
    make_audit,
    make_audit_at,
    make_auditor,
    make_case,
    publish_round,
    walk,
)
from audits import tasks, workflow
from audits.models import Audit
from audits.noncompletion import State, counted, in_line_of, is_repeated, missed
from calendars.rules import end_of_day
from duties.models import Notice
from people.models import Staff
from programmes.models import ProgrammeVersion

pytestmark = pytest.mark.django_db
DUE = end_of_day(date(2026, 11, 30))
AFTER = DUE + timedelta(seconds=1)


def states(now=AFTER):
    return [audit.state for audit in missed(now)]


def ask(audit, cast, status="awaiting_decision", at=AFTER):
    decided = {} if status == "awaiting_decision" else {"decided_at": at, "decided_by": cast.assistant_director}
    return Exemption.objects.create(allocation=audit.allocation, reason="sickness", explanation="Flu", status=status,
                                    asked_at=at, asked_by=cast.auditor, **decided)


def told(person):
    notices = person.notices.filter(channel="inbox", event_key__startswith="not-completed")
    return [notice.title for notice in notices.order_by("pk")]


MISSED = "Grace Adeyemi did not complete an audit in time"


@pytest.mark.req("S1-65")
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 30, 23, 59, 58, tzinfo=UTC), []),
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), []),
        (datetime(2026, 11, 30, 23, 59, 59, 999999, tzinfo=UTC), []),
        (datetime(2026, 12, 1, 0, 0, 0, tzinfo=UTC), ["not_completed"]),
    ],
)
def test_it_counts_from_the_second_after_the_due_time(now, expected, cast, s1):
    make_audit(cast, s1)
    assert states(now) == expected
    assert workflow.tell_of_missed(now) == len(expected)


@pytest.mark.req("S1-65", "S1-67")
@pytest.mark.parametrize(
    ("shared", "expected"),
    [(DUE, []), (DUE + timedelta(microseconds=999999), []), (AFTER, ["late"]), (AFTER + timedelta(days=9), ["late"])],
)
def test_an_audit_shared_in_its_last_second_is_in_time_and_one_shared_later_counts_twice(shared, expected, cast, s1):
    audit = walk(make_audit(cast, s1), ["open", "write"], cast)
    workflow.share(audit=audit, by=cast.auditor, at=shared)
    assert states(AFTER + timedelta(days=10)) == expected
    assert counted(AFTER + timedelta(days=10)).count() == len(expected)


@pytest.mark.req("S1-67")
def test_it_stays_to_be_done(cast, s1):
    audit = walk(make_audit(cast, s1), ["open", "write"], cast)
    workflow.tell_of_missed(AFTER)
    assert cast.auditor.duties.open().filter(kind="audit.complete").exists()
    workflow.share(audit=audit, by=cast.auditor, at=AFTER + timedelta(days=3))
    assert states(AFTER + timedelta(days=4)) == [State.LATE]


@pytest.mark.req("S1-65", "B6")
def test_a_pending_request_is_apart_and_agreeing_later_clears_it(cast, s1):
    audit = make_audit(cast, s1)
    wish = ask(audit, cast, at=DUE)
    assert states() == [State.AWAITING] and not counted(AFTER).exists()
    assert workflow.tell_of_missed(AFTER) == 0
    Exemption.objects.filter(pk=wish.pk).update(status="agreed", decided_at=AFTER, decided_by=cast.assistant_director)
    Allocation.objects.update(status="exempted", **ended(cast.assistant_director))
    assert states() == [] and workflow.tell_of_missed(AFTER) == 0


def test_a_programme_may_count_a_pending_request_as_not_completed(cast, s1):
    ask(make_audit(cast, s1), cast, at=DUE)
    policy = s1.policy | {"non_completion": s1.policy["non_completion"] | {"pending_request_shown_apart": False}}
    ProgrammeVersion.objects.filter(pk=s1.pk).update(policy=policy)
    assert states() == [State.NOT_COMPLETED] and counted(AFTER).exists()


@pytest.mark.req("S1-65", "B6")
def test_a_request_agreed_after_it_was_told_clears_it_too(cast, s1):
    make_audit(cast, s1)
    workflow.tell_of_missed(AFTER)
    assert states() == [State.NOT_COMPLETED]
    Allocation.objects.update(status="exempted", **ended(cast.assistant_director))
    assert states() == []


@pytest.mark.req("S1-64", "S1-65")
def test_a_request_refused_after_the_due_time_makes_it_count_and_tells_then(cast, s1):
    wish = ask(make_audit(cast, s1), cast, at=DUE)
    assert workflow.tell_of_missed(AFTER) == 0 and told(cast.other_manager) == []
    later = AFTER + timedelta(days=2)
    Exemption.objects.filter(pk=wish.pk).update(status="refused", decided_at=later, decided_by=cast.assistant_director)
    assert workflow.tell_of_missed(later) == 1 and told(cast.other_manager) == [MISSED]


@pytest.mark.parametrize("status", ["substituted", "cancelled", "exempted", "reallocated"])
def test_an_allocation_that_ended_does_not_count(status, cast, s1):
    make_audit(cast, s1)
    Allocation.objects.update(status=status, **ended(cast.pq_lead))
    assert states() == []


def test_a_connection_that_waits_for_pq_is_not_the_auditors_non_completion(cast, s1):
    workflow.report_connection(audit=make_audit(cast, s1), text="My niece", by=cast.auditor, at=START)
    assert states() == []


@pytest.mark.req("S2-31")
def test_the_line_manager_is_told_once_however_often_and_late_it_runs(cast, s1):
    make_audit(cast, s1)
    for days in (0, 0, 1, 40):
        workflow.tell_of_missed(AFTER + timedelta(days=days))
    assert told(cast.other_manager) == [MISSED]
    keys = Notice.objects.filter(event_key__startswith="not-completed").values_list("recipient", "channel")
    assert sorted(keys) == [(cast.other_manager.pk, "email"), (cast.other_manager.pk, "inbox")]


@pytest.mark.req("S2-31")
def test_another_line_manager_later_is_not_told_again(cast, s1):
    make_audit(cast, s1)
    workflow.tell_of_missed(AFTER)
    Staff.objects.filter(pk=cast.auditor.pk).update(line_manager=cast.group_manager)
    workflow.tell_of_missed(AFTER + timedelta(days=1))
    assert told(cast.group_manager) == []


@pytest.mark.req("S2-31")
def test_a_named_line_manager_without_a_unit_is_told_and_may_know(cast, s1):
    Staff.objects.filter(pk=cast.auditor.pk).update(line_manager=cast.other_worker)
    audit = make_audit(cast, s1)
    workflow.tell_of_missed(AFTER)
    assert told(cast.other_worker) == [MISSED]
    assert Audit.objects.filter(in_line_of(cast.other_worker)).get() == audit


def test_the_task_runs_by_itself(cast, s1):
    make_audit(cast, s1, month=date(2026, 9, 1))
    assert tasks.tell_of_missed() == 1 and tasks.tell_of_missed() == 0


def two_months(cast, s1, first, second):
    for number, month in enumerate((first, second)):
        make_case(f"500000{number}", cast.team, cast.worker)
        publish_round(cast, s1, month, datetime(month.year, month.month, 2, 9, tzinfo=UTC))
    return Audit.objects.order_by("month")


AGAIN = f"{MISSED}: at least 2 within 6 months"


@pytest.mark.req("S2-32")
@pytest.mark.parametrize(("first", "expected"), [(date(2026, 6, 1), [AGAIN]), (date(2026, 5, 1), [])])
def test_the_second_within_six_months_reaches_the_manager_above(first, expected, cast, s1):
    two_months(cast, s1, first, date(2026, 11, 1))
    workflow.tell_of_missed(end_of_day(date(2026, 7, 15)))
    assert told(cast.assistant_director) == []
    workflow.tell_of_missed(AFTER)
    assert told(cast.other_manager) == [MISSED, MISSED]
    assert told(cast.assistant_director) == expected


@pytest.mark.req("S2-32")
def test_two_found_at_once_tell_the_manager_above_of_each(cast, s1):
    two_months(cast, s1, date(2026, 10, 1), date(2026, 11, 1))
    workflow.tell_of_missed(AFTER)
    assert told(cast.other_manager) == [MISSED, MISSED] and told(cast.assistant_director) == [AGAIN, AGAIN]


@pytest.mark.req("S2-32")
def test_an_earlier_one_that_was_cleared_does_not_count(cast, s1):
    audits = two_months(cast, s1, date(2026, 10, 1), date(2026, 11, 1))
    Allocation.objects.filter(pk=audits[0].allocation_id).update(status="exempted", **ended(cast.assistant_director))
    workflow.tell_of_missed(AFTER)
    assert told(cast.other_manager) == [MISSED] and told(cast.assistant_director) == []


D = date
WINDOWS = [
    (D(2026, 11, 30), [D(2026, 11, 30)], False),
    (D(2026, 11, 30), [D(2026, 10, 31), D(2026, 11, 30)], True),
    (D(2026, 10, 31), [D(2026, 10, 31), D(2026, 11, 30)], True),
    (D(2026, 11, 30), [D(2026, 6, 30), D(2026, 11, 30)], True),
    (D(2026, 11, 30), [D(2026, 5, 31), D(2026, 11, 30)], False),  # 31 May and six months: 30 November, not before it
    (D(2026, 11, 29), [D(2026, 5, 31), D(2026, 11, 29)], True),
    (D(2027, 2, 28), [D(2026, 8, 31), D(2027, 2, 28)], False),  # 31 August and six months: 28 February
    (D(2027, 2, 27), [D(2026, 8, 31), D(2027, 2, 27)], True),
    (D(2028, 2, 29), [D(2027, 8, 31), D(2028, 2, 29)], False),
    (D(2028, 2, 28), [D(2027, 8, 31), D(2028, 2, 28)], True),
    (D(2026, 8, 31), [D(2026, 2, 28), D(2026, 8, 31)], False),
    (D(2026, 11, 30), [D(2026, 11, 30), D(2026, 11, 30)], True),
    (D(2026, 11, 30), [D(2026, 1, 31), D(2026, 2, 28), D(2026, 11, 30)], False),
]


@pytest.mark.req("S2-32")
@pytest.mark.parametrize(("day", "days", "expected"), WINDOWS)
def test_two_in_rolling_six_months_with_month_ends_clamped(day, days, expected):
    assert is_repeated(day, days, 2, 6) is expected


@pytest.mark.req("S2-32")
def test_how_many_in_how_many_months_is_the_programmes():
    days = [D(2026, 9, 30), D(2026, 10, 31), D(2026, 11, 30)]
    assert is_repeated(days[2], days, 3, 3) and not is_repeated(days[2], days, 3, 2)
    assert not is_repeated(days[2], days[1:], 3, 3)


def test_counting_costs_the_same_for_one_and_for_twenty(cast, s1, django_assert_num_queries):
    make_audit_at("in_progress", cast, s1)
    for number in range(19):
        make_auditor(f"Auditor Number{number}", cast.other_team)
        make_case(f"40{number:05}", cast.team, cast.worker)
    publish_round(cast, s1, date(2026, 10, 1))
    with django_assert_num_queries(1):
        assert len(states()) == 20
