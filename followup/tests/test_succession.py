"""Another manager of the case: what is open of Part B is theirs, what was done stays (B12)."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, make_audit_at
from casefiles.corrections import correct
from duties.models import Duty
from followup import workflow

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=8)


def test_part_b_with_its_actions_goes_to_the_new_manager(cast, s1):
    audit = make_audit_at("with_team_manager", cast, s1)
    correct(case_file=audit.case_file, fact="manager", staff=cast.other_manager, by=cast.pq_lead, at=LATER)
    open_now = Duty.objects.open().filter(audit_number=audit.number).exclude(kind="audit.file")
    assert {duty.kind for duty in open_now} == {"followup.supervision", "followup.action"}
    assert {duty.holder for duty in open_now} == {cast.other_manager}
    assert cast.other_manager.notices.filter(channel="inbox").count() == 1
    audit.part_b.refresh_from_db()
    done = {"by": cast.other_manager, "at": LATER}
    workflow.confirm_action(action=audit.part_b.actions.get(), done_on=LATER.date(), evidence="Plan", **done)
    workflow.record_supervision(part_b=audit.part_b, on=LATER.date(), discussion="Read together", **done)
    assert workflow.return_part_b(part_b=audit.part_b, **done).status == "closed"


def test_a_part_b_that_was_returned_stays_with_whoever_returned_it(cast, s1):
    audit = make_audit_at("closed", cast, s1)
    correct(case_file=audit.case_file, fact="manager", staff=cast.other_manager, by=cast.pq_lead, at=LATER)
    audit.part_b.refresh_from_db()
    assert audit.part_b.manager == cast.team_manager and not cast.other_manager.notices.exists()
