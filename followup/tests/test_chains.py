"""Inadequate rounds that were open when a past audit was taken over: P&Q owe a re-audit until there is one (B13)."""

from datetime import UTC, date, datetime

import pytest

from audit_portal.testing.factories import make_audit, make_case, plan_round, publish_round
from audit_portal.testing.liveness import missing_duties
from audits import workflow as audits
from audits.models import Audit
from calendars.rules import end_of_day
from duties.models import Duty, Notice
from duties.tick import tick
from followup.chains import REAUDIT
from followup.tests.past import AT, TEAM, taken_over

pytestmark = pytest.mark.django_db
ROW = "3071846,{month},{team},Inadequate,Grace Adeyemi,,{round}"


def past(cast, month="2026-09", round=1, at=AT):
    (audit,) = taken_over(cast, ROW.format(month=month, team=TEAM, round=round), at=at)
    return audit


@pytest.fixture
def case_file(cast):
    return make_case("3071846", cast.team, cast.worker)


@pytest.mark.req("S1-58")
@pytest.mark.parametrize(("month", "due_on"), [
    ("2026-09", date(2026, 11, 30)), ("2026-08", date(2026, 10, 31)), ("2025-12", date(2026, 2, 28)),
])
def test_a_re_audit_is_due_two_calendar_months_after_the_grade(month, due_on, case_file, cast):
    audit = past(cast, month)
    duty = Duty.objects.get()
    assert (duty.kind, duty.holder, duty.title) == (REAUDIT, cast.pq_lead, "Arrange a re-audit")
    assert duty.due_at == end_of_day(due_on)
    assert duty.url == f"/audits/{audit.number}/"
    assert missing_duties() == []


def test_the_lead_is_told_once_for_each_open_round(case_file, cast):
    past(cast)
    assert set(Notice.objects.values_list("recipient", "channel")) == {
        (cast.pq_lead.pk, "inbox"), (cast.pq_lead.pk, "email")}


def test_without_an_open_round_nobody_owes_anything(case_file, cast):
    past(cast, round=0)
    assert not Duty.objects.exists() and missing_duties() == []


@pytest.mark.req("S1-58")
def test_publishing_an_audit_of_the_case_ends_the_duty(case_file, cast, s1):
    past(cast, "2025-10", at=datetime(2026, 11, 1, 9, tzinfo=UTC))
    publish_round(cast, s1)
    new = Audit.objects.get(is_past=False)
    assert new.case_file == case_file
    duty = Duty.objects.get(kind=REAUDIT)
    assert (duty.outcome, duty.closed_by) == (f"audited again: {new.number}", cast.pq_lead)
    assert missing_duties() == []


@pytest.mark.req("S1-58")
def test_a_re_audit_that_is_substituted_leaves_the_case_to_be_audited(case_file, cast, s1):
    past(cast, "2025-10", at=datetime(2026, 11, 1, 9, tzinfo=UTC))
    publish_round(cast, s1)
    new = Audit.objects.get(is_past=False)
    audits.substitute(audit=new, why="connection", text="Knows the family", by=cast.pq_lead, at=AT)
    again = Duty.objects.open().get(kind=REAUDIT)
    assert again.due_at == end_of_day(date(2025, 12, 31)) and again.opened_at == AT
    assert missing_duties() == []


def test_planning_a_round_or_an_audit_of_another_case_does_not_end_it(case_file, cast, s1):
    past(cast)
    plan_round(cast, s1, date(2027, 1, 1))
    make_audit(cast, s1, "3071847")
    assert Duty.objects.open().filter(kind=REAUDIT).count() == 1
    assert missing_duties() == []


def test_a_later_list_with_the_re_audit_ends_it_too(case_file, cast):
    past(cast, "2026-05")
    taken_over(cast, f"3071846,2026-07,{TEAM},Good,,,")
    assert Duty.objects.get(kind=REAUDIT).outcome == "audited again: A-2026-07-0001"
    assert missing_duties() == []


def test_a_later_list_with_an_earlier_audit_does_not_end_it(case_file, cast):
    past(cast, "2026-09")
    taken_over(cast, f"3071846,2026-02,{TEAM},Good,,,")
    assert Duty.objects.get(kind=REAUDIT).is_open and missing_duties() == []


@pytest.mark.req("S1-58")
def test_a_re_audit_not_arranged_in_time_reaches_the_head_of_service(case_file, cast):
    past(cast, "2026-09")
    late = datetime(2026, 12, 2, 9, tzinfo=UTC)
    tick(late)
    told = Notice.objects.filter(created_at=late).values_list("recipient", flat=True)
    assert set(told) == {cast.pq_lead.pk, cast.head_of_service.pk}
