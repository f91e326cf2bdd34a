"""The fault harness in short: each part with few faults, and the control in which it must find losses."""

import pytest

from bench.faults import broker, clocks, control, kills, month
from bench.faults.judge import judge, quiet
from bench.faults.progress import Progress
from bench.faults.site import Site
from bench.faults.workload import Load

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning"),
]


@pytest.fixture
def site(tmp_path):
    """A folder of its own for each part."""
    return lambda name: Site(name, tmp_path / name, Progress(tmp_path / "state.json", seed=7, short=True), short=True)


def missed(rows):
    """The lines of the table that miss their target."""
    for row in rows:
        print(row["name"], row["value"], row["unit"])
    return [row for row in rows if not row["met"]]


@pytest.mark.req("T-R2", "T-R3")
def test_killed_workers_and_a_redis_killed_frozen_and_cut_off_lose_nothing_and_stop_no_page(site):
    """Both parts on the same machines, since these take their time to start."""
    here = site("faults")
    council, ledger, sink = here.council(), here.ledger(), here.sink()
    with here.portal(sink) as portal:
        with Load(council, portal.port, ledger, seed=here.seed, pause=0.3):
            kills.kill_workers(here, portal, kills.FEW)
            watch = broker.Watch(here, portal)
            again = broker.damage(here, portal, watch)
        seconds = quiet(hurry=True)
        watch.note()
    verdict = judge(ledger, sink)
    assert verdict.acknowledged > 10
    assert missed([*kills.rows(here, verdict, seconds), *broker.rows(here, verdict, seconds, again)]) == []


def test_without_the_row_first_write_the_harness_finds_losses(site):
    assert missed(control.run(site("control"))) == []


@pytest.mark.req("T-R6")
def test_three_beats_and_each_message_three_times_are_as_good_as_one(site):
    assert missed(month.run(site("beats"))) == []


@pytest.mark.req("T-R7")
def test_when_the_clocks_change_each_list_and_reminder_comes_once(site):
    assert missed(clocks.run(site("clocks"))) == []
