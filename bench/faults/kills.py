"""T-R2: workers are killed (kill -9) at random moments under load; then one quiet wait."""

import time

from bench.faults.judge import BACKLOG_GONE, Verdict, judge, quiet
from bench.faults.machines import Machine, wait_until
from bench.faults.portal import Portal
from bench.faults.site import Row, Site, at_least, at_most, fact
from bench.faults.workload import Load

NAME = "T-R2 worker killed"
KILLS, FEW = 200, 3
WITHIN = 20 * 60
PAUSE, SHORT_PAUSE = (1.5, 5.5), (0.8, 2.0)  # seconds between two kills


def run(site: Site) -> list[Row]:
    """All kills, the wait, the comparison."""
    council, ledger, sink = site.council(), site.ledger(), site.sink(seconds=0.2)
    with site.portal(sink) as portal:
        with Load(council, portal.port, ledger, seed=site.seed, pause=0.3 if site.short else 0.6):
            kill_workers(site, portal, site.share(KILLS, FEW))
        seconds = quiet(hurry=site.short)
    return rows(site, judge(ledger, sink), seconds)


def kill_workers(site: Site, portal: Portal, kills: int) -> None:
    """From the kill at which an earlier run stopped; each is noted with how busy the worker was."""
    for number in range(site.notes.get("kills", 0), kills):
        began = time.monotonic()
        random = site.random(f"kill {number}")
        time.sleep(random.uniform(*(SHORT_PAUSE if site.short else PAUSE)))
        worker = _living(portal, random)
        busy = portal.witness(worker).running(worker.process.pid) > 0
        worker.kill()
        site.note(kills=number + 1, busy=site.notes.get("busy", 0) + busy,
                  seconds=site.notes.get("seconds", 0) + time.monotonic() - began)


def _living(portal: Portal, random) -> Machine:
    """One of those that take messages just now; where none does, the first that does again."""
    def ready() -> list[Machine]:
        return [worker for worker in portal.workers
                if worker.alive() and portal.witness(worker).is_ready(worker.process.pid)]

    wait_until(ready, "a living worker")
    return random.choice(ready() or portal.workers)


def rows(site: Site, verdict: Verdict, seconds: float | None) -> list[Row]:
    """The table."""
    kills = site.notes["kills"]
    return [
        at_least(f"{NAME}: kill -9", kills, site.share(KILLS, FEW)),
        at_most(f"{NAME}: time of all kills", round(site.notes["seconds"]), WITHIN, "s"),
        fact(f"{NAME}: in the middle of a task", site.notes["busy"]),
        *verdict_rows(NAME, verdict, seconds),
        fact(f"{NAME}: repeats for 50 kills", round(50 * verdict.repeats / kills, 2)),
    ]


def verdict_rows(name: str, verdict: Verdict, seconds: float | None) -> list[Row]:
    """What the comparison found, for every part that has one."""
    for problem in (*verdict.lost[:20], *verdict.different[:20]):
        print(f"{name}: {problem}", flush=True)
    return [
        fact(f"{name}: requests acknowledged", verdict.acknowledged),
        at_most(f"{name}: requests failed", verdict.failed, 0),
        fact(f"{name}: slowest page", round(verdict.slowest, 2), "s"),
        fact(f"{name}: e-mails", verdict.messages),
        at_most(f"{name}: lost", len(verdict.lost), 0),
        at_most(f"{name}: told twice differently", len(verdict.different), 0),
        fact(f"{name}: repeats, same Message-ID", verdict.repeats),
        at_most(f"{name}: backlog gone after", BACKLOG_GONE * 9 if seconds is None else round(seconds, 1),
                BACKLOG_GONE, "s"),
    ]
