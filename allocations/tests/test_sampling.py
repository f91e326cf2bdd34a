"""Same-team exceptions, themes, strata and floors: settled before the draw, on the certificate, found when tampered."""

import json
from copy import deepcopy
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from allocations import workflow
from allocations.draw import DrawError, compare
from allocations.frame import auditors_on_duty, build_frame, frame_counts
from allocations.models import Allocation, TeamOverride, Theme
from allocations.sampling import workflow as sampling
from allocations.sampling.facts import changed_since, without_an_auditor, without_an_auditor_frozen
from allocations.strata import labels_of
from allocations.tests.test_planning import ask_for
from audit_portal.testing.factories import (
    LONG_AGO,
    START,
    make_auditor,
    make_case,
    make_unit,
    plan_round,
    publish_round,
)
from casefiles.involvements import add_involvement
from people.models import Auditor
from people.refusals import Refused
from trail.models import Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HERE = "/rounds/2026-11/"
WHY = "Nobody else knows deaf children’s services"


@pytest.fixture
def pq(client, cast):
    client.force_login(cast.pq_officer, backend=BACKEND)
    return client


@pytest.fixture
def colleague(cast):
    """An auditor of the team whose cases are drawn."""
    return make_auditor("Ines Duarte", cast.team)


def allow(round, auditor, by, case="", reason=WHY):
    return sampling.allow_same_team(round=round, auditor=auditor, case=case, reason=reason, by=by, at=START)


def theme(round, by, cases, **more):
    given = {"name": "Domestic abuse", "reason": "The inspection asked for it", "wanted": 1} | more
    return sampling.set_theme(round=round, cases=cases, by=by, at=START, **given)


def forbidden_of(round, reference):
    return next(case.forbidden for case in build_frame(round, START.date()).cases if case.reference == reference)


def drawn(round, by):
    workflow.freeze_frame(round=round, by=by, at=START)
    return workflow.draw_round(round=round, by=by, at=START)


# Same-team exceptions


@pytest.mark.req("S2-05", "A37")
def test_an_exception_lets_a_colleague_have_one_case(cast, s1, colleague):
    for reference in ("3070001", "3070002"):
        make_case(reference, cast.team, cast.worker)
    round = plan_round(cast, s1)
    assert colleague.reference in forbidden_of(round, "3070001")
    allow(round, colleague, cast.pq_lead, "3070001")
    assert colleague.reference not in forbidden_of(round, "3070001")
    assert colleague.reference in forbidden_of(round, "3070002")
    event = Event.objects.get(verb="round.same_team_allowed")
    assert event.detail.content["changes"]["reason"] == WHY


@pytest.mark.req("S2-05", "A37")
def test_an_exception_for_all_cases_leaves_out_those_in_which_they_had_a_hand(cast, s1, colleague):
    own = make_case("3070001", cast.team, cast.worker)
    make_case("3070002", cast.team, cast.worker)
    add_involvement(case_file=own, staff=colleague, capacity="worker", from_on=LONG_AGO, until_on=None,
                    by=cast.pq_lead, at=START)
    round = plan_round(cast, s1)
    allow(round, colleague, cast.pq_lead)
    assert colleague.reference in forbidden_of(round, "3070001")
    assert colleague.reference not in forbidden_of(round, "3070002")


@pytest.mark.req("S2-05", "A37")
def test_who_worked_on_a_case_never_audits_it(cast, s1, colleague):
    file = make_case("3070001", cast.team, cast.worker)
    add_involvement(case_file=file, staff=colleague, capacity="worker", from_on=LONG_AGO,
                    until_on=LONG_AGO.replace(year=2025), by=cast.pq_lead, at=START)
    with pytest.raises(Refused, match="Ines Duarte works or worked on this case, and may never audit it"):
        allow(plan_round(cast, s1), colleague, cast.pq_lead, "3070001")


