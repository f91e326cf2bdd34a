"""A draw in words: references become names, digests become short."""

import pytest

from allocations import drawn, workflow
from allocations.frame import build_frame, frame_counts
from audit_portal.testing.factories import START, make_auditor, make_case, plan_round, publish_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(cast, s1):
    make_auditor("Anil Kapoor", cast.quality)
    make_case("3070001", cast.team, category="in_care")
    round = plan_round(cast, s1)
    return workflow.freeze_frame(round=round, by=cast.pq_lead, at=START)


@pytest.mark.parametrize(("reason", "said"), [
    ("Taking it would leave auditor anil.kapoor without a case.", "Taking it would leave Anil Kapoor without a case."),
    ("Taking it would leave auditors anil.kapoor and grace.adeyemi with only 1 of the 2 cases.",
     "Taking it would leave Anil Kapoor and Grace Adeyemi with only 1 of the 2 cases."),
    ("Taking it would leave stratum in_care one case short: auditor anil.kapoor has no other place.",
     "Taking it would leave Child in care one case short: Anil Kapoor has no other place."),
    ("These 2 auditors together have no possible case, and the list needs 2 from them: anil.kapoor and grace.adeyemi.",
     "These 2 auditors together have no possible case, and the list needs 2 from them: Anil Kapoor and Grace Adeyemi."),
    ("Auditor grace.adeyemi has no possible case within the quotas, and the list needs 1 from them.",
     "Grace Adeyemi has no possible case within the quotas, and the list needs 1 from them."),
    ("No auditor in this draw may have it.", "No auditor in this draw may have it."),
])
def test_reasons_name_people_and_categories(reason, said, frozen):
    assert drawn.speaker(frozen)(reason) == said


def test_a_digest_is_shown_short():
    assert drawn.short("9f2c41d07be8" + "0" * 48 + "03aa") == "9f2c 41d0 7be8 … 03aa"


def test_counting_the_frame_agrees_with_building_it(cast, s1):
    make_case("3070001", cast.team)
    publish_round(cast, s1)
    for number, category in enumerate(["in_care", "in_care", "in_need"]):
        make_case(f"308000{number}", cast.team, category=category)
    make_case("3090001", cast.team, is_restricted=True)
    make_case("3090002", None)
    make_case("3090003", None, is_restricted=True)
    make_case("3090004", cast.team, closed_on=START.date())
    later = plan_round(cast, s1, month=START.date().replace(month=12, day=1))
    built = build_frame(later, START.date())
    strata, reasons = frame_counts(later)
    assert strata == built.counts() == {"in_care": 2, "in_need": 1}
    assert reasons == {"Restricted": 1, "No team known": 2, "Audited in the last twelve months": 1}
    assert sum(reasons.values()) == len(built.exclusions)
