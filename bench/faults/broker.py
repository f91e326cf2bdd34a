"""T-R3: Redis is killed and wiped, frozen, and its connections are reset, while people work on."""

import time

from bench.faults.judge import judge, quiet
from bench.faults.kills import verdict_rows
from bench.faults.machines import Impatient, frozen, wait_until
from bench.faults.portal import Portal
from bench.faults.site import Row, Site, at_least, at_most, fact
from bench.faults.witness import END
from bench.faults.workload import Load

NAME = "T-R3 Redis"
WIPES, CUTS, FROZEN = 50, 50, 60
FEW_WIPES, FEW_CUTS, SHORTLY = 2, 3, 1
APART, SHORT_APART = 15, 1.5  # seconds between two wipes
CUT_PAUSE, SHORT_CUT_PAUSE = (1.0, 4.0), (0.2, 0.6)
WITHOUT_A_HUMAN = 180


def run(site: Site) -> list[Row]:
    """All faults one after the other, the wait, the comparison."""
    council, ledger, sink = site.council(), site.ledger(), site.sink()
    with site.portal(sink) as portal:
        watch = Watch(site, portal)
        with Load(council, portal.port, ledger, seed=site.seed, pause=0.3 if site.short else 0.8):
            again = damage(site, portal, watch)
        seconds = quiet()
        watch.note()
    return rows(site, judge(ledger, sink), seconds, again)


def damage(site: Site, portal: Portal, watch: "Watch") -> float | None:
    """Killed and wiped, frozen, cut; gives after how many seconds every worker took work again."""
    _wipes(site, portal, watch)
    _freeze(site, portal, watch)
    _cuts(site, portal, watch)
    return consuming_again(portal)


class Watch:
    """Notes with each fault how long a worker was silent and how often one had to be started again."""

    def __init__(self, site: Site, portal: Portal) -> None:
        self.site, self.portal, self.began = site, portal, time.time()
        self.before = site.notes.get("restarts", 0)

    def note(self, **facts: float) -> None:
        """One fault more."""
        self.site.note(**facts, silence=max(self.site.notes.get("silence", 0), silence(self.portal, self.began)),
                       restarts=self.before + sum(worker.restarts for worker in self.portal.workers))


def _wipes(site: Site, portal: Portal, watch: Watch) -> None:
    for number in range(site.notes.get("wipes", 0), site.share(WIPES, FEW_WIPES)):
        began = time.monotonic()
        portal.valkey.kill()
        wait_until(portal.valkey.alive, "the supervisor")
        portal.wait_for_redis()
        portal.wipe_redis()
        _rest(began, site.size(APART, SHORT_APART))
        watch.note(wipes=number + 1)


def _freeze(site: Site, portal: Portal, watch: Watch) -> None:
    if not site.notes.get("frozen"):
        frozen(portal.valkey, site.size(FROZEN, SHORTLY))
        watch.note(frozen=site.size(FROZEN, SHORTLY))


def _cuts(site: Site, portal: Portal, watch: Watch) -> None:
    for number in range(site.notes.get("cuts", 0), site.share(CUTS, FEW_CUTS)):
        time.sleep(site.random(f"cut {number}").uniform(*(SHORT_CUT_PAUSE if site.short else CUT_PAUSE)))
        watch.note(cuts=number + 1, lines=site.notes.get("lines", 0) + portal.proxy.cut())


def _rest(began: float, seconds: float) -> None:
    time.sleep(max(0, began + seconds - time.monotonic()))


def consuming_again(portal: Portal) -> float | None:
    """After how many seconds every worker has done a task again, whoever had to start it; None for never."""
    since = time.time()
    try:
        return wait_until(lambda: all(portal.witness(worker).last_end() > since for worker in portal.workers),
                          "every worker to take work again", WITHOUT_A_HUMAN)
    except Impatient:
        return None


def silence(portal: Portal, since: float) -> float:
    """The longest time in which one of the workers finished nothing."""
    longest = 0.0
    for worker in portal.workers:
        ends = [float(line[2]) for line in portal.witness(worker).lines() if line[0] == END]
        moments = [since, *(end for end in ends if end > since), time.time()]
        longest = max(longest, *(after - before for before, after in zip(moments, moments[1:], strict=False)))
    return round(longest, 1)


def rows(site: Site, verdict, seconds: float | None, again: float | None) -> list[Row]:
    """The table."""
    return [
        at_least(f"{NAME}: killed and wiped", site.notes["wipes"], site.share(WIPES, FEW_WIPES)),
        at_least(f"{NAME}: frozen", site.notes["frozen"], site.size(FROZEN, SHORTLY), "s"),
        at_least(f"{NAME}: connections reset", site.notes["cuts"], site.share(CUTS, FEW_CUTS), "times"),
        fact(f"{NAME}: connections that were open then", site.notes["lines"]),
        *verdict_rows(NAME, verdict, seconds),
        at_most(f"{NAME}: every worker takes work again after", 9 * WITHOUT_A_HUMAN if again is None
                else round(again, 1), WITHOUT_A_HUMAN, "s"),
        at_most(f"{NAME}: longest time in which a worker did nothing", site.notes["silence"], WITHOUT_A_HUMAN, "s"),
        fact(f"{NAME}: workers started again by the supervisor", site.notes["restarts"]),
    ]