@pytest.mark.req("S2-05", "A37")
@pytest.mark.parametrize(("person", "words"), [
    ("worker", "works or worked on this case"), ("team_manager", "manages this case"),
    ("group_manager", "manages this case"),
])
def test_worker_and_managers_of_a_case_never_audit_it(person, words, cast, s1):
    make_case("3070001", cast.team, cast.worker)
    someone = getattr(cast, person)
    Auditor.objects.create(staff=someone, joined_on=LONG_AGO, trained_on=LONG_AGO)
    round = plan_round(cast, s1)
    with pytest.raises(Refused, match=words):
        allow(round, someone, cast.pq_lead, "3070001")
    with pytest.raises(Refused, match="no case that this would open"):
        allow(round, cast.group_manager if person == "group_manager" else someone, cast.pq_lead)
    assert not TeamOverride.objects.exists()


@pytest.mark.parametrize(("case", "said"), [
    ("3070002", "is not of the team or group of this case"), ("nothing", "No case file has the reference nothing"),
    ("3070003", "Closed, and cannot be drawn: 3070003"),
])
def test_an_exception_that_changes_nothing_is_refused(case, said, cast, s1, colleague):
    make_case("3070001", cast.team)
    make_case("3070002", cast.other_team)
    make_case("3070003", cast.team, closed_on=START.date())
    with pytest.raises(Refused, match=said):
        allow(plan_round(cast, s1), colleague, cast.pq_lead, case)


def test_only_who_is_on_duty_can_be_allowed_and_only_once(cast, s1, colleague):
    make_case("3070001", cast.team)
    round = plan_round(cast, s1)
    with pytest.raises(Refused, match="is not on duty in this round"):
        allow(round, cast.worker, cast.pq_lead, "3070001")
    allow(round, colleague, cast.pq_lead, "3070001")
    with pytest.raises(Refused, match="may have this case already"):
        allow(round, colleague, cast.pq_lead, "3070001")
    with pytest.raises(Refused, match="Say why"):
        allow(round, colleague, cast.pq_lead, reason="  ")


@pytest.mark.parametrize("who", ["auditor", "team_manager", "head_of_service", "director", "administrator"])
def test_only_performance_and_quality_settle_the_sample(who, cast, s1, colleague):
    make_case("3070001", cast.team)
    round, person = plan_round(cast, s1), getattr(cast, who)
    row, made = allow(round, colleague, cast.pq_lead), theme(round, cast.pq_lead, "3070001")
    for verb in (lambda: allow(round, colleague, person, "3070001"), lambda: theme(round, person, "3070001", name="B"),
                 lambda: sampling.forbid_again(override=row, by=person, at=START),
                 lambda: sampling.remove_theme(theme=made, by=person, at=START)):
        with pytest.raises(PermissionDenied):
            verb()


@pytest.mark.req("S2-05")
def test_after_freezing_an_exception_counts_from_the_next_freezing(cast, s1, colleague):
    make_case("3070001", cast.team)
    round = plan_round(cast, s1)
    workflow.freeze_frame(round=round, by=cast.pq_lead, at=START)
    row = allow(round, colleague, cast.pq_lead, "3070001")
    assert round.draws.last().overrides == [] and changed_since(round)
    again = workflow.freeze_frame(round=round, by=cast.pq_lead, at=START, reason="An exception")
    assert [each["auditor"] for each in again.overrides] == [colleague.reference] and not changed_since(round)
    sampling.forbid_again(override=row, by=cast.pq_lead, at=START)
    assert changed_since(round) and not TeamOverride.objects.exists()
    assert again.overrides != []


def test_a_published_round_has_its_exceptions_and_themes_for_good(cast, s1, colleague, pq):
    make_case("3070001", cast.team)
    make_case("3070002", cast.team)
    round = plan_round(cast, s1)
    row, made = allow(round, colleague, cast.pq_lead), theme(round, cast.pq_lead, "3070001")
    for verb in (workflow.freeze_frame, workflow.draw_round, workflow.review, workflow.publish):
        verb(round=round, by=cast.pq_lead, at=START)
    for verb in (lambda: allow(round, colleague, cast.pq_lead, "3070001"),
                 lambda: theme(round, cast.pq_lead, "3070001"),
                 lambda: sampling.forbid_again(override=row, by=cast.pq_lead, at=START),
                 lambda: sampling.remove_theme(theme=made, by=cast.pq_lead, at=START)):
        with pytest.raises(Refused, match="is out"):
            verb()
    page = pq.get(f"{HERE}frame/").text
    assert WHY in page and "Domestic abuse" in page
    assert "Take back" not in page and "Add a theme" not in page


