"""Who covers for somebody away gets the notices too, for what they may know of."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, make_audit
from duties.models import Duty, Notice
from duties.workflow import hand_on_all
from people.workflow import add_absence

pytestmark = pytest.mark.django_db
TODAY = START.date()


def away(staff, cover):
    add_absence(staff=staff, starts_on=TODAY, ends_on=TODAY + timedelta(days=4), cover=cover, by=staff, at=START)


def test_who_covers_is_told_of_new_duties_that_they_may_know_of(cast, s1):
    audit = make_audit(cast, s1)
    away(cast.team_manager, cast.group_manager)
    duty = Duty.objects.open().of(audit, "audit.complete").get()
    for owner in (cast.team_manager, cast.auditor):
        hand_on_all(Duty.objects.filter(pk=duty.pk), owner=owner, at=START)
    duty.refresh_from_db()
    told = set(Notice.objects.filter(duty=duty, duty_revision=2).values_list("recipient", flat=True))
    assert told == {cast.team_manager.pk, cast.group_manager.pk}
    away(cast.auditor, cast.other_worker)
    hand_on_all(Duty.objects.filter(pk=duty.pk), owner=cast.auditor, at=START)
    assert not Notice.objects.filter(duty=duty, recipient=cast.other_worker).exists()  # may not know of this audit
