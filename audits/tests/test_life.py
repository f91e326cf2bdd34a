"""An audit walks its life through the real verbs; unfinished work always has an open duty."""

import pytest

from audit_portal.testing.factories import PATHS, make_audit_at
from audit_portal.testing.liveness import missing_duties
from audits.models import Audit
from audits.workflow import TRANSITIONS

pytestmark = pytest.mark.django_db


def test_every_status_is_reached_by_a_path():
    passing_through = {Audit.Status.FINALISED}
    assert {*PATHS, *passing_through} == {status.value for status in TRANSITIONS}


@pytest.mark.parametrize("status", sorted(PATHS))
def test_unfinished_work_has_an_open_duty_with_a_living_holder(status, cast, s1):
    audit = make_audit_at(status, cast, s1)
    assert audit.status == status
    assert missing_duties() == []