@pytest.mark.req("S2-05", "A37")
def test_a_certificate_with_an_exception_replays_and_a_tampered_one_is_found(cast, s1, colleague):
    for number in range(4):
        make_case(f"307000{number}", cast.team, cast.worker)
    round = plan_round(cast, s1)
    allow(round, colleague, cast.pq_lead)
    record = drawn(round, cast.pq_lead).whole_certificate
    assert compare(record) == []
    assert record["overrides"][0] == {"case": "3070000", "auditor": "ines.duarte", "reason": WHY, "by": "naomi.clarke"}
    tampered = deepcopy(record)
    tampered["frame"][0]["forbidden"] = ["ines.duarte"]
    differences = compare(tampered)
    assert "Case 3070000 is still forbidden to ines.duarte, despite the override." in differences
    assert any("does not match its SHA-256" in line for line in differences)


# Themes


@pytest.mark.req("S4-07", "A30")
def test_a_theme_is_drawn_from_the_cases_named(cast, s1):
    for number in range(6):
        make_case(f"307000{number}", cast.team, cast.worker)
    make_auditor("Anil Kapoor", cast.quality)
    make_auditor("Joy Okonkwo", cast.quality)
    round = plan_round(cast, s1)
    theme(round, cast.pq_lead, "3070001, 3070002;3070003\n3070002", wanted=2)
    found = drawn(round, cast.pq_lead)
    assert found.quotas == {"theme: Domestic abuse": 2, "in_need": 1}
    themed = Allocation.objects.filter(stratum="theme: Domestic abuse").values_list("case_file__reference", flat=True)
    assert len(themed) == 2 and set(themed) <= {"3070001", "3070002", "3070003"}
    assert compare(found.whole_certificate) == []


@pytest.mark.parametrize(("cases", "more", "said"), [
    ("3070001 9999999 8888888", {}, "No case file has the reference 9999999, 8888888"),
    ("3070001 3070009", {}, "Closed, and cannot be drawn: 3070009"),
    ("3070001", {"wanted": 2}, "1 case cannot give 2"),
    ("x" * 300, {}, "No case file has the reference x{40}…"),
])
def test_references_that_do_not_fit_are_named_back(cases, more, said, cast, s1):
    make_case("3070001", cast.team)
    make_case("3070009", cast.team, closed_on=START.date())
    with pytest.raises(Refused, match=said):
        theme(plan_round(cast, s1), cast.pq_lead, cases, **more)
    assert not Theme.objects.exists()


def test_a_case_is_in_one_theme_and_a_name_is_given_once(cast, s1):
    make_case("3070001", cast.team)
    make_case("3070002", cast.team)
    round = plan_round(cast, s1)
    first = theme(round, cast.pq_lead, "3070001")
    with pytest.raises(Refused, match="In another theme of this round already: 3070001"):
        theme(round, cast.pq_lead, "3070001", name="Neglect")
    with pytest.raises(Refused, match="a theme of that name already"):
        theme(round, cast.pq_lead, "3070002", name="domestic Abuse")
    changed = theme(round, cast.pq_lead, "3070001 3070002", theme=first, wanted=2)
    assert (changed.pk, changed.case_files.count()) == (first.pk, 2)


def test_a_theme_with_too_few_cases_in_the_frame_is_refused_at_freezing(cast, s1, pq):
    make_case("3070001", cast.team)
    make_case("3070002", cast.team, is_restricted=True)
    round = plan_round(cast, s1)
    theme(round, cast.pq_lead, "3070002")
    answer = pq.post(f"{HERE}freeze/")
    assert answer.status_code == 422 and "asks for 1 cases, and 0 of those named can be drawn" in answer.text
    with pytest.raises(DrawError):
        workflow.freeze_frame(round=round, by=cast.pq_lead, at=START)


# Strata and floors


