"""Past audits are real rows: rules and figures hold for them, and they ask nobody for anything but what is open."""

import pytest

from audit_portal.testing.liveness import missing_duties
from followup.tests.past import TEAM, taken_over

pytestmark = pytest.mark.django_db


def test_first(cast):
    audits = taken_over(cast, f"3071846,2026-05,{TEAM},Good,Grace Adeyemi,0,0", f"3071847,May 2026,{TEAM},Inadequate,,2,0")
    assert [audit.number for audit in audits] == ["A-2026-05-0001", "A-2026-05-0002"]
    assert missing_duties() == []
