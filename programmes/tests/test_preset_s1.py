"""The S1 preset against the policy it stands for: criteria, domains, timescales, deciders, ladders."""

import pytest

from people.roles import Role
from programmes.preset import FOLDER, read_preset

S1 = read_preset(FOLDER / "s1.yaml")
GRADES = {grade.slug: grade for grade in S1.form.grades}

# What the policy's table asks of each grade: every criterion by words that our own descriptor must hold.
CRITERIA = {
    "outstanding": [
        ("everything that a good case has", "makes a case good is fully there"),
        ("effective work of several agencies", "agencies worked together effectively"),
        ("significantly improved outcomes", "outcomes", "significantly better"),
        ("voice of children and young people", "voices of children, young people"),
        ("voice of the family", "and their family"),
        ("voice clear in the recording", "clearly in the recording"),
        ("active role in the plans", "active part", "plans"),
        ("progress beyond expectation", "beyond what was expected"),
        ("sustained", "lasted over time"),
        ("exemplary", "exemplary"),
        ("best practice for others", "best practice", "other workers"),
    ],
    "good": [
        ("shown by outcomes", "outcomes show"),
        ("several agencies, effective", "agencies that work together effectively"),
        ("help, protection and care", "help, protection and care"),
        ("child or young person", "child or young person"),
        ("looked after children", "looked after"),
        ("care leavers", "care leaver"),
        ("safeguarded and protected", "safeguarded and protected"),
        ("in time", "in good time"),
        ("voice of child and family, clear", "child and family say comes through clearly in the recording"),
        ("reflective supervision, good evidence", "good evidence that supervision is reflective"),
        ("management oversight", "management has oversight"),
    ],
    "requires_improvement_with_good": [
        ("safeguarded and promoted", "safeguarded and promoted"),
        ("minimum requirements", "minimum requirements are in place"),
        ("not fully good outcomes yet", "does not yet fully bring good outcomes"),
        ("for child, young person, family", "child or young person and the family"),
        ("elements of good practice to highlight", "elements of practice are good", "highlighted"),
        ("good if deficits were fewer or lighter", "fewer or less severe deficits the grade would have been good"),
        ("example: voice or lived experience", "voice or lived experience was captured and understood"),
        ("example: direct work or relationship", "direct work", "relationship that was built well"),
        ("example: earlier delay or concerns", "earlier delay or concerns about practice"),
        ("example: improved recently", "improvement, but it is recent"),
        ("example: to be maintained", "maintained for longer"),
        ("be specific", "say specifically which elements"),
        ("so that the worker understands", "allocated worker understands what is working well"),
        ("and what to improve", "what needs to improve"),
    ],
    "requires_improvement": [
        ("safeguarded and promoted", "safeguarded and promoted"),
        ("minimum requirements", "minimum requirements are in place"),
        ("not good yet", "does not yet bring good protection, help and care"),
        ("for child, young person, family", "child or young person and the family"),
        ("limited drift and delay", "limited drift and delay"),
        ("limited voice of child and family", "voice of child and family is present only to a limited extent"),
        ("limited compliance", "compliance with statutory and organisational requirements is limited"),
    ],
    "inadequate": [
        ("not safeguarded or promoted, by outcomes", "outcomes show", "did not safeguard or promote their welfare"),
        ("widespread and serious failures", "widespread and serious failures"),
        ("may be a sign of", "may point to"),
        ("harmed", "bring harm to children", "being harmed"),
        ("at risk of harm", "at risk of harm"),
        ("looked after, care leavers", "looked after children or care leavers is not safeguarded or promoted"),
        ("no voice of children, young people, families", "voices of children, young people and families cannot be"),
        ("many failures to comply", "multiple examples of failing to comply"),
        ("statutory and organisational", "statutory and organisational requirements"),
    ],
}
ROWS = [(slug, row[0], row[1:]) for slug, rows in CRITERIA.items() for row in rows]


