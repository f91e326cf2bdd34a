"""The S2 preset against the guide it stands for: areas, criteria, timescales, deciders, ladders."""

import pytest

from people.roles import Role
from programmes.preset import FOLDER, read_preset

S2 = read_preset(FOLDER / "s2.yaml")
AREAS = {domain.slug: domain for domain in S2.form.domains}
GRADES = {grade.slug: grade for grade in S2.form.grades}

# What the guide asks of each area, by its own numbers: words that a prompt of ours must hold.
ASKED = {
    "referrals": [
        (1, "how soon and how well", "evenings and week-ends"),
        (2, "sifted and decided upon quickly", "in proportion", "without drift"),
        (3, "circumstances and history", "other agencies know"),
    ],
    "assessment": [
        (4, "child, parents, carers and network take part", "shape what was planned"),
        (5, "hear the child"),
        (6, "background and history", "strengths as well as needs"),
        (7, "professional knowledge or research"),
        (7, "unborn or newborn", "safe sleep"),
        (7, "neglect", "little warmth and much criticism"),
        (7, "domestic abuse", "held to account", "power"),
        (7, "addiction, trauma, mental illness, delayed development and fear of professionals"),
    ],
    "planning": [
        (8, "progress", "becoming safer"),
        (9, "keeps the child safe", "goals that matter and can be reached"),
        (10, "close family and wider family", "family group conference"),
        (11, "professionals who matter", "make the plan and to review it"),
        (12, "same worker", "open, honest, punctual and respectful"),
        (13, "identity, physical and mental health, and education"),
        (14, "want as much for this child"),
        (15, "if the plan fails", "next stage of the process is no answer", "obstacles"),
        (16, "missing", "return interview prompt", "exploitation"),
    ],
    "engagement": [
        (17, "voice", "no words", "middle of the work"),
        (18, "follow what the child said, needed and had already achieved"),
        (19, "visits regular", "seen alone", "understand the words of the record"),
        (20, "tools", "direct work"),
        (21, "take part in meetings", "some other way"),
    ],
    "oversight": [
        (22, "supervision, oversight and decisions of managers", "changed through them"),
        (23, "until it is done", "time to reflect"),
        (24, "between one formal supervision and the next"),
        (25, "weaknesses of practice", "done about them"),
        (26, "reviewing officer or protection adviser", "support, challenge or escalation"),
        (27, "findings of earlier audits", "recommendations carried out"),
    ],
    "equality": [
        (28, "age, ethnicity, language, faith or belief, gender and gender identity, sexual orientation and race"),
        (29, "disability of any degree", "support was put in place"),
    ],
    "looked_after": [
        (30, "safe, do they feel safe", "stay so"),
        (31, "valued and celebrated"),
        (32, "body and mind", "health needs known and answered"),
        (33, "friends, learning and leisure"),
        (34, "move only because the care plan", "at risk"),
        (35, "trust carers and workers", "friends and family", "until 21, and until 25"),
        (36, "where the care leaver lives", "stand on their own feet safely"),
        (37, "pathway plan", "ready for independence"),
    ],
}
QUESTIONS = [(slug, number, words) for slug, rows in ASKED.items() for number, *words in rows]

