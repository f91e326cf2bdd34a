"""T-R7: the clock of a worker jumps ahead while tasks run, so that kombu takes their messages for lost.

They are given back and delivered again beside the ones that still run; the portal must take no harm.
"""

import signal

from bench.faults.judge import judge, quiet
from bench.faults.kills import verdict_rows
from bench.faults.machines import wait_until
from bench.faults.portal import Portal
from bench.faults.site import Row, Site, at_least
from bench.faults.workload import Load

NAME = "T-R7 clock of the workers jumps by two hours"
AHEAD = 2 * 3600
REQUESTS, JUMPS = 12, 3
SLOW = 2.5  # seconds for each e-mail: a drain runs long


def run(site: Site) -> list[Row]:
    """Again and again: work piles up, a drain runs, the clock jumps ahead of its message and later back."""
    clock = site.folder / "clock"
    clock.write_text("0")
    council, ledger, sink = site.council(), site.ledger(), site.sink(seconds=SLOW)
    with site.portal(sink, clock=clock) as portal:
        load = Load(council, portal.port, ledger, seed=site.seed)
        for jump in range(1, JUMPS + 1):
            _pile_up(load, portal)
            clock.write_text(str(jump * AHEAD))
            wait_until(lambda jump=jump: _given_back(clock) >= jump, "a message that is given back")
        seconds = quiet()
    return [at_least(f"{NAME}: messages of running tasks given back", _given_back(clock), JUMPS),
            *verdict_rows(NAME, judge(ledger, sink), seconds)]


def _pile_up(load: Load, portal: Portal) -> None:
    """Nobody is woken while people work; then a drain has much to send."""
    portal.beats[0].send(signal.SIGSTOP)
    load.work(REQUESTS)
    portal.beats[0].send(signal.SIGCONT)
    wait_until(lambda: any(portal.witness(each).is_at("duties.tasks.drain") for each in portal.workers), "a drain")


def _given_back(clock) -> int:
    file = clock.with_suffix(".given-back")
    return len(file.read_text().splitlines()) if file.exists() else 0