@pytest.mark.req("S1-35", "S1-36", "S1-37", "S1-38", "S1-39", "S1-40", "S1-41")
@pytest.mark.parametrize(("slug", "criterion", "words"), ROWS)
def test_a_descriptor_holds_every_criterion_of_the_policy(slug, criterion, words):
    text = " ".join(GRADES[slug].criteria).lower()
    assert all(phrase in text for phrase in words), f"{slug}: {criterion}"


@pytest.mark.req("S1-35")
def test_five_grades_best_first():
    assert [grade.label for grade in S1.form.grades] == [
        "Outstanding",
        "Good",
        "Requires improvement with elements of good practice",
        "Requires improvement",
        "Inadequate",
    ]
    assert [grade.colour for grade in S1.form.grades] == ["green", "teal", "yellow", "orange", "red"]


def test_grades_report_to_the_four_groups_of_ofsted():
    groups = [grade.ofsted_group for grade in S1.form.grades]
    assert groups == ["outstanding", "good", "requires_improvement", "requires_improvement", "inadequate"]
    assert [slug for slug, grade in GRADES.items() if grade.good_or_better] == ["outstanding", "good"]
    assert [slug for slug, grade in GRADES.items() if grade.inadequate] == ["inadequate"]


@pytest.mark.req("S1-39")
def test_only_the_grade_with_good_elements_asks_for_them():
    assert [slug for slug, grade in GRADES.items() if grade.needs_good_elements] == ["requires_improvement_with_good"]


@pytest.mark.req("S1-33")
def test_nine_domains_with_prompts_labelled_as_a_default_set():
    assert [domain.source_statement for domain in S1.form.domains] == list(range(1, 10))
    assert all(len(domain.prompts) >= 3 for domain in S1.form.domains)
    assert S1.form.domain_set.label == "Default domain set"


@pytest.mark.req("S1-32", "S1-33")
def test_judgements_are_met_partially_met_not_met_and_not_applicable():
    assert [(row.label, row.judges) for row in S1.form.judgements] == [
        ("Met", True), ("Partially met", True), ("Not met", True), ("Not applicable", False),
    ]  # fmt: skip
    assert all(row.hint for row in S1.form.judgements)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("complete_by", "last_calendar_day"),
        ("exemption_working_days", 2),
        ("first_contact_working_days", 5),
        ("escalation_prompt_working_days", 2),
        ("escalation_resolve_working_days", 3),
        ("prepare_working_days_before", None),
        ("challenge_window_working_days", 5),
        ("quality_check_working_days", 5),
        ("return_working_days", 3),
        ("reshare_working_days", 2),
        ("supervision_discussion_days", 30),
        ("confirmation_working_days", 3),
        ("part_b_inadequate_working_days", 5),
        ("reopen_working_days", 10),
        ("reflection_meeting_working_days", 5),
        ("review_days", 28),
        ("re_audit_months", 2),
        ("head_of_service_meeting_working_days", 5),
    ],
)
def test_timescales(name, expected):
    assert getattr(S1.policy.timescales, name) == expected


def test_an_unanswered_concern_climbs_after_one_two_and_four_hours():
    hours = S1.policy.timescales.concern_hours
    assert (hours.group_manager, hours.head_of_service, hours.assistant_director) == (1, 2, 4)


def test_the_auditors_service_decides_who_exempts():
    routes = S1.policy.roles.exempt
    assert (routes.social_care, routes.quality) == ((Role.ASSISTANT_DIRECTOR,), (Role.STRATEGIC_LEAD,))


def test_sampling():
    sampling = S1.policy.sampling
    assert (sampling.audits_per_auditor, sampling.yearly_cap, sampling.breaks_per_year) == (1, 10, 2)
    assert (sampling.break_percent, sampling.not_audited_within_months, sampling.year_starts_month) == (20, 12, 4)


@pytest.mark.req("S1-30")
def test_an_audit_looks_back_six_months():
    assert S1.policy.audited_period.model_dump() == {"months": 6, "since_latest_referral": False}


