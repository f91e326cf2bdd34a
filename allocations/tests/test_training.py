"""Who may be given an audit: trained, and still here (S4-34, S3-05)."""

from datetime import date, timedelta

import pytest

from allocations.frame import auditors_on_duty
from allocations.pool import pool_of
from audit_portal.testing.factories import MONTH, START, plan_round
from people.models import Auditor, Staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.req("S4-34")
@pytest.mark.parametrize("trained, expires, why", [
    (None, None, "Not trained yet"), (date(2024, 1, 1), date(2026, 10, 31), "Training has run out"),
    (date(2024, 1, 1), date(2026, 11, 1), None),
])
def test_who_is_not_trained_is_given_no_audit(trained, expires, why, cast, s1):
    Auditor.objects.update(trained_on=trained, training_expires_on=expires)
    pool = pool_of(plan_round(cast, s1, at=START - 30 * DAY))
    assert [place.why for place in pool.left_out] == ([why] if why else [])


@pytest.mark.req("S4-34")
def test_a_programme_may_do_without_training(cast, s1):
    Auditor.objects.update(trained_on=None)
    round = plan_round(cast, s1)
    assert auditors_on_duty(round) == []
    document = s1.policy | {"sampling": s1.policy["sampling"] | {"training_required": False}}
    type(s1).objects.filter(pk=s1.pk).update(policy=document)
    round = type(round).objects.get(pk=round.pk)
    assert [entry.staff for entry in auditors_on_duty(round)] == [cast.auditor]
    assert pool_of(round).left_out == []


@pytest.mark.req("S3-05")
def test_an_external_auditor_is_in_the_pool_until_the_last_day(cast, s1):
    Staff.objects.filter(pk=cast.auditor.pk).update(is_external=True, access_ends_on=date(2026, 10, 31))
    assert Auditor.objects.in_pool(date(2026, 10, 31)).exists()
    assert not Auditor.objects.in_pool(MONTH).exists()
    assert [place.why for place in pool_of(plan_round(cast, s1)).left_out] == ["Left before this month"]
