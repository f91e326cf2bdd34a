"""Readings of the policies that belong to the audit: periods, clocks, who reads, what is asked (DOMAIN section 2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit_portal.testing.factories import START, fill_in, load_s2, make_audit, make_audit_at
from audits import workflow
from audits.completeness import period_part, plan_part
from audits.models import TaggedAs
from audits.quality import ALL_IN_ORDER
from calendars.rules import audited_period_start, end_of_day
from casefiles.models import CaseFile
from duties.models import Duty
from followup.models import PartB
from programmes.preset import FOLDER, read_preset

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.req("A29", "S1-30", "S2-34")
@pytest.mark.parametrize(("slug", "starts"), [("s1", date(2026, 5, 15)), ("s2", date(2026, 9, 1))])
def test_the_audited_period_is_six_months_or_since_the_latest_referral(slug, starts, cast, s1):
    audit = make_audit(cast, s1 if slug == "s1" else load_s2())
    CaseFile.objects.filter(pk=audit.case_file_id).update(referral_on=date(2026, 9, 1))
    audit = workflow.open_audit(audit=audit, by=cast.auditor, at=datetime(2026, 11, 15, 10, tzinfo=UTC))
    assert (audit.period_from, audit.period_until) == (starts, date(2026, 11, 15))


@pytest.mark.req("A29")
def test_six_months_before_the_end_of_august_is_the_end_of_february():
    assert audited_period_start(date(2026, 8, 31)) == date(2026, 2, 28)


@pytest.mark.req("S1-31", "S2-35")
@pytest.mark.parametrize(("answers", "state"), [
    ({}, "not_started"), ({"earlier_records": "no"}, "done"), ({"earlier_records": "yes"}, "attention"),
    ({"earlier_records": "yes", "earlier_records_because": "The first removal, in 2019"}, "done"),
])
def test_earlier_records_may_be_read_and_the_audit_says_why(answers, state):
    assert period_part(answers).state == state


@pytest.mark.req("A13")
def test_completed_and_final_have_their_own_clocks(cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    assert audit.first_shared_at == START + timedelta(days=3) and audit.finalised_at == START + timedelta(days=5)
    assert audit.due_at == end_of_day(date(2026, 11, 30))
    sharing = audit.first_shared_at
    workflow.return_to_auditor(audit=audit, reasons="Say more", by=cast.pq_officer, at=START + timedelta(days=6),
                               checklist={})
    audit.refresh_from_db()
    assert audit.first_shared_at == sharing


@pytest.mark.req("A15", "S1-45")
def test_manager_means_the_team_manager_and_the_reviewing_officer_may_challenge_too(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    asked = {row.capacity: row.staff for row in audit.responses.select_related("staff")}
    assert asked == {"worker": cast.worker, "team_manager": cast.team_manager, "iro": cast.iro}
    workflow.respond(audit=audit, verdict="challenges", by=cast.iro, at=START + timedelta(days=4))
    assert audit.responses.get(staff=cast.iro).verdict == "challenges"


@pytest.mark.req("A17", "S1-48")
@pytest.mark.parametrize(("returned", "due"), [
    ((2026, 12, 24), date(2026, 12, 31)), ((2026, 4, 1), date(2026, 4, 8)), ((2026, 11, 20), date(2026, 11, 25)),
    ((2027, 3, 25), date(2027, 4, 1)),
])
def test_a_return_is_due_at_the_end_of_the_third_working_day_after_its_day(returned, due, cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    sent = workflow.return_to_auditor(audit=audit, reasons="Say more", by=cast.pq_officer, checklist={},
                                      at=datetime(*returned, 9, tzinfo=UTC))
    assert sent.due_at == end_of_day(due)


@pytest.mark.req("B9", "S1-43")
def test_no_action_needed_because_is_an_answer(cast, s1):
    assert plan_part({}, []).state == "not_started"
    assert plan_part({"no_action_because": "All of it is being done already"}, []).why == "No action needed"


@pytest.mark.req("B9")
def test_somebody_outside_the_portal_may_own_an_action_and_the_team_manager_sees_to_it(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, START)
    workflow.add_action(audit=audit, by=cast.auditor, at=START, what="Write to the school", owner_outside="The school",
                        due_on=date(2026, 12, 4), measure="The letter is on file", change_for_child="Help at school")
    workflow.share(audit=audit, by=cast.auditor, at=START + timedelta(days=3))
    for row in audit.responses.select_related("staff"):
        workflow.respond(audit=audit, verdict="agrees", by=row.staff, at=START + timedelta(days=4))
    workflow.finalise(audit=audit, by=cast.auditor, at=START + timedelta(days=5))
    workflow.accept(audit=audit, by=cast.pq_officer, at=START + timedelta(days=6), checklist=ALL_IN_ORDER)
    outside = PartB.objects.get(audit=audit).actions.get(owner_outside="The school")
    assert Duty.objects.open().of(outside, "followup.action").get().holder == cast.team_manager


@pytest.mark.req("S2-25", "S2-26")
def test_the_final_report_has_its_date_and_goes_to_the_team_manager(cast):
    audit = make_audit_at("with_team_manager", cast, load_s2())
    assert audit.due_at == end_of_day(date(2026, 11, 30))
    assert Duty.objects.open().of(PartB.objects.get(audit=audit), "followup.supervision").get().holder == (
        cast.team_manager)


@pytest.mark.req("S2-24")
def test_where_no_agreement_is_reached_the_guide_names_who_mediates():
    assert set(read_preset(FOLDER / "s2.yaml").policy.roles.moderate) == {"assistant_director", "qa_lead"}


@pytest.mark.req("S2-24")
def test_a_dispute_waits_for_mediation_and_the_audit_with_it(cast):
    audit = make_audit_at("in_dispute", cast, load_s2())
    assert Duty.objects.open().of(audit, "audit.dispute").get().holder == cast.pq_lead


@pytest.mark.req("S2-38")
def test_the_prompts_of_the_guide_look_for_what_changed_and_how_agencies_lowered_the_risk():
    prompts = " ".join(prompt for domain in read_preset(FOLDER / "s2.yaml").form.domains for prompt in domain.prompts)
    for words in ("becoming safer", "professionals who matter help to make the plan", "what changed through them"):
        assert words in prompts


@pytest.mark.req("S2-20", "S1-42")
def test_an_example_of_good_practice_is_tagged_and_what_is_learned_has_themes(cast, client):
    audit = make_audit_at("in_progress", cast, load_s2())
    client.force_login(cast.auditor, backend=BACKEND)
    page = f"/audits/{audit.number}/learning/"
    client.post(page, {"good_practice": "Direct work with a memory box", "good_practice-version": "0",
                       "good_practice_tags": ["relationship", "written_work"], "good_practice_tags-version": "0",
                       "learning_themes": ["drift"], "learning_themes-version": "0"})
    found = set(TaggedAs.objects.values_list("tag__kind", "tag__slug"))
    assert found == {("good_practice", "relationship"), ("good_practice", "written_work"), ("learning", "drift")}
    client.post(page, {"good_practice_tags-version": "1", "learning_themes-version": "1"})
    assert not TaggedAs.objects.exists() and audit.answers.get(field="learning_themes").value == ""
    wrong = client.post(f"/audits/{audit.number}/answers/", {"field": "learning_themes", "value": "drift\nnonsense",
                                                            "version": "2"})
    assert wrong.status_code == 400


@pytest.mark.req("S2-39")
def test_the_timescales_of_the_case_are_noted_beside_what_is_expected_and_stand_in_the_document(cast, client):
    audit = make_audit_at("in_progress", cast, load_s2())
    client.force_login(cast.auditor, backend=BACKEND)
    page = client.get(f"/audits/{audit.number}/timescales/").text
    assert "Visits 4 weeks apart at most" in page and "pathway plan" not in page.lower()
    client.post(f"/audits/{audit.number}/timescales/", {
        "timescale-cp_visits": "not_kept", "timescale-cp_visits-version": "0",
        "timescale-cp_visits-note": "Six weeks in August", "timescale-cp_visits-note-version": "0"})
    document = client.get(f"/audits/{audit.number}/check/").text
    assert "Six weeks in August" in document and "Not kept" in document
    assert "Visits 4 weeks apart at most" in client.get(f"/audits/{audit.number}/domains/planning/").text