@pytest.mark.req("A30")
@pytest.mark.parametrize(("strata", "expected"), [
    ("category", {"in_need": 2, "in_care": 1}),
    ("team", {"children-in-need-east-2": 2, "fostering-team": 1}),
    ("service", {"children-in-need": 2, "fostering": 1}),
])
def test_a_list_is_spread_over_categories_teams_or_services(strata, expected, cast, s1):
    make_case("3070001", cast.team)
    make_case("3070002", cast.team)
    make_case("3070003", cast.other_team, category="in_care")
    make_auditor("Anil Kapoor", cast.quality)
    round = plan_round(cast, ask_for(s1, strata=strata))
    frame = build_frame(round, START.date())
    assert frame.counts() == frame_counts(round)[0] == expected
    assert compare(drawn(round, cast.pq_lead).whole_certificate) == []


@pytest.mark.req("A30", "S4-07")
def test_counting_agrees_with_building_where_themes_and_teams_meet(cast, s1):
    for number in range(4):
        make_case(f"307000{number}", cast.team if number % 2 else cast.other_team)
    make_case("3070009", None)
    round = plan_round(cast, ask_for(s1, strata="team"))
    theme(round, cast.pq_lead, "3070001 3070002 3070009")
    counts, reasons = frame_counts(round)
    assert counts == build_frame(round, START.date()).counts()
    assert counts == {"theme: Domestic abuse": 2, "fostering-team": 1, "children-in-need-east-2": 1}
    assert reasons == {"No team known": 1}


@pytest.mark.req("S4-06")
def test_a_list_has_at_least_its_floor_of_a_stratum(cast, s1):
    for number in range(19):
        make_case(f"30700{number:02}", cast.team)
    make_case("3079999", cast.team, category="contact")
    for name in ("Anil Kapoor", "Joy Okonkwo"):
        make_auditor(name, cast.quality)
    round = plan_round(cast, ask_for(s1, floors={"contact": 1}))
    assert drawn(round, cast.pq_lead).quotas == {"in_need": 2, "contact": 1}


@pytest.mark.req("S4-06")
def test_a_floor_without_a_case_is_said_and_stands_in_nobodys_way(cast, s1, pq):
    make_case("3070001", cast.team)
    round = plan_round(cast, ask_for(s1, floors={"contact": 2}))
    words = "The list should have at least 2 cases of Initial contact, and none can be drawn"
    assert words in pq.get(f"{HERE}frame/").text
    drawn(round, cast.pq_lead)
    assert words in pq.get(f"{HERE}frame/").text
    assert "No case of Initial contact, of which the list should have at least 2" in pq.get(f"{HERE}draw/").text


@pytest.mark.req("S4-06", "S4-07")
def test_strata_have_the_same_words_everywhere(cast, s1, pq):
    make_case("3070001", cast.team)
    make_case("3070002", cast.other_team)
    make_case("3070003", cast.team)
    round = plan_round(cast, ask_for(s1, strata="team"))
    theme(round, cast.pq_lead, "3070003")
    assert labels_of(["in_need", "fostering-team", "theme: X", "gone"]) == {
        "in_need": "Child in need", "fostering-team": "Fostering Team", "theme: X": "Theme: X", "gone": "gone"}
    before = pq.get(f"{HERE}frame/").text
    drawn(round, cast.pq_lead)
    for page in (before, pq.get(f"{HERE}frame/").text, pq.get(f"{HERE}draw/").text):
        for words in ("Children in Need East 2", "Fostering Team", "Theme: Domestic abuse", ">Team</th>"):
            assert words in page, words
        assert "fostering-team<" not in page


@pytest.mark.req("A30", "S0-14")
def test_a_case_of_the_months_list_is_not_drawn_again_without_notice(cast, s1):
    make_case("3070001", cast.team)
    publish_round(cast, s1)
    make_case("3070002", cast.team)
    other = workflow.plan_round(version=s1, month=date(2026, 11, 1), audit_day=date(2026, 11, 18), is_no_notice=True,
                                by=cast.pq_lead, at=START)
    assert [case.reference for case in build_frame(other, START.date()).cases] == ["3070002"]
    assert frame_counts(other) == ({"in_need": 1}, {"Audited in the last twelve months": 1})


