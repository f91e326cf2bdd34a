"""What comes to P&Q's board from elsewhere."""

import pytest
from django.utils import timezone

from audit_portal.testing.factories import make_audit_at
from casefiles.leaving import hand_over as leave
from duties import outstanding
from duties.models import Duty
from people.models import Staff

pytestmark = pytest.mark.django_db


def test_a_leaver_leaves_what_they_had_on_the_board_of_quality(cast, s1):
    part_b = make_audit_at("with_team_manager", cast, s1)
    for manager in (cast.team_manager, cast.group_manager, cast.head_of_service, cast.assistant_director):
        leave(staff=manager, on=timezone.now().date(), by=cast.pq_lead, at=timezone.now())
    left = Duty.objects.open().filter(audit_number=part_b.number).exclude(kind="audit.file")  # theirs from the first
    assert set(left.values_list("holder", "is_unowned")) == {(cast.pq_lead.pk, True)}
    assert outstanding.unowned(Duty.objects.open()) == left.count()
    assert not Staff.objects.filter(pk__in=left.values("holder"), is_active=False).exists()

