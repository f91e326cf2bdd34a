"""The pages of a round: each step opens for P&Q alone, draws, refuses with words, and does nothing twice."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from allocations import workflow
from allocations.models import Allocation, Draw, Round
from allocations.months import month_name, months_from
from audit_portal.testing.factories import START, make_auditor, make_case, plan_round, publish_round
from calendars.rules import break_deadline, today_in_london
from people.models import Auditor
from people.refusals import Refused
from trail.models import Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HERE = "/rounds/2026-11/"
PAGES = ("auditors/", "frame/", "draw/", "publish/")
VERBS = ("freeze/", "draw/", "review/", "publish/", "close/")


@pytest.fixture
def signed_in(client):
    def sign_in(person):
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def pq(cast, signed_in):
    return signed_in(cast.pq_officer)


@pytest.fixture
def council(cast, s1):
    """Six cases and three auditors, one case left out for each reason."""
    for number in range(6):
        category = "in_need" if number % 2 else "in_care"
        make_case(f"30700{number}", cast.team, cast.worker, iro=cast.iro, category=category)
    make_case("3079001", cast.team, is_restricted=True)
    make_case("3079002", None)
    make_auditor("Anil Kapoor", cast.other_team)
    make_auditor("Ines Duarte", cast.quality)
    return cast


@pytest.fixture
def round(council, s1):
    return plan_round(council, s1)


def step(client, verb, **sent):
    return client.post(f"{HERE}{verb}/", sent)


def walk(client, *verbs):
    for verb in verbs:
        assert step(client, verb).status_code == 302, verb


def test_a_month_goes_from_plan_to_publish_on_its_pages(council, s1, pq):
    month = today_in_london().replace(day=1)
    here = f"/rounds/{month:%Y-%m}/"
    assert f"Plan {month_name(month)}" in pq.get("/rounds/").text
    assert pq.post("/rounds/plan/", {"month": f"{month:%Y-%m}"}).url == f"{here}auditors/"
    assert "3 auditors are on duty" in pq.get(f"{here}auditors/").text
    assert "6 open case files can be drawn" in pq.get(f"{here}frame/").text
    assert pq.post(f"{here}freeze/").url == f"{here}draw/"
    assert pq.post(f"{here}draw/").url == f"{here}draw/"
    assert "3 of 3 audits have an auditor" in pq.get(f"{here}draw/").text
    assert pq.post(f"{here}review/").url == f"{here}publish/"
    assert "Publish: 3 audits, 3 auditors" in pq.get(f"{here}publish/").text
    assert pq.post(f"{here}publish/").url == f"{here}progress/"
    assert Round.objects.get(month=month).status == Round.Status.PUBLISHED


@pytest.mark.req("A6")
def test_a_list_stays_a_draft_while_breaks_can_be_asked_for(council, s1, pq):
    month = months_from(today_in_london(), 2)[1]
    round = plan_round(council, s1, month)
    for verb in (workflow.freeze_frame, workflow.draw_round, workflow.review):
        verb(round=round, by=council.pq_lead, at=START)
    here = f"/rounds/{month:%Y-%m}/publish/"
    page = pq.get(here).text
    assert f"stays a draft while breaks in {month_name(month)} can be asked for" in page
    assert 'type="submit" class="govuk-button"' not in page
    assert "until then it stays a draft" in pq.post(here, follow=True).text
    last_second = break_deadline(month.year, month.month)
    with pytest.raises(Refused):
        workflow.publish(round=round, by=council.pq_lead, at=last_second)
    workflow.publish(round=round, by=council.pq_lead, at=last_second + timedelta(seconds=1))


@pytest.mark.req("S1-01")
@pytest.mark.parametrize("who", ["auditor", "team_manager", "head_of_service", "director", "leader", "administrator"])
def test_rounds_are_for_performance_and_quality_alone(who, council, round, signed_in):
    client = signed_in(getattr(council, who))
    refused = client.get("/rounds/")
    assert refused.status_code == 403
    assert "Only Performance and Quality" in refused.text
    assert client.post("/rounds/plan/", {"month": "2026-12"}).status_code == 403
    places = ["", *PAGES, "certificate.json", "list.csv"]
    assert {client.get(f"{HERE}{place}").status_code for place in places} == {404}
    assert {client.post(f"{HERE}{verb}").status_code for verb in VERBS} == {404}
    round.refresh_from_db()
    assert round.status == Round.Status.PLANNED


@pytest.mark.parametrize("done", [0, 1, 2, 3, 4])
def test_every_page_opens_at_every_step(done, round, pq):
    walk(pq, *("freeze", "draw", "review", "publish")[:done])
    assert {pq.get(f"{HERE}{place}").status_code for place in PAGES} == {200}
    assert pq.get(HERE).url == HERE + ("frame/", "draw/", "draw/", "publish/", "progress/")[done]


def test_verbs_are_posted(round, pq):
    assert {pq.get(f"{HERE}{verb}/").status_code for verb in ("freeze", "review", "close")} == {405}
    assert pq.get(f"{HERE}draw/replay/").status_code == 405


def test_a_month_without_a_round_is_not_found(round, pq):
    assert pq.get("/rounds/2026-10/").status_code == 404
    assert pq.get("/rounds/2026-13/").status_code == 404


@pytest.mark.parametrize("month", ["", "2020-01", "next", "2026-99"])
def test_only_a_month_ahead_can_be_planned(month, council, s1, pq):
    answer = pq.post("/rounds/plan/", {"month": month})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert not Round.objects.exists()


def test_without_a_programme_nothing_can_be_planned(council, s1, pq):
    s1.__class__.objects.update(effective_from=date(2050, 1, 1))
    month = months_from(today_in_london(), 2)[1]
    answer = pq.post("/rounds/plan/", {"month": f"{month:%Y-%m}"})
    assert answer.status_code == 422
    assert "No programme is in force" in answer.text


def test_the_pool_says_who_is_left_out_and_why(council, round, pq):
    left_out = {
        "Sue Suspended": {"suspended_from": date(2026, 10, 1)}, "Una Untrained": {"trained_on": None},
        "Olga Old": {"training_expires_on": date(2026, 10, 31)},
    }
    for name, fields in left_out.items():
        Auditor.objects.filter(staff=make_auditor(name, council.quality)).update(**fields)
    away = make_auditor("Abe Away", council.quality)
    away.absences.create(starts_on=date(2026, 10, 20), ends_on=date(2026, 12, 3), recorded_by=council.pq_lead)
    text = pq.get(f"{HERE}auditors/").text
    assert "3 auditors are on duty" in text
    assert "Left out (4)" in text
    for why in ("Suspended", "Not trained yet", "Training has run out", "Away all month"):
        assert f">{why}</td>" in text


def test_the_frame_counts_what_is_left_out(round, pq):
    text = pq.get(f"{HERE}frame/").text
    assert "Restricted" in text and "No team known" in text
    walk(pq, "freeze")
    frozen = pq.get(f"{HERE}frame/").text
    assert "6 open case files can be drawn" in frozen and "by 3 auditors" in frozen
    assert "Restricted" in frozen and "No team known" in frozen


def test_freezing_again_asks_for_a_reason_beside_the_field(round, pq):
    walk(pq, "freeze")
    refused = step(pq, "freeze")
    assert refused.status_code == 422
    assert "Say why the frame is frozen again" in refused.text and 'id="reason-error"' in refused.text
    too_long = step(pq, "freeze", reason="x" * 301)
    assert too_long.status_code == 422 and "300 characters" in too_long.text
    assert step(pq, "freeze", reason="Two auditors joined").status_code == 302
    assert round.draws.count() == 2


def test_an_empty_frame_is_refused_in_words(cast, s1, pq):
    plan_round(cast, s1)
    nothing = step(pq, "freeze")
    assert nothing.status_code == 422 and "Import this month’s case files first" in nothing.text
    Auditor.objects.all().delete()
    nobody = step(pq, "freeze")
    assert nobody.status_code == 422 and "No auditor is on duty" in nobody.text
    assert not Draw.objects.exists()


def test_no_full_list_names_the_reason_and_offers_the_longest(cast, s1, pq):
    for number in range(3):
        make_case(f"307000{number}", cast.other_team, cast.other_worker)
    make_auditor("Anil Kapoor", cast.other_team)
    make_auditor("Ines Duarte", cast.quality)
    plan_round(cast, s1)
    walk(pq, "freeze")
    refused = step(pq, "draw")
    assert refused.status_code == 422
    assert "Draw the longest list: 1 of 3" in refused.text
    assert "anyone other than Ines Duarte, who has only 1 place" in refused.text
    assert Round.objects.get().status == Round.Status.FROZEN
    assert step(pq, "draw", longest="yes").status_code == 302
    drawn = pq.get(f"{HERE}draw/").text
    assert "This is the longest list that there is" in drawn and "1 of 3 audits have an auditor" in drawn


def test_the_draw_page_shows_shares_result_and_certificate(round, pq):
    walk(pq, "freeze", "draw")
    text = pq.get(f"{HERE}draw/").text
    for words in ("What was drawn from what", "1.50", "Result (3)", "No case without an auditor", "Reserves, in order",
                  "Committed when the frame was frozen", "None for this round",
                  "2 left out: 1 restricted, 1 no team known"):
        assert words in text, words


@pytest.mark.req("A48", "B16")
def test_a_sibling_taken_in_the_second_pass_is_flagged(cast, s1, pq):
    for number in range(2):
        make_case(f"307000{number}", cast.team, sibling_group="S1")
    make_auditor("Anil Kapoor", cast.other_team)
    plan_round(cast, s1)
    walk(pq, "freeze", "draw")
    text = pq.get(f"{HERE}draw/").text
    assert "1 sibling taken in the second pass" in text and "A brother or sister is also on the list" in text


def test_a_second_press_of_the_same_button_does_nothing_twice(round, pq):
    walk(pq, "freeze", "draw", "review")
    sent = {"submission": "7f2c41d0-7be8-4f6b-9d3e-03aa58a1c7f4"}
    first, second = (step(pq, "publish", **sent) for _ in range(2))
    assert (first.status_code, second.url) == (302, first.url)
    assert Event.objects.filter(verb="round.published").count() == 1


@pytest.mark.parametrize("verb", ["freeze", "draw", "review", "publish"])
def test_a_step_that_was_taken_is_refused_with_a_sentence(verb, round, pq):
    walk(pq, "freeze", "draw", "review", "publish")
    answer = pq.post(f"{HERE}{verb}/", {"reason": "Once more"}, HTTP_REFERER=f"{HERE}draw/")
    assert (answer.status_code, answer.url) == (302, f"{HERE}draw/")
    assert "This round is “Published”" in pq.get(f"{HERE}draw/").text
    assert Allocation.objects.live().count() == 3


def test_a_round_is_closed_after_its_month(round, pq):
    walk(pq, "freeze", "draw", "review", "publish")
    Round.objects.update(due_at=timezone.now() + timedelta(days=3))
    assert step(pq, "close").status_code == 302
    assert "can be closed when the month is over" in pq.get(f"{HERE}draw/").text
    Round.objects.update(due_at=timezone.now() - timedelta(days=1))
    step(pq, "close")
    assert Round.objects.get().status == Round.Status.CLOSED


def test_the_certificate_replays_and_a_changed_one_does_not(round, pq, tmp_path, capsys):
    assert pq.get(f"{HERE}certificate.json").status_code == 404
    walk(pq, "freeze", "draw")
    answer = pq.get(f"{HERE}certificate.json")
    assert answer["Content-Disposition"] == 'attachment; filename="round-2026-11-draw-1.json"'
    file = tmp_path / "certificate.json"
    file.write_bytes(answer.content)
    call_command("replay_draw", file)
    assert "The same list again: 3 cases." in capsys.readouterr().out
    changed = json.loads(answer.content)
    changed["result"].reverse()
    file.write_text(json.dumps(changed))
    with pytest.raises(CommandError, match="In the list, number 1") as refused:
        call_command("replay_draw", file)
    assert refused.value.returncode == 1
    file.write_text("no certificate")
    with pytest.raises(CommandError, match="cannot be read") as refused:
        call_command("replay_draw", file)
    assert refused.value.returncode == 2


def test_the_distribution_list_is_out_when_the_round_is(round, pq):
    walk(pq, "freeze", "draw", "review")
    assert pq.get(f"{HERE}list.csv").status_code == 404
    walk(pq, "publish")
    lines = pq.get(f"{HERE}list.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Audit,Case,Category")
    assert len(lines) == 4 and lines[1].startswith("A-2026-11-0001,")


def queries(client, place, django_assert_max_num_queries):
    with django_assert_max_num_queries(25) as counted:
        assert client.get(place).status_code == 200
    return len(counted)


@pytest.mark.parametrize("place", PAGES)
def test_a_page_asks_the_database_as_often_for_twenty_as_for_one(place, cast, s1, pq, django_assert_max_num_queries):
    make_case("3070001", cast.team, cast.worker)
    publish_round(cast, s1)
    few = queries(pq, f"{HERE}{place}", django_assert_max_num_queries)
    for number in range(19):
        make_case(f"30800{number:02}", cast.team, cast.worker, iro=cast.iro)
        make_auditor(f"Auditor {number}", cast.other_team)
    publish_round(cast, s1, month=date(2026, 12, 1), at=START + timedelta(days=29))
    assert workflow.Round.objects.with_counts().get(month=date(2026, 12, 1)).audits == 19
    assert queries(pq, f"/rounds/2026-12/{place}", django_assert_max_num_queries) == few


def test_the_list_of_rounds_asks_as_often_for_twenty_as_for_one(cast, s1, pq, django_assert_max_num_queries):
    plan_round(cast, s1)
    few = queries(pq, "/rounds/", django_assert_max_num_queries)
    for month in months_from(date(2027, 1, 1), 20):
        plan_round(cast, s1, month=month)
    assert queries(pq, "/rounds/", django_assert_max_num_queries) == few
