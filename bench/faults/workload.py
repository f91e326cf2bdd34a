"""The seeded workload: people who raise immediate concerns and answer them, through the pages."""

import re
import time
from random import Random
from threading import Event, Thread

from bench.faults.council import Council
from bench.faults.ledger import ACKNOWLEDGED, Ledger
from bench.faults.visitors import Visitor

CONCERN = re.compile(r"^/audits/(?P<number>[^/]+)/concerns/\d+/$")
RAISE, ANSWER = "concern.acknowledge", "concern.confirm"  # the duties that follow
ANSWERED = 0.2  # of what is done
TEXT = "The child may not be safe tonight."


class Load:
    """So many people at once, each with a pause of `pause` seconds on average between two requests."""

    def __init__(self, council: Council, port: int, ledger: Ledger, *, seed: str, people: int = 2, pause: float = 0.6):
        self.ended = Event()
        self.threads = [Person(council, port, ledger, Random(f"load {seed} {n}"), pause, self.ended)
                        for n in range(people)]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *failure) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join(60)

    def work(self, times: int) -> None:
        """So many requests by the first of them, one after the other, in this thread."""
        for _ in range(times):
            self.threads[0].act()


class Person(Thread):
    """P&Q's lead or officer, or the manager of a team: whoever is next to do something."""

    def __init__(self, council: Council, port: int, ledger: Ledger, random: Random, pause: float, ended: Event):
        super().__init__(daemon=True)
        self.council, self.ledger, self.random, self.pause, self.ended = council, ledger, random, pause, ended
        self.port, self.visitors, self.raised = port, {}, []

    def run(self) -> None:
        """Until the end."""
        from django.db import connection

        try:
            while not self.ended.wait(self.random.expovariate(1 / self.pause)):
                self.act()
        finally:
            connection.close()

    def act(self) -> None:
        """Raise a concern; now and then answer one that was raised a while ago."""
        if len(self.raised) > 4 and self.random.random() < ANSWERED:
            self._answer(self.raised.pop(0))
        else:
            self._raise(self.random.choice(list(self.council.managers)))

    def _raise(self, number: str) -> None:
        who, manager = self.random.choice([self.council.lead, self.council.officer]), self.council.managers[number]
        path, began = f"/audits/{number}/concerns/new/", time.monotonic()
        answer = self._visitor(who).try_to_send(path, text=TEXT)
        url = answer.location if CONCERN.match(answer.location) else ""
        must = [{"channel": channel, "to": manager.email, "url": url} for channel in ("email", "inbox")]
        must.append({"duty": RAISE, "to": manager.email, "url": url})
        self._write(who, path, answer, began, must if url else [])
        if url:
            self.raised.append(url)

    def _answer(self, url: str) -> None:
        manager = self.council.managers[CONCERN.match(url)["number"]]
        began, path = time.monotonic(), f"{url}acknowledge/"
        answer = self._visitor(manager).try_to_send(path, page=url)
        must = [{"duty": ANSWER, "to": manager.email, "url": url}]
        self._write(manager, path, answer, began, must, url if answer.status in ACKNOWLEDGED else "")

    def _write(self, who, path: str, answer, began: float, must: list[dict], undoes: str = "") -> None:
        self.ledger.write(who=who.email, asked=f"POST {path}", answer=answer.status, must=must, undoes=undoes,
                          seconds=time.monotonic() - began)

    def _visitor(self, staff) -> Visitor:
        if staff not in self.visitors:
            self.visitors[staff] = Visitor(self.port, staff)
        return self.visitors[staff]