# What to think of before freezing


@pytest.mark.req("A30")
def test_the_twelve_month_rule_says_where_no_history_is_known(cast, s1, pq):
    make_case("3070001", cast.team)
    plan_round(cast, s1, month=date(2026, 10, 1))
    words = "No earlier audits are loaded, so nobody is left out for having been audited lately"
    assert words in pq.get("/rounds/2026-10/frame/").text
    publish_round(cast, s1)
    plan_round(cast, s1, month=date(2026, 12, 1))
    assert words not in pq.get("/rounds/2026-12/frame/").text


@pytest.mark.req("S2-05")
def test_cases_that_nobody_may_have_are_counted(cast, s1, pq, colleague):
    for number in range(3):
        make_case(f"307000{number}", cast.team)
    make_case("3070009", cast.other_team)
    Auditor.objects.exclude(staff=colleague).delete()
    round = plan_round(cast, s1)
    assert without_an_auditor(round, auditors_on_duty(round)) == 3
    assert "3 cases of these no auditor on duty may have" in pq.get(f"{HERE}frame/").text
    allow(round, colleague, cast.pq_lead, "3070001")
    assert without_an_auditor(round, auditors_on_duty(round)) == 2
    frozen = workflow.freeze_frame(round=round, by=cast.pq_lead, at=START)
    assert without_an_auditor_frozen(frozen) == 2


def test_counting_who_may_have_none_agrees_with_the_frame(cast, s1):
    teams = [make_unit(f"Team {number}", "team", cast.group) for number in range(3)]
    for number, team in enumerate([*teams, cast.other_team]):
        file = make_case(f"307000{number}", team)
        make_case(f"308000{number}", team)
        add_involvement(case_file=file, staff=cast.auditor, capacity="worker", from_on=LONG_AGO, until_on=None,
                        by=cast.pq_lead, at=START)
    make_auditor("Ines Duarte", teams[0])
    round = plan_round(cast, s1)
    frame = build_frame(round, START.date())
    everybody = {each.reference for each in frame.auditors}
    found = sum(everybody <= case.forbidden for case in frame.cases)
    assert without_an_auditor(round, auditors_on_duty(round)) == found == 3


def test_few_cases_are_said(cast, s1, pq):
    make_case("3070001", cast.team)
    make_auditor("Anil Kapoor", cast.quality)
    plan_round(cast, s1)
    assert "Only 1 case can be drawn, and the auditors on duty can take 2" in pq.get(f"{HERE}frame/").text


# Pages


@pytest.mark.req("S2-05")
def test_exceptions_are_made_and_taken_back_on_the_page(cast, s1, pq, colleague):
    make_case("3070001", cast.team)
    round = plan_round(cast, s1)
    add = f"{HERE}frame/overrides/add/"
    assert "Ines Duarte" in pq.get(add).text
    missing = pq.post(add, {"auditor": colleague.pk, "which": "one", "reason": WHY})
    assert missing.status_code == 422 and "Give the reference of the case" in missing.text and WHY in missing.text
    unknown = pq.post(add, {"auditor": colleague.pk, "which": "one", "case": "31", "reason": WHY})
    assert unknown.status_code == 422 and "No case file has the reference 31" in unknown.text
    stranger = pq.post(add, {"auditor": cast.worker.pk, "which": "all", "reason": WHY})
    assert stranger.status_code == 422 and "Choose an auditor on duty" in stranger.text
    assert pq.post(add, {"auditor": colleague.pk, "which": "all", "reason": WHY}).status_code == 302
    page = pq.get(f"{HERE}frame/").text
    assert "Every case of their own team and group" in page and f"“{WHY}” Chidi Eze" in page
    row = round.team_overrides.get()
    assert pq.post(f"{HERE}frame/overrides/{row.pk}/remove/").status_code == 302
    assert not round.team_overrides.exists()


