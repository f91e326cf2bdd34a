"""The fault harness in short: each part with few faults, and the control in which it must find losses."""

from pathlib import Path

import pytest

from bench.faults import kills
from bench.faults.progress import Progress
from bench.faults.site import Site

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
    return [row for row in rows if not row["met"]]


def test_killed_workers_lose_nothing(site):
    rows = kills.run(site("kills"))
    for row in rows: print(row["name"], row["value"])
    import subprocess
    subprocess.run("cp -r %s /tmp/h/dbg-kills" % site("kills").folder, shell=True)
    assert missed(rows) == []
