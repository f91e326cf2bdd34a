"""Nobody audits a case for which they answer."""

import pytest

from allocations.frame import build_frame
from audit_portal.testing.factories import LONG_AGO, MONTH, START, make_auditor, make_case, plan_round
from casefiles.involvements import add_involvement
from people.models import Auditor, Unit

pytestmark = pytest.mark.django_db


@pytest.mark.req("S2-05")
def test_where_team_and_group_have_no_manager_the_next_one_above_may_not_audit(cast, s1):
    for person in (cast.head_of_service, cast.assistant_director):
        Auditor.objects.create(staff=person, joined_on=LONG_AGO, trained_on=LONG_AGO)
    make_case("3071846", cast.team, cast.worker)
    round = plan_round(cast, s1)
    assert cast.head_of_service.reference not in build_frame(round, MONTH).cases[0].forbidden
    Unit.objects.filter(pk__in=[cast.team.pk, cast.group.pk]).update(manager=None)
    forbidden = build_frame(round, MONTH).cases[0].forbidden
    assert cast.head_of_service.reference in forbidden and cast.assistant_director.reference not in forbidden


@pytest.mark.req("S2-05")
def test_who_once_worked_on_a_case_by_what_pq_know_may_not_audit_it(cast, s1):
    past = make_auditor("Past Worker", cast.other_team)
    case_file = make_case("3071846", cast.team, cast.worker)
    round = plan_round(cast, s1)
    assert past.reference not in build_frame(round, MONTH).cases[0].forbidden
    add_involvement(case_file=case_file, staff=past, capacity="worker", from_on=LONG_AGO,
                    until_on=LONG_AGO.replace(year=2025), by=cast.pq_officer, at=START)
    assert build_frame(round, MONTH).cases[0].forbidden == frozenset({past.reference})