def test_other_deciders_and_readers():
    roles = S1.policy.roles
    assert set(roles.allocate) == {Role.QA_OFFICER, Role.QA_LEAD}
    assert set(roles.cancel) == {Role.ASSISTANT_DIRECTOR, Role.STRATEGIC_LEAD}
    assert set(roles.moderate) == {
        Role.GROUP_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR,
    }  # fmt: skip
    assert set(S1.policy.sharing.readers) == {Role.WORKER, Role.TEAM_MANAGER, Role.IRO}


KINDS = [
    "audit.complete", "audit.respond", "audit.finalise", "audit.check", "audit.amend", "round.publish",
    "audit.substitute",
    "followup.supervision", "followup.action", "followup.confirm", "challenge.settle",
    "concern.acknowledge", "concern.confirm", "audit.reallocate", "exemption.support", "exemption.decide",
    "audit.contact", "contact.escalate", "contact.resolve",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_duty_has_a_ladder(kind):
    assert S1.ladders[kind]


@pytest.mark.parametrize("kind", S1.ladders)
def test_later_rungs_also_tell_everyone_told_before(kind):
    """After an outage only the newest rung is told, so it must leave nobody out."""
    told: set[str] = set()
    for rung in S1.ladders[kind]:
        if rung.when != "before":
            assert told <= set(rung.tell), rung.name
            told |= set(rung.tell)


@pytest.mark.parametrize("kind", S1.ladders)
def test_rungs_stand_in_the_order_in_which_they_come(kind):
    hours = {"hours": 1, "working_days": 24, "calendar_days": 24}
    sign = {"before": -1, "on": 0, "after": 1}
    moments = [rung.offset * hours[rung.unit] * sign[rung.when] for rung in S1.ladders[kind]]
    assert moments == sorted(set(moments))


@pytest.mark.req("S1-21")
def test_without_contact_the_people_of_the_case_are_told_before_performance_and_quality():
    after = [rung.tell for rung in S1.ladders["audit.contact"] if rung.when == "after"]
    assert after[0] == ("holder", "people_of_case")
    assert "pq" in after[1]


@pytest.mark.req("S1-62", "S1-63", "S1-67")
@pytest.mark.parametrize("kind", ["followup.confirm", "audit.complete"])
def test_what_is_owed_without_end_is_told_every_week_to_everyone_of_the_line(kind):
    last = S1.ladders[kind][-1]
    assert (last.repeat, last.unit) == (5, "working_days")
    assert set(last.tell) == {who for rung in S1.ladders[kind] for who in rung.tell}


@pytest.mark.req("S1-27")
def test_an_unanswered_concern_is_told_again_every_two_hours():
    last = S1.ladders["concern.acknowledge"][-1]
    assert (last.repeat, last.unit) == (2, "hours")


@pytest.mark.req("S1-62", "S1-63")
@pytest.mark.parametrize(
    ("kind", "rungs"),
    [
        ("audit.complete", ["not completed", "still owed", "owed for long"]),
        ("followup.confirm", ["late for long"]),
        ("followup.reaudit", ["late", "still late"]),
        ("concern.acknowledge", ["two hours", "four hours"]),
        ("concern.confirm", ["one day late", "two days late"]),
    ],
)
def test_these_rungs_are_counted_for_senior_leaders(kind, rungs):
    assert [rung.name for rung in S1.ladders[kind] if "slt_digest" in rung.tell] == rungs


@pytest.mark.req("S1-48")
def test_the_line_manager_hears_of_an_amendment_that_is_late():
    assert "line_manager" in next(rung for rung in S1.ladders["audit.amend"] if rung.when == "after").tell


def test_auditors_are_reminded_two_weeks_ahead():
    first = S1.ladders["audit.complete"][0]
    assert (first.when, first.offset, first.tell) == ("before", 10, ("holder",))


def test_ladders_become_plain_rows():
    rows = S1.ladder_rows()["audit.check"]
    assert rows[0] == {
        "name": "one day left", "offset": 1, "unit": "working_days", "when": "before", "tell": ["holder"],
    }  # fmt: skip