def test_themes_are_made_changed_and_removed_on_the_page(cast, s1, pq):
    for reference in ("3070001", "3070002"):
        make_case(reference, cast.team)
    round = plan_round(cast, s1)
    sent = {"name": "Neglect", "reason": "An emerging issue", "wanted": "1", "cases": "3070001 31"}
    refused = pq.post(f"{HERE}frame/themes/add/", sent)
    assert refused.status_code == 422 and "No case file has the reference 31" in refused.text
    assert "An emerging issue" in refused.text
    assert pq.post(f"{HERE}frame/themes/add/", sent | {"cases": "3070001"}).status_code == 302
    made = round.themes.get()
    assert "1 of 1 named" in pq.get(f"{HERE}frame/").text
    change = f"{HERE}frame/themes/{made.pk}/"
    assert "3070001" in pq.get(change).text
    assert pq.post(change, sent | {"cases": "3070001\n3070002", "wanted": "2"}).status_code == 302
    assert "2 of 2 named" in pq.get(f"{HERE}frame/").text
    assert pq.post(f"{change}remove/").status_code == 302
    assert not round.themes.exists()


def test_an_exception_of_another_round_is_not_found(cast, s1, pq, colleague):
    make_case("3070001", cast.team)
    other = plan_round(cast, s1, month=date(2026, 12, 1))
    row = allow(other, colleague, cast.pq_lead)
    made = theme(other, cast.pq_lead, "3070001")
    plan_round(cast, s1)
    for address in (f"overrides/{row.pk}/remove/", f"themes/{made.pk}/remove/", f"themes/{made.pk}/"):
        assert pq.post(f"{HERE}frame/{address}").status_code == 404


@pytest.mark.req("S2-05")
def test_the_drawn_list_names_exceptions_filters_and_is_a_file(cast, s1, pq, colleague):
    for number in range(3):
        make_case(f"307000{number}", cast.team, category="in_care" if number else "in_need")
    round = plan_round(cast, s1)
    allow(round, colleague, cast.pq_lead)
    drawn(round, cast.pq_lead)
    page = pq.get(f"{HERE}draw/").text
    assert "1 same-team override, by Naomi Clarke; 1 case given by it" in page
    assert f"Same team or group as the auditor. “{WHY}” Naomi Clarke" in page.replace("&#x27;", "’")
    assert "Result (1)" in pq.get(f"{HERE}draw/?auditor=ines").text
    assert "Result (0)" in pq.get(f"{HERE}draw/?auditor=nobody").text
    for nonsense in ("stratum=x", "sort=x", "page=x", "stratum=theme:%20X"):
        assert pq.get(f"{HERE}draw/?{nonsense}").status_code == 200
    lines = pq.get(f"{HERE}draw/list.csv?auditor=ines").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Order,Case,Category,Stratum,Team,Auditor,Worth knowing"
    assert len(lines) == 2 and "Ines Duarte" in lines[1] and WHY in lines[1]


def test_earlier_draws_are_named_with_reason_seed_and_person(cast, s1, pq):
    make_case("3070001", cast.team)
    round = plan_round(cast, s1)
    first = drawn(round, cast.pq_lead)
    workflow.freeze_frame(round=round, by=cast.pq_officer, at=START, reason="A team was missing")
    workflow.draw_round(round=round, by=cast.pq_lead, at=START)
    page = pq.get(f"{HERE}draw/").text
    assert "Earlier draws of this round (1)" in page
    assert first.seed in page and "“A team was missing”" in page
    assert json.loads(pq.get(f"{HERE}certificate.json").content)["earlier_draws"][0]["seed"] == first.seed


def test_the_frame_page_asks_as_often_for_twenty_as_for_one(cast, s1, pq, django_assert_max_num_queries):
    counts = []
    round = plan_round(cast, s1)
    for number in range(20):
        make_case(f"30800{number:02}", cast.team, cast.worker)
        someone = make_auditor(f"Auditor Number{number}", cast.team)
        allow(round, someone, cast.pq_lead)
        theme(round, cast.pq_lead, f"30800{number:02}", name=f"Theme {number}")
        if number in (0, 19):
            pq.get("/help/")
            with django_assert_max_num_queries(25) as counted:
                assert pq.get(f"{HERE}frame/").status_code == 200
            counts.append(len(counted))
    assert counts[0] == counts[1]
