"""The last places of a month, asked for by twenty at once on a live server while others leave the pool (T-R8)."""

import pytest
from django.db import connection

from allocations.break_models import Break, BreakMonth
from allocations.breaks import workflow
from allocations.tests.break_pools import make_pool
from audit_portal.testing.factories import load_s1, make_cast
from audit_portal.testing.races import GRANTED, LEFT, POOL, WAITS, Race, judge
from people import turns

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture
def race(transactional_db, live_server):
    load_s1()
    cast = make_cast()
    pool = [person for person in make_pool(POOL) if person != cast.auditor]
    return Race.at(live_server.url, cast.pq_lead, [cast.auditor, *pool])


@pytest.fixture
def without_locks(transactional_db, monkeypatch):
    """As if nobody waited for anybody, and the database did not count again at commit either."""
    monkeypatch.setattr(workflow, "lock_month", lambda month: BreakMonth.objects.get_or_create(month=month)[0])
    monkeypatch.setattr(turns, "_ask", lambda lock: None)
    table = connection.ops.quote_name(Break._meta.db_table)
    connection.cursor().execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    connection.cursor().execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.req("S1-07", "S1-08", "A5", "A7", "B7", "T-R8")
def test_no_grant_beyond_the_limit_and_no_free_place_refused(race):
    for _ in range(ROUNDS):
        assert race.round().problems == []


def test_without_the_locks_the_same_race_goes_wrong(race, without_locks):
    assert any(race.round().problems for _ in range(2 * ROUNDS))


@pytest.mark.parametrize(("story", "problems"), [
    ([GRANTED, WAITS, LEFT], []), ([LEFT, WAITS], []), ([LEFT, GRANTED], ["6 granted with 29 in the pool"]),
    ([GRANTED, GRANTED], ["7 granted with 30 in the pool"]),
    ([WAITS, GRANTED], ["made to wait with 5 granted and 30 in the pool"]),
])
def test_a_story_is_judged(story, problems):
    assert judge(story, 30, 5) == problems
