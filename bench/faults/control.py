"""THE CONTROL: the same harness on a portal without the row-first write (bench/faults/replaced.py) must find losses."""

import time

from bench.faults.judge import judge
from bench.faults.kills import kill_workers
from bench.faults.machines import Impatient, wait_until
from bench.faults.portal import Portal
from bench.faults.site import Row, Site, at_least, fact
from bench.faults.workload import Load

NAME = "Control"
KILLS, FEW = 10, 1
QUEUES_FOR = 2  # seconds
WAIT, SHORT_WAIT = 150, 3  # seconds; longer than Celery's redelivery takes
NO_REDELIVERY = 10  # seconds
REQUESTS = 60
REFUSES = 0.1  # of the e-mails, with "later"


def run(site: Site) -> list[Row]:
    """A task for each e-mail, under kills and a wipe; in the full form also SMTP at once, to a mail server that says
    "later" now and then, as any does.
    """
    rows = _by_celery(site)
    return rows if site.short else rows + _by_smtp(site)


def _by_celery(site: Site) -> list[Row]:
    council, ledger, sink = site.council(), site.ledger(), site.sink(seconds=0.5)
    with site.portal(sink, control="celery") as portal:
        with Load(council, portal.port, ledger, seed=site.seed, pause=0.2):
            kill_workers(site, portal, site.size(KILLS, FEW))
            _wipe_a_queue(portal)
        _wait(ledger, sink, site.size(WAIT, SHORT_WAIT))
        return _rows("a Celery task for each e-mail", judge(ledger, sink))


def _wipe_a_queue(portal: Portal) -> None:
    """Redis dies with what waits in it while the workers are just being started again."""
    for worker in portal.workers:
        worker.kill()
    time.sleep(QUEUES_FOR)
    portal.valkey.kill()
    wait_until(portal.valkey.alive, "the supervisor")
    portal.wait_for_redis()


def _by_smtp(site: Site) -> list[Row]:
    other = site.part("smtp")
    council, ledger, sink = site.council(), other.ledger(), other.sink(refuses=REFUSES)
    with other.portal(sink, control="direct") as portal:
        Load(council, portal.port, ledger, seed=site.seed).work(REQUESTS)
        time.sleep(NO_REDELIVERY)
        return _rows("SMTP at once", judge(ledger, sink))


def _wait(ledger, sink, patience: float) -> None:
    """Until all is there, or so long that nothing comes any more."""
    try:
        wait_until(lambda: not judge(ledger, sink).unmet, "every e-mail", patience, rest=2)
    except Impatient:
        return


def _rows(how: str, verdict) -> list[Row]:
    return [fact(f"{NAME}, {how}: requests acknowledged", verdict.acknowledged),
            at_least(f"{NAME}, {how}: losses found", len(verdict.unmet), 1)]
