"""Nobody audits a case for which they answer."""

import pytest

from allocations.frame import build_frame
from audit_portal.testing.factories import LONG_AGO, MONTH, make_case, plan_round
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
