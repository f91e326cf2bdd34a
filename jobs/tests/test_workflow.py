"""A job is taken up again when its worker died, but not for ever."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START
from jobs.models import Job
from jobs.workflow import LEASE, MOST_ATTEMPTS, ask, claim

pytestmark = pytest.mark.django_db
A_MOMENT = timedelta(seconds=1)


def test_a_job_whose_worker_dies_each_time_fails_and_lets_the_next_one_run(cast):
    broken = ask(kind="x", title="Breaks its worker", arguments={}, by=cast.pq_lead, at=START)
    behind = ask(kind="x", title="Waits behind it", arguments={}, by=cast.pq_lead, at=START + A_MOMENT)
    now = START + A_MOMENT
    for _ in range(MOST_ATTEMPTS):
        assert claim(now) == broken
        now += LEASE + A_MOMENT
    assert claim(now) == behind
    broken.refresh_from_db()
    assert broken.state == Job.State.FAILED and broken.finished_at == now
    assert "Something went wrong on our side" in broken.message


def test_a_job_is_claimed_by_one_worker_while_its_lease_lasts(cast):
    job = ask(kind="x", title="Long", arguments={}, by=cast.pq_lead, at=START)
    assert claim(START) == job
    assert claim(START + LEASE) is None
    assert claim(START + LEASE + A_MOMENT) == job
