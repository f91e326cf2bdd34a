"""A step belongs to its state: sharing, making final and sending back are never taken for one another."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, fill_in, make_audit_at
from audit_portal.testing.liveness import missing_duties
from audits import workflow
from workflows import InvalidTransition

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=8)
OUT_OF_TURN = [
    (workflow.share, "returned"),
    (workflow.finalise, "returned"),
    (workflow.finalise, "in_progress"),
    (workflow.resubmit, "in_progress"),
    (workflow.resubmit, "shared"),
]


@pytest.mark.parametrize(("verb", "status"), OUT_OF_TURN)
def test_a_step_of_another_state_changes_nothing(verb, status, cast, s1):
    audit = make_audit_at(status, cast, s1)
    if status == "in_progress":
        fill_in(audit, START)
    with pytest.raises(InvalidTransition, match="so this step is not open now"):
        verb(audit=audit, by=cast.auditor, at=LATER)
    audit.refresh_from_db()
    assert audit.status == status
    assert missing_duties() == []
