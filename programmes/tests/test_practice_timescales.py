"""The timescales of practice in the S2 preset against section 6 of the guide (S2-53 to S2-79)."""

import pytest

from programmes.asks import Asks
from programmes.preset import FOLDER, read_preset

S2 = read_preset(FOLDER / "s2.yaml").form.asks
BY_RULE = {row.rule: row for row in S2.practice_timescales}
# By rule: for which category, of a child with disabilities (None: of every child), and what it has to say.
ASKED = {
    "S2-53": ("in_need", False, "three weeks", "team manager"),
    "S2-54": ("in_need", False, "three months", "team manager"),
    "S2-55": ("in_need", None, "10 working days", "plan is needed"),
    "S2-56": ("in_need", None, "2 working days", "written up"),
    "S2-57": ("in_need", True, "12 weeks", "visits"),
    "S2-58": ("in_need", True, "4 to 6 months", "meeting"),
    "S2-59": ("in_need", True, "6 months", "plan"),
    "S2-60": ("protection", None, "15 working days", "strategy discussion"),
    "S2-61": ("protection", None, "10 weeks", "birth", "late presentations"),
    "S2-62": ("protection", None, "3 months", "6 months", "review conference"),
    "S2-63": ("protection", None, "15 days", "transfer-in"),
    "S2-64": ("protection", None, "10 days of the conference", "10 days of the birth"),
    "S2-65": ("protection", None, "2 working days", "5 before a review"),
    "S2-66": ("protection", None, "1 working day", "letter", "outline plan"),
    "S2-67": ("protection", None, "20 working days", "minutes"),
    "S2-68": ("protection", None, "4 weeks", "visits"),
    "S2-69": ("in_care", None, "5 working days", "virtual school", "health"),
    "S2-70": ("in_care", None, "20 working days", "first review"),
    "S2-71": ("in_care", None, "91 days", "second review"),
    "S2-72": ("in_care", None, "6 months", "later reviews"),
    "S2-73": ("in_care", None, "10 working days", "the child too"),
    "S2-74": ("in_care", None, "3 working days", "5 before later ones"),
    "S2-75": ("in_care", None, "15 working days", "minutes"),
    "S2-76": ("in_care", None, "day of placement", "within a week", "6 weeks", "3 months", "18"),
    "S2-77": ("in_care", None, "3 months", "eligible", "16th birthday"),
    "S2-78": ("care_leaver", None, "8 weeks", "18 to 21", "pathway plan"),
    "S2-79": ("care_leaver", None, "6 months", "pathway plan"),
}


@pytest.mark.req(
    "S2-53", "S2-54", "S2-55", "S2-56", "S2-57", "S2-58", "S2-59", "S2-60", "S2-61", "S2-62", "S2-63", "S2-64",
    "S2-65", "S2-66", "S2-67", "S2-68", "S2-69", "S2-70", "S2-71", "S2-72", "S2-73", "S2-74", "S2-75", "S2-76",
    "S2-77", "S2-78", "S2-79",
)
@pytest.mark.parametrize("rule", ASKED)
def test_a_timescale_says_what_the_guide_says_for_the_case_that_it_names(rule):
    category, disability, *words = ASKED[rule]
    row = BY_RULE[rule]
    assert category in row.categories and row.disability is disability
    assert all(word in row.expected.lower() for word in words), row.expected


def test_there_is_one_for_each_rule_and_none_beside():
    assert sorted(BY_RULE) == sorted(ASKED) and len(S2.practice_timescales) == len(ASKED)


@pytest.mark.parametrize(("category", "disability", "first", "count"), [
    ("in_need", False, "S2-53", 4), ("in_need", None, "S2-53", 4), ("in_need", True, "S2-55", 5),
    ("protection", None, "S2-60", 9), ("in_care", None, "S2-69", 10), ("care_leaver", None, "S2-77", 3),
    ("contact", None, None, 0),
])
def test_a_case_has_those_of_its_kind(category, disability, first, count):
    rows = S2.timescales_for(category, disability)
    assert len(rows) == count and (rows[0].rule if rows else None) == first


@pytest.mark.parametrize("slug", ["s1", "s4"])
def test_they_do_not_appear_under_another_programme(slug):
    assert read_preset(FOLDER / f"{slug}.yaml").form.asks.practice_timescales == ()
    assert Asks().timescales_for("in_need", None) == []
