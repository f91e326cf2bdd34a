"""The family's views: whether it is right to ask, consent, attempts, what was said, and what is final without any."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit_portal.testing.factories import (
    START,
    agree,
    decide,
    fill_in,
    hear,
    make_audit,
    make_audit_at,
    make_case,
    publish_round,
    walk,
    write_view,
)
from audits import workflow
from audits.completeness import family_part
from audits.content import content_of
from audits.family import OPEN, heard_in, hindrance, hindrances, sets_of, view_page, view_question
from audits.family_models import PARENTS, Relation
from audits.models import Audit, FamilyDecision, FamilyView, ParentalConsent
from audits.timeline import timeline
from people.refusals import Refused
from programmes.models import ProgrammeVersion

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=2)
EVERYBODY = set(Relation.values)


@pytest.fixture
def audit(cast, s1):
    return make_audit_at("in_progress", cast, s1)


@pytest.fixture
def in_care(cast, s1):
    return _of_category("in_care", cast, s1)


def _of_category(category, cast, version):
    make_case("3071999", cast.team, cast.worker, category=category)
    publish_round(cast, version)
    return walk(Audit.objects.get(), ["open"], cast)


def part(audit):
    return family_part(content_of(Audit.objects.get(pk=audit.pk)))


def missing(audit):
    return [row.why for row in part(audit).missing]


def answer(audit, at=LATER, **fields):
    for field, value in fields.items():
        version = audit.answers.filter(field=field).values_list("version", flat=True).first() or 0
        workflow.save_answer(audit=audit, field=field, value=value, version=version, by=audit.auditor, at=at)


def given(consent):
    return consent and ParentalConsent(is_given=consent == "yes")


# Outcome of the decision, a parent's word where one is needed, and who may be spoken with.
ADULTS = {*PARENTS, "other_adult"}
MAY = [
    (None, True, "yes", set()), (None, False, "", set()),
    ("nobody", True, "yes", set()), ("nobody", False, "", set()),
    ("not_child", True, "yes", ADULTS), ("not_child", False, "", ADULTS),
    ("not_parents", True, "yes", {"child", "other_adult"}), ("not_parents", False, "", {"child", "other_adult"}),
    ("not_parents", True, "", {"other_adult"}),
    ("all", True, "", ADULTS), ("all", True, "no", ADULTS), ("all", True, "yes", EVERYBODY),
    ("all", False, "", EVERYBODY), ("all", False, "no", EVERYBODY),
]  # fmt: skip


@pytest.mark.req("S2-08", "S2-09")
@pytest.mark.parametrize(("outcome", "needed", "consent", "may"), MAY)
def test_who_may_be_spoken_with(outcome, needed, consent, may):
    decision = outcome and FamilyDecision(outcome=outcome)
    found = {who for who in EVERYBODY if not hindrance(who, decision, given(consent), needs_consent=needed)}
    assert found == may


@pytest.mark.req("S2-09")
@pytest.mark.parametrize("category", ["in_need", "protection"])
def test_a_child_on_a_plan_or_in_need_is_spoken_with_only_after_a_parent_agreed(category, cast, s2):
    audit = _of_category(category, cast, s2)
    decide(audit, LATER)
    with pytest.raises(Refused, match="No parent has agreed yet"):
        hear(audit, LATER, "child")
    agree(audit, LATER, is_given=False)
    with pytest.raises(Refused, match="A parent did not agree"):
        hear(audit, LATER, "child")
    agree(audit, LATER)
    assert hear(audit, LATER, "child").who == "child"
    row = content_of(audit)["family"]["consent"]
    assert (row["parent"], row["is_given"], row["said_on"]) == ("mother", True, "2026-11-04")


@pytest.mark.req("S2-08", "S2-09")
def test_a_child_in_care_is_spoken_with_where_the_worker_agreed(in_care):
    with pytest.raises(Refused, match="Talk with the worker first"):
        hear(in_care, LATER, "child")
    decide(in_care, LATER)
    assert hear(in_care, LATER, "child")


@pytest.mark.req("S2-08")
def test_nothing_is_recorded_before_auditor_and_worker_decided(audit):
    family = {"audit": audit, "by": audit.auditor, "at": LATER}
    for verb, fields in (
        (workflow.record_parental_consent, {"parent": "mother", "is_given": True, "said_on": LATER.date()}),
        (workflow.record_family_attempt,
         {"who": "mother", "made_on": LATER.date(), "method": "phone", "outcome": "no_answer"}),
    ):
        with pytest.raises(Refused, match="Talk with the worker first"):
            verb(**family, **fields)
    with pytest.raises(Refused, match="Talk with the worker first"):
        hear(audit, LATER)


@pytest.mark.req("S2-08")
def test_a_decision_says_who_decided_when_and_what_was_considered(audit):
    decide(audit, LATER, "not_child", decided_with="manager", reasons="Under two")
    row = content_of(audit)["family"]["decision"]
    assert row == {"decided_on": "2026-11-04", "decided_with": "manager", "outcome": "not_child",
                   "reasons": "Under two", "understanding": "Old enough to say no.", "against_interest": ""}
    assert timeline(audit)[0].text == "Grace Adeyemi recorded whom in the family it is right to speak with"


@pytest.mark.req("S2-12")
def test_where_the_worker_holds_it_to_be_wrong_for_the_child_that_stands_and_the_child_is_not_called(audit):
    with pytest.raises(Refused, match="without the child"):
        decide(audit, LATER, "all", against_interest="It would upset them before the hearing")
    decide(audit, LATER, "not_child", against_interest="It would upset them before the hearing")
    agree(audit, LATER)
    with pytest.raises(Refused, match="not to speak with the child"):
        hear(audit, LATER, "child")
    assert "before the hearing" in content_of(audit)["family"]["decision"]["against_interest"]


def test_the_newest_decision_counts(audit):
    decide(audit, LATER, "nobody")
    assert all(hindrances(audit).values())
    decide(audit, LATER)
    assert hindrances(audit)["mother"] == ""
    assert FamilyDecision.objects.count() == 2


def test_a_decision_for_not_everybody_says_why(audit):
    with pytest.raises(Refused, match="why not everybody"):
        decide(audit, LATER, "not_parents", reasons="")


@pytest.mark.req("S2-15", "S2-16")
def test_nothing_is_saved_before_they_agreed_and_know_who_reads_it(audit):
    decide(audit, LATER)
    with pytest.raises(Refused, match="Tell them first"):
        hear(audit, LATER, told_of_sharing=False)
    with pytest.raises(Refused, match="agree before they say anything"):
        hear(audit, LATER, consent_at=LATER + timedelta(minutes=1))
    with pytest.raises(Refused, match="agree before they say anything"):
        hear(audit, LATER, spoken_on=LATER.date() - timedelta(days=1))
    assert not FamilyView.objects.exists()
    assert hear(audit, LATER).consent_at == LATER


@pytest.mark.req("S2-15", "S2-16")
def test_the_database_knows_no_conversation_without_them(audit):
    decide(audit, LATER)
    view = hear(audit, LATER)
    for fields in ({"told_of_sharing": False}, {"consent_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FamilyView.objects.filter(pk=view.pk).update(**fields)


def test_only_questions_of_the_programme_are_asked(audit):
    decide(audit, LATER)
    with pytest.raises(Refused, match="set of questions"):
        hear(audit, LATER, question_set="riddles")


@pytest.mark.req("S4-25", "S1-25")
@pytest.mark.parametrize("version", ["s1", "s2"])
def test_both_programmes_ask_adults_children_and_in_easy_words(version, request):
    found = {row.slug: row for row in sets_of(request.getfixturevalue(version))}
    assert set(found) == {"adult", "child", "easy_read"}
    assert len({tuple(q.slug for q in row.questions) for row in found.values()}) == 1


@pytest.mark.req("S2-17")
@pytest.mark.parametrize("slug", ["adult", "child", "easy_read"])
def test_what_could_have_been_done_differently_is_asked_of_everybody(slug, s2):
    rows = {row.slug: row for row in sets_of(s2)}[slug].questions
    assert [row.slug for row in rows if row.needed] == ["done_differently"]


@pytest.mark.req("S2-15", "S2-16")
def test_the_script_says_who_calls_why_what_is_asked_and_who_reads_it(s2):
    script = " ".join(s2.asks.family.script)
    for words in ("your name", "what you would like to ask", "agree", "file", "worker and the team manager"):
        assert words in script


@pytest.mark.req("S2-17")
def test_views_are_not_complete_without_what_everybody_is_asked(audit):
    decide(audit, LATER)
    view = hear(audit, LATER)
    name = f"view-{view.pk}-done_differently"
    answer(audit, **{f"view-{view.pk}-own-words": "own"})
    assert "write down what they said to “What could we have done differently" in missing(audit)[0]
    answer(audit, **{f"{name}-answer": "said"})
    assert len(missing(audit)) == 1
    answer(audit, **{name: "“Ring before you come.”"})
    assert part(audit).is_done
    answer(audit, **{name: "", f"{name}-answer": "declined"})
    assert part(audit).is_done


@pytest.mark.req("S2-18")
def test_each_view_says_whether_it_is_in_their_own_words(audit):
    decide(audit, LATER)
    view = hear(audit, LATER)
    write_view(view, LATER)
    (row,) = content_of(audit)["family"]["views"]
    assert (row["words"], row["set"]) == ("own", "For a parent, carer or another adult")
    answer(audit, **{f"view-{view.pk}-own-words": ""})
    assert missing(audit) == ["Mother: say whether these are their own words"]


@pytest.mark.req("S2-14")
def test_what_was_said_is_passed_on_to_worker_and_manager(audit):
    decide(audit, LATER)
    view = hear(audit, LATER)
    with pytest.raises(Refused, match="on or after the conversation"):
        workflow.pass_on(view=view, on=LATER.date() - timedelta(days=1), by=audit.auditor, at=LATER)
    workflow.pass_on(view=view, on=LATER.date(), by=audit.auditor, at=LATER)
    assert content_of(audit)["family"]["views"][0]["passed_on"] == "2026-11-04"


@pytest.mark.req("S2-36")
def test_an_attempt_without_success_is_kept(audit):
    decide(audit, LATER, "not_child")
    facts = {"audit": audit, "made_on": LATER.date(), "method": "phone", "outcome": "declined", "by": audit.auditor}
    workflow.record_family_attempt(who="father", at=LATER, **facts)
    with pytest.raises(Refused, match="not to speak with the child"):
        workflow.record_family_attempt(who="child", at=LATER, **facts)
    assert content_of(audit)["family"]["attempts"] == [
        {"who": "father", "made_on": "2026-11-04", "method": "phone", "outcome": "declined"}]


@pytest.mark.req("S1-25", "S2-19")
def test_where_nobody_was_spoken_to_the_audit_says_why(audit):
    wanted = "Record what somebody in the family said, or why nobody was spoken to"
    assert missing(audit) == [wanted]
    decide(audit, LATER)
    assert missing(audit) == [wanted]
    answer(audit, family_not_sought_because="They moved abroad")
    assert part(audit).is_done


@pytest.mark.req("S2-12", "S2-19")
def test_the_reason_of_a_decision_for_nobody_is_enough(audit):
    decide(audit, LATER, "nobody", reasons="The week of the hearing")
    assert part(audit).is_done


@pytest.mark.req("S2-19")
def test_nothing_is_final_without_the_family_or_a_reason(cast, s1, client):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, LATER)
    workflow.remove_view(view=audit.family_heard.get(), by=cast.auditor, at=LATER)
    walk(audit, ["share", "respond"], cast)
    with pytest.raises(workflow.NotComplete, match="why nobody was spoken to"):
        workflow.finalise(audit=audit, by=cast.auditor, at=START + timedelta(days=5))
    client.force_login(cast.auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(f"/audits/{audit.number}/finalise/")
    assert f'href="/audits/{audit.number}/family/#family_not_sought_because"' in page.text
    assert 'id="family_not_sought_because"' in client.get(f"/audits/{audit.number}/family/").text


def test_a_removed_conversation_is_out_of_the_audit_and_its_words_stay_in_the_history(audit):
    decide(audit, LATER)
    view = hear(audit, LATER)
    write_view(view, LATER, "“Marker”")
    workflow.remove_view(view=view, by=audit.auditor, at=LATER)
    assert "Marker" not in str(content_of(audit))
    assert audit.answers.get(field=f"view-{view.pk}-done_differently").value == "“Marker”"
    assert view_question(audit, f"view-{view.pk}-done_differently") is None


@pytest.mark.req("S2-18")
def test_what_is_frozen_holds_questions_and_answers_in_words(cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    content = audit.versions.last().content
    (view,) = content["family"]["views"]
    said = {row["slug"]: row for row in view["said"]}["done_differently"]
    assert (said["text"], said["declined"]) == ("“She listens.”", False)
    assert said["question"].startswith("What could we have done differently")
    assert not [field for field in content["answers"] if field.startswith("view-")]


@pytest.mark.req("S2-10")
def test_children_and_parents_heard_are_counted_for_many_audits_at_once(audit, cast, s1, django_assert_num_queries):
    decide(audit, LATER)
    agree(audit, LATER)
    for who in ("child", "mother", "father", "other_adult"):
        hear(audit, LATER, who)
    workflow.remove_view(view=audit.family_heard.get(who="father"), by=cast.auditor, at=LATER)
    with django_assert_num_queries(1):
        found = heard_in([audit.pk, 0])
    assert (found[audit.pk].children, found[audit.pk].parents, found[audit.pk].others) == (1, 1, 1)
    assert found[audit.pk].both and list(found) == [audit.pk]


def test_a_programme_without_questions_asks_one_open_one(audit, s1):
    ProgrammeVersion.objects.filter(pk=s1.pk).update(form={})
    fresh = Audit.objects.get(pk=audit.pk)
    assert sets_of(fresh.version) == (OPEN,)
    decide(fresh, LATER)
    view = hear(fresh, LATER, question_set="open")
    assert [row.label for row in view_page(view, fresh.version).all_fields()] == [
        "What did they say?", "How did you write it down?"]


def test_a_field_of_nobodys_views_is_none(audit, cast, s1):
    decide(audit, LATER)
    view = hear(audit, LATER)
    assert view_question(audit, f"view-{view.pk}-difference").label.startswith("What difference")
    other = make_audit(cast, s1, "3071847", month=date(2026, 10, 1))
    for name in (f"view-{view.pk}-riddle", "view-0-difference", f"view-{'9' * 18}-difference", "view-x-difference",
                 "strengths"):
        assert view_question(audit, name) is None
    assert view_question(other, f"view-{view.pk}-difference") is None


def test_only_the_auditor_and_only_while_it_is_written(cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    with pytest.raises(PermissionDenied, match="Being checked"):
        decide(audit, START + timedelta(days=6))
    with pytest.raises(PermissionDenied, match="Being checked"):
        workflow.remove_view(view=audit.family_heard.get(), by=cast.auditor, at=START + timedelta(days=6))


def test_a_conversation_on_a_winter_evening_counts_by_the_day_in_london(audit):
    evening = datetime(2026, 11, 4, 23, 30, tzinfo=UTC)
    decide(audit, evening)
    assert hear(audit, evening, spoken_on=date(2026, 11, 4)).spoken_on == date(2026, 11, 4)
