"""Two people press at the same time: an audit is shared or handed back, and given to one auditor only."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from allocations.exemptions import workflow as exemptions
from allocations.models import Allocation, Exemption
from audit_portal.testing.factories import (
    START,
    ask_exemption,
    load_s1,
    make_audit,
    make_auditor,
    make_cast,
    walk,
)
from audit_portal.testing.liveness import missing_duties
from audits import workflow
from audits.models import Audit
from duties.tests.together import at_once
from people.models import Staff
from people.refusals import Refused
from workflows import InvalidTransition

pytestmark = pytest.mark.django_db(transaction=True)
LATER = START + timedelta(days=3)
ROUNDS = 5


def one_of(*works):
    """Each of the deeds once, all at the same moment; how many were refused."""
    waiting = list(works)

    def work():
        try:
            waiting.pop()()
        except (PermissionDenied, Refused, InvalidTransition):
            return 1
        return 0

    return sum(at_once(len(works), work))


@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_sharing_and_agreeing_at_once_leave_one_of_both(attempt, transactional_db):
    version, cast = load_s1(), make_cast()
    audit = walk(make_audit(cast, version), ["open", "write"], cast)
    row = ask_exemption(audit.allocation, at=LATER)
    refused = one_of(
        lambda: workflow.share(audit=audit, by=Staff.objects.get(pk=cast.auditor.pk), at=LATER),
        lambda: exemptions.decide(exemption=row, agrees=True, note="", at=LATER,
                                  by=Staff.objects.get(pk=cast.assistant_director.pk)),
    )
    audit.refresh_from_db()
    states = (audit.status, audit.allocation.status, Exemption.objects.get().status)
    assert states in [("shared", "allocated", "withdrawn"), ("in_progress", "exempted", "agreed")]
    assert refused == 1
    assert missing_duties() == []


@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_two_of_quality_give_it_away_at_once_and_one_is_refused(attempt, transactional_db):
    version, cast = load_s1(), make_cast()
    audit = walk(make_audit(cast, version), ["exempt"], cast)
    takers = [make_auditor(name, cast.other_team) for name in ("Marcus Bell", "Zoe First")]
    pq = (cast.pq_lead, cast.pq_officer)
    refused = one_of(*(
        lambda by=by, to=to: workflow.reallocate(audit=audit, auditor=to, by=Staff.objects.get(pk=by.pk), at=LATER)
        for by, to in zip(pq, takers, strict=True)))
    assert refused == 1
    assert Allocation.objects.live().count() == 1
    assert Audit.objects.get().participations.filter(capacity="auditor", until_at=None).count() == 1
    assert missing_duties() == []
