"""The invented councils of a size: as large as they say, by the rules, the same each time, and ready for a draw."""

from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from allocations import workflow
from allocations.breaks.rules import allows
from allocations.models import Allocation, Break
from audit_portal.scale.council import make_scale
from audit_portal.scale.sizes import COUNTY, NATIONAL, Size
from audit_portal.testing.factories import START
from audits.models import Audit
from casefiles.models import CaseFile
from people.models import Auditor, Staff

pytestmark = pytest.mark.django_db
SMALL = Size(services=1, auditors=80, cases=400, audits=120, months=3)
TODAY = date(2026, 11, 21)


def test_a_county_and_ten_times_that():
    assert (COUNTY.auditors, COUNTY.cases, COUNTY.audits, COUNTY.months) == (500, 10_000, 20_000, 60)
    assert (NATIONAL.auditors, NATIONAL.cases, NATIONAL.audits) == (5_000, 100_000, 200_000)


def test_it_is_as_large_as_it_says(s1):
    make_scale(SMALL, TODAY)
    assert Auditor.objects.count() == SMALL.auditors
    assert CaseFile.objects.open().count() == SMALL.cases
    assert Counter(Audit.objects.values_list("month", flat=True)) == {date(2026, n, 1): 40 for n in (9, 10, 11)}
    assert Audit.objects.final().count() == 80 and Staff.objects.working().filter(is_demo=False).count() == 0


@pytest.mark.req("S1-03", "S1-07")
def test_it_keeps_the_rules(s1):
    make_scale(SMALL, TODAY)
    given = Counter(Allocation.objects.values_list("auditor", flat=True))
    assert max(given.values()) <= 10
    breaks = Counter(Break.objects.values_list("month", flat=True))
    assert breaks and all(allows(granted, SMALL.auditors) for granted in breaks.values())


def test_it_is_the_same_each_time(s1):
    def facts():
        return [list(model.objects.order_by(*order).values_list(*order)) for model, order in (
            (CaseFile, ("reference", "category", "worker__reference", "sibling_group")),
            (Audit, ("number", "case_file__reference", "auditor__reference", "grade__slug")))]

    with transaction.atomic():
        make_scale(SMALL, TODAY, contents=False)
        first = facts()
        transaction.set_rollback(True)
    assert first != facts() == [[], []]
    make_scale(SMALL, TODAY, contents=False)
    assert facts() == first


def test_a_list_can_be_drawn_from_it(s1):
    make_scale(SMALL, TODAY)
    lead = Staff.objects.get(reference="demo-pq-lead")
    round = workflow.plan_round(version=s1, month=date(2026, 12, 1), by=lead, at=START)
    workflow.freeze_frame(round=round, by=lead, at=START)
    drawn = workflow.draw_round(round=round, by=lead, at=START)
    assert round.allocations.count() == sum(drawn.quotas.values()) > 60


def test_it_goes_into_an_empty_installation_only(cast, s1):
    with pytest.raises(CommandError, match="empty installation"):
        call_command("seed_scale", "county")
