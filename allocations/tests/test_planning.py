"""Planning: the month's list in one press, or what the form says; how many cases, and the list of rounds."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from allocations import workflow
from allocations.frame import build_frame
from allocations.models import Round
from allocations.months import month_name, months_from
from allocations.sampling import workflow as sampling
from allocations.sampling.facts import changed_since
from audit_portal.testing.factories import START, make_auditor, make_case, plan_round, publish_round
from calendars.rules import add_months_clamped, end_of_day, first_working_day, month_end_due, today_in_london
from people.refusals import Refused
from trail.models import Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def pq(client, cast):
    client.force_login(cast.pq_officer, backend=BACKEND)
    return client


def ask_for(version, **sampling_rules):
    """The programme with other rules of sampling."""
    notice = sampling_rules.pop("notice_days", None)
    version.policy["sampling"] |= sampling_rules
    version.policy["timescales"]["notice_days"] = notice
    type(version).objects.filter(pk=version.pk).update(policy=version.policy)
    return type(version).objects.get(pk=version.pk)


def next_month():
    return months_from(today_in_london(), 2)[1]


def sent(month, **more):
    """A form as the browser sends it; `day` is the day of the audits."""
    day = more.pop("day", None)
    parts = {f"audit_day_{place}": part for place, part in enumerate((day.day, day.month, day.year))} if day else {}
    return {"month": f"{month:%Y-%m}", "kind": "month", "wanted": ""} | parts | more


@pytest.mark.req("S1-02", "S1-15")
def test_the_form_plans_the_months_list_with_a_size(cast, s1, pq):
    month = next_month()
    assert month_name(month) in pq.get("/rounds/plan/").text
    answer = pq.post("/rounds/plan/", sent(month, wanted="7"))
    round = Round.objects.get()
    assert answer.url == f"/rounds/{round.slug}/auditors/"
    assert (round.month, round.wanted, round.is_no_notice, round.audit_day) == (month, 7, False, None)
    assert round.due_at == month_end_due(month.year, month.month)
    assert round.publish_by == first_working_day(month.year, month.month)


@pytest.mark.req("S0-14", "A31")
def test_cases_without_notice_have_their_day_and_a_round_of_their_own(cast, s1, pq):
    month = next_month()
    day = month.replace(day=15)
    pq.post("/rounds/plan/", sent(month))
    assert pq.post("/rounds/plan/", sent(month, kind="no_notice", day=day, wanted="6")).status_code == 302
    round = Round.objects.get(is_no_notice=True)
    assert (round.audit_day, round.publish_by, round.due_at) == (day, day, end_of_day(day))
    assert round.slug == f"{month:%Y-%m}-no-notice"
    page = pq.get(f"/rounds/{round.slug}/frame/").text
    assert f"{month_name(month)}, no notice" in page and "without notice" in page


@pytest.mark.req("S0-12", "S4-04", "A31")
@pytest.mark.parametrize(("notice", "before"), [(14, 14), (35, 35), (0, 0), (None, 0)])
def test_cases_of_one_day_go_out_as_long_before_as_the_programme_gives_notice(notice, before, cast, s1):
    day = date(2027, 3, 10)
    round = workflow.plan_round(version=ask_for(s1, notice_days=notice), month=date(2027, 3, 1), audit_day=day,
                                by=cast.pq_lead, at=START)
    assert round.publish_by == day - timedelta(days=before)
    assert round.due_at == end_of_day(day)


@pytest.mark.req("S0-12")
def test_a_day_too_near_for_its_notice_is_said(cast, s1, pq):
    ask_for(s1, notice_days=200)
    month = next_month()
    answer = pq.post("/rounds/plan/", sent(month, kind="day", day=month.replace(day=20)), follow=True)
    assert "The list should have gone out on" in answer.text


@pytest.mark.parametrize(("more", "said"), [
    ({"kind": "no_notice"}, "Give a day in"),
    ({"kind": "day", "day": date(2031, 1, 5)}, "Give a day in"),
    ({"kind": "day", "audit_day_0": "x", "audit_day_1": "1", "audit_day_2": "2027"}, "This is not a date"),
    ({"wanted": "0"}, "Give a whole number of cases"), ({"wanted": "many"}, "Give a whole number of cases"),
    ({"wanted": "9" * 40}, "Give a whole number of cases"), ({"kind": "weekly"}, "Choose what is audited"),
])
def test_what_does_not_fit_is_said_beside_the_field(more, said, cast, s1, pq):
    answer = pq.post("/rounds/plan/", sent(next_month(), **more))
    assert answer.status_code == 422
    assert said in answer.text and "There is a problem" in answer.text
    assert not Round.objects.exists()


def test_a_day_that_is_over_is_refused(cast, s1, client):
    with time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=UTC)):
        client.force_login(cast.pq_officer, backend=BACKEND)
        answer = client.post("/rounds/plan/", sent(date(2026, 11, 1), kind="day", day=date(2026, 11, 19)))
        assert answer.status_code == 422 and "Give a day that is not over" in answer.text
        today = client.post("/rounds/plan/", sent(date(2026, 11, 1), kind="day", day=date(2026, 11, 20)))
    assert today.status_code == 302


def test_a_month_is_planned_once(cast, s1, pq):
    month = next_month()
    pq.post("/rounds/plan/", sent(month))
    again = pq.post("/rounds/plan/", sent(month, kind="day", day=month.replace(day=20)))
    assert again.status_code == 422 and "is planned already" in again.text
    assert Round.objects.count() == 1


@pytest.mark.req("S0-07")
@pytest.mark.parametrize(("wanted", "words"), [
    ("19", "19 cases: fewer than the 20 to 30 cases"), ("31", "31 cases: more than the 20 to 30 cases"),
    ("20", ""), ("30", ""),
])
def test_a_size_outside_the_target_range_is_warned_of(wanted, words, cast, s1, pq):
    ask_for(s1, target={"at_least": 20, "at_most": 30})
    assert "The programme asks for 20 to 30 cases" in pq.get("/rounds/plan/").text
    page = pq.post("/rounds/plan/", sent(next_month(), wanted=wanted), follow=True).text
    assert (words in page) if words else ("that the programme asks for" not in page)


@pytest.mark.req("S0-14")
@pytest.mark.parametrize(("wanted", "warned"), [("4", True), ("5", False), ("10", False), ("11", True)])
def test_cases_without_notice_have_a_range_of_their_own(wanted, warned, cast, s1, pq):
    ask_for(s1, target={"at_least": 20, "at_most": 30}, no_notice_target={"at_least": 5, "at_most": 10})
    month = next_month()
    page = pq.post("/rounds/plan/", sent(month, kind="no_notice", day=month.replace(day=15), wanted=wanted),
                   follow=True).text
    assert ("5 to 10 cases that the programme asks for" in page) == warned


@pytest.mark.req("S0-07")
def test_the_size_can_change_until_the_list_is_out(cast, s1, pq):
    make_case("3070001", cast.team)
    round = plan_round(cast, s1)
    assert pq.post("/rounds/2026-11/frame/size/", {"wanted": "1"}).url == "/rounds/2026-11/frame/#sample"
    round.refresh_from_db()
    assert round.wanted == 1 and build_frame(round, START.date()).size == 1
    workflow.freeze_frame(round=round, by=cast.pq_lead, at=START)
    assert not changed_since(round)
    changed = pq.post("/rounds/2026-11/frame/size/", {"wanted": ""}, follow=True).text
    assert "freeze it again for this to count" in changed and changed_since(round)
    assert Event.objects.filter(verb="round.wanted").count() == 2


@pytest.mark.req("A33")
def test_a_published_round_keeps_its_size_and_only_pq_set_it(cast, s1, pq):
    make_case("3070001", cast.team)
    round = publish_round(cast, s1)
    with pytest.raises(Refused, match="is out"):
        sampling.want(round=round, wanted=3, by=cast.pq_lead, at=START)
    assert pq.get("/rounds/2026-11/frame/size/").status_code == 403
    other = plan_round(cast, s1, month=date(2026, 12, 1))
    with pytest.raises(PermissionDenied):
        sampling.want(round=other, wanted=3, by=cast.team_manager, at=START)


@pytest.mark.req("S0-07", "A30")
def test_more_than_the_auditors_can_take_is_refused_at_freezing(cast, s1, pq):
    make_case("3070001", cast.team)
    round = plan_round(cast, s1)
    sampling.want(round=round, wanted=5, by=cast.pq_lead, at=START)
    assert "5 cases cannot be drawn" in pq.get("/rounds/2026-11/frame/").text
    answer = pq.post("/rounds/2026-11/freeze/")
    assert answer.status_code == 422 and "5 cases are wanted" in answer.text


@pytest.mark.req("S1-02")
def test_the_list_of_rounds_filters_sorts_and_says_how_late(cast, s1, pq):
    make_case("3070001", cast.team)
    publish_round(cast, s1, at=datetime(2026, 11, 5, 9, tzinfo=START.tzinfo))
    past = add_months_clamped(today_in_london().replace(day=1), -2)
    overdue = plan_round(cast, s1, month=past) if past != date(2026, 11, 1) else None
    workflow.plan_round(version=s1, month=date(2027, 3, 1), audit_day=date(2027, 3, 10), is_no_notice=True,
                        by=cast.pq_lead, at=START)
    page = pq.get("/rounds/").text
    assert "3 late" in page and "March 2027, no notice" in page
    if overdue:
        days = (today_in_london() - overdue.publish_by).days
        assert f"{days} late" in page
    assert "March 2027" not in pq.get("/rounds/?kind=month").text
    assert "November 2026" not in table_of(pq.get("/rounds/?kind=no_notice").text)
    assert "November 2026" in table_of(pq.get("/rounds/?state=published&year=2026&sort=publish_by").text)
    assert "No round to show" in pq.get("/rounds/?state=closed").text
    for nonsense in ("state=x", "year=x", "kind=x", "sort=x", "year=99999999999", "page=x"):
        assert pq.get(f"/rounds/?{nonsense}").status_code == 200


def table_of(page):
    return page[page.index("<table"):] if "<table" in page else ""


def test_the_list_of_rounds_is_a_file_too(cast, s1, pq):
    plan_round(cast, s1)
    lines = pq.get("/rounds/?export=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Round,State,Cases wanted,Audits,List due,List published,Days late,Rules"
    late = max((timezone.localdate() - date(2026, 11, 2)).days, 0)
    assert lines[1].startswith(f"November 2026,Planned,,0,02/11/2026,,{late},")


def test_two_rounds_of_one_month_are_told_apart(cast, s1, pq):
    make_auditor("Anil Kapoor", cast.quality)
    plan_round(cast, s1)
    workflow.plan_round(version=s1, month=date(2026, 11, 1), audit_day=date(2026, 11, 16), is_no_notice=True,
                        by=cast.pq_lead, at=START)
    assert "Audited on Monday 16 November" in pq.get("/rounds/2026-11-no-notice/frame/").text
    assert "Audited on" not in pq.get("/rounds/2026-11/frame/").text


@pytest.mark.req("S0-14")
def test_before_the_day_the_publish_tab_promises_that_only_auditors_are_told(cast, s1, pq):
    make_case("3070001", cast.team, cast.worker)
    round = workflow.plan_round(version=s1, month=date(2026, 11, 1), audit_day=date(2026, 11, 16), is_no_notice=True,
                                by=cast.pq_lead, at=START)
    plan_round(cast, s1)
    for verb in (workflow.freeze_frame, workflow.draw_round, workflow.review):
        verb(round=round, by=cast.pq_lead, at=START)
    page = pq.get("/rounds/2026-11-no-notice/publish/").text
    assert "before Monday 16 November only the auditors and Performance and Quality know" in page
    assert "Without notice" not in pq.get("/rounds/2026-11/publish/").text