CRITERIA = {
    "outstanding": [
        ("consistently good or better", "good help, or better, consistently"),
        ("every aspect of excellent practice", "nothing that one expects of excellent practice is missing"),
        ("due to direction, planning, oversight", "good direction, planning and management oversight"),
        ("sustained, and will stay", "sustained and looks set to last"),
    ],
    "good": [
        ("mostly expected practice", "most of the practice"),
        ("few issues, identified", "few, and each was noticed"),
        ("resolved or clear how", "resolved already, or it is clear how"),
        ("outcomes improving, promising, sustainable", "outcomes are getting better, look promising", "sustained"),
        ("not without outcomes (S2-37)", "met or on the way; otherwise this grade and the one above cannot be given"),
    ],
    "requires_improvement": [
        ("no widespread or serious failure", "no failure is widespread or serious"),
        ("no unnecessary delay", "no needless delay", "care leavers"),
        ("evidence or lack of it: not yet good", "or missing from it", "not good yet", "can improve"),
        ("poor aspects noted, plans not complete", "noticed", "plans to put right", "do not cover all"),
    ],
    "inadequate": [
        ("widespread or serious failure", "widespread or serious", "harmed or at risk of harm"),
        ("delay in permanence", "needless delay on the way to permanence"),
        ("any concern for safety", "concerned that a child is not safe", "gives this grade"),
        ("urgent to worker and manager (S2-52)", "worker and team manager hear of it as a matter of urgency"),
    ],
}
ROWS = [(slug, row[0], row[1:]) for slug, rows in CRITERIA.items() for row in rows]


@pytest.mark.req("S2-40", "S2-41", "S2-42", "S2-43", "S2-44", "S2-45", "S2-46")
@pytest.mark.parametrize(("slug", "number", "words"), QUESTIONS)
def test_an_area_asks_everything_that_the_guide_asks(slug, number, words):
    prompts = [prompt.lower() for prompt in AREAS[slug].prompts]
    assert any(all(phrase in prompt for phrase in words) for prompt in prompts), f"{slug}: {number}"


def test_each_prompt_stands_for_a_number_of_the_guide():
    assert {slug: len(domain.prompts) for slug, domain in AREAS.items()} == {
        slug: len(rows) for slug, rows in ASKED.items()
    }
    assert sorted({number for _, number, _ in QUESTIONS}) == list(range(1, 38))


@pytest.mark.req("S2-39")
def test_seven_areas_guide_and_are_never_added_up():
    assert len(AREAS) == 7
    assert "never added up" in S2.form.domain_set.note and "professional judgement" in S2.form.domain_set.note
    assert [(row.label, row.judges) for row in S2.form.judgements] == [
        ("Met", True), ("Partially met", True), ("Not met", True), ("Not applicable", False),
    ]  # fmt: skip


@pytest.mark.req("S2-48", "S2-49", "S2-50", "S2-51")
@pytest.mark.parametrize(("slug", "criterion", "words"), ROWS)
def test_a_descriptor_holds_every_criterion_of_the_guide(slug, criterion, words):
    text = " ".join(GRADES[slug].criteria).lower()
    assert all(phrase in text for phrase in words), f"{slug}: {criterion}"


@pytest.mark.req("S2-47")
def test_four_grades_best_first_as_ofsted_has_them():
    assert [grade.label for grade in S2.form.grades] == [
        "Outstanding", "Good", "Requires improvement to be good", "Inadequate",
    ]  # fmt: skip
    assert [grade.ofsted_group for grade in S2.form.grades] == list(GRADES)
    assert [slug for slug, grade in GRADES.items() if grade.good_or_better] == ["outstanding", "good"]
    assert [slug for slug, grade in GRADES.items() if grade.inadequate] == ["inadequate"]
    assert not [slug for slug, grade in GRADES.items() if grade.needs_good_elements]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("complete_by", "last_calendar_day"),
        ("exemption_working_days", 2),
        ("challenge_window_working_days", 5),
        ("finalise_working_days", 3),
        ("moderation_working_days", 10),
        ("supervision_discussion_days", 30),
        ("part_b_inadequate_working_days", 5),
        ("confirmation_working_days", 3),
        ("review_days", None),
        ("head_of_service_meeting_working_days", None),
    ],
)
def test_timescales(name, expected):
    assert getattr(S2.policy.timescales, name) == expected


def test_an_exemption_is_the_principal_social_workers_after_the_line_manager():
    routes = S2.policy.roles.exempt
    assert routes.line_manager_first is True
    assert routes.social_care == routes.quality == (Role.QA_LEAD,)
    assert Role.QA_LEAD not in routes.own_request


