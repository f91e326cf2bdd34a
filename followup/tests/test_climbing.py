"""Part B where nobody of the line is left: whoever its duties came to completes it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START, make_audit_at
from duties.workflow import staff_left
from followup import workflow
from people.models import Unit

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=8)


def test_part_b_without_any_manager_is_completed_by_whom_it_came_to(cast, s1):
    part_b = make_audit_at("with_team_manager", cast, s1).part_b
    Unit.objects.exclude(pk=cast.team.pk).update(manager=None)
    staff_left(staff=cast.team_manager, by=cast.pq_lead, at=LATER)
    done = {"part_b": part_b, "by": cast.pq_lead, "at": LATER}
    workflow.confirm_action(
        action=part_b.actions.get(), done_on=LATER.date(), evidence="Plan", by=cast.pq_lead, at=LATER
    )
    workflow.record_supervision(on=LATER.date(), discussion="We read it together", **done)
    assert workflow.return_part_b(**done).status == "closed"


def test_part_b_stays_with_the_line_while_there_is_one(cast, s1):
    part_b = make_audit_at("with_team_manager", cast, s1).part_b
    with pytest.raises(PermissionDenied):
        workflow.record_supervision(part_b=part_b, on=LATER.date(), discussion="x", by=cast.pq_lead, at=LATER)