def test_deciders_and_readers():
    roles = S2.policy.roles
    assert set(roles.allocate) == {Role.QA_LEAD, Role.QA_OFFICER}
    assert set(roles.moderate) == {Role.ASSISTANT_DIRECTOR, Role.QA_LEAD}
    assert set(S2.policy.sharing.readers) == {Role.WORKER, Role.TEAM_MANAGER}


def test_every_auditor_audits_every_month_and_never_their_own_team():
    sampling = S2.policy.sampling
    assert (sampling.audits_per_auditor, sampling.yearly_cap, sampling.breaks_per_year) == (1, 12, 0)
    assert sampling.same_team_forbidden is True


def test_the_period_begins_with_the_latest_referral_where_that_is_shorter():
    assert S2.policy.audited_period.model_dump() == {"months": 6, "since_latest_referral": True}


def test_without_outcomes_no_grade_of_good_and_the_safety_of_the_child_is_asked():
    judging = S2.policy.judging
    assert (judging.outcomes_question, judging.safety_question) == ("block", True)


def test_two_missed_audits_within_six_months_are_repeated():
    rules = S2.policy.non_completion
    assert (rules.repeated_times, rules.repeated_months) == (2, 6)


KINDS = [
    "audit.complete", "audit.respond", "audit.finalise", "audit.check", "audit.file", "audit.amend", "audit.dispute",
    "audit.substitute", "audit.reallocate", "round.publish", "round.close",
    "followup.supervision", "followup.action", "followup.confirm", "followup.reaudit", "challenge.settle",
    "concern.acknowledge", "concern.confirm", "exemption.support", "exemption.decide",
    "audit.contact", "contact.escalate", "contact.resolve", "inadequate.notify", "inadequate.acknowledge",
]  # fmt: skip


def test_every_kind_of_duty_has_a_ladder_and_no_other():
    assert sorted(S2.ladders) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_later_rungs_also_tell_everyone_told_before(kind):
    """After an outage only the newest rung is told, so it must leave nobody out."""
    told: set[str] = set()
    for rung in S2.ladders[kind]:
        if rung.when != "before":
            assert told <= set(rung.tell), rung.name
            told |= set(rung.tell)


@pytest.mark.parametrize("kind", KINDS)
def test_rungs_stand_in_the_order_in_which_they_come(kind):
    hours = {"hours": 1, "working_days": 24, "calendar_days": 24}
    sign = {"before": -1, "on": 0, "after": 1}
    moments = [rung.offset * hours[rung.unit] * sign[rung.when] for rung in S2.ladders[kind]]
    assert moments == sorted(set(moments))


def test_nothing_that_is_open_falls_silent_but_the_time_to_answer_which_ends_by_itself():
    assert [kind for kind in KINDS if not S2.ladders[kind][-1].repeat] == ["audit.respond"]


def after(kind):
    """The rungs after the due time."""
    return [rung for rung in S2.ladders[kind] if rung.when == "after"]


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("audit.complete", "line_manager"),  # S2-31
        ("followup.supervision", "assistant_director"),  # S2-86
        ("followup.confirm", "assistant_director"),  # S2-86
        ("inadequate.acknowledge", "group_manager"),  # S2-22
    ],
)
def test_what_is_not_completed_reaches_them_on_the_first_working_day_after(kind, who):
    first = after(kind)[0]
    assert (first.offset, first.unit) == (1, "working_days")
    assert who in first.tell


@pytest.mark.parametrize(
    "kind", ["audit.complete", "followup.supervision", "followup.confirm", "followup.reaudit", "concern.acknowledge",
             "concern.confirm"],
)
def test_what_is_late_is_counted_for_senior_leaders(kind):
    assert "slt_digest" in after(kind)[0].tell


def test_an_auditor_who_cannot_is_sent_to_the_line_manager_early():
    first = S2.ladders["audit.complete"][0]
    assert (first.when, first.offset) == ("before", 5)
    assert "line manager" in first.says
