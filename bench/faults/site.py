"""Where a part of the harness does its work: its folder, its chance, its notes, the council and the machines."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bench.faults.council import Council, council, found_council
from bench.faults.ledger import Ledger
from bench.faults.portal import Portal
from bench.faults.progress import Progress
from bench.faults.sink import Sink

Row = dict[str, Any]
TEAMS = 12


@dataclass
class Site:
    """One part's. In the short form its numbers are small and leases are over at once."""

    name: str
    folder: Path
    progress: Progress
    short: bool = False
    _council: Council | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def seed(self) -> str:
        """The seed of everything random in this part."""
        return f"{self.progress.seed} {self.name}"

    @property
    def notes(self) -> dict[str, Any]:
        """What this part has done so far."""
        return self.progress.part(self.name)["notes"]

    def note(self, **facts: Any) -> None:
        """Write it down, for a run that goes on from here."""
        self.progress.note(self.name, **facts)

    def random(self, what: object) -> Random:
        """Chance that is the same in each run of this seed, also one that goes on."""
        return Random(f"{self.seed} {what}")

    def part(self, name: str) -> "Site":
        """For a part within this one that is done in one go: its folder is empty."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return Site(f"{self.name} {name}", self.folder / name, self.progress, self.short)

    def size(self, full: int, short: int) -> int:
        """The number for this form."""
        return short if self.short else full

    def share(self, full: int, short: int) -> int:
        """How many faults: fewer where only so many percent of them are asked for."""
        return short if self.short else max(1, full * self.progress.facts.get("percent", 100) // 100)

    def council(self, teams: int = TEAMS) -> Council:
        """This month's audits are out; an earlier run may have seen to that."""
        from django.utils import timezone

        from calendars.rules import today_in_london
        from people.models import Staff

        if Staff.objects.filter(reference="manager.0").exists():
            return council()
        return found_council(teams, month=today_in_london().replace(day=1), at=timezone.now(), seed=self.seed)

    def ledger(self) -> Ledger:
        """That of this part."""
        return Ledger(self.folder / "ledger.jsonl")

    def sink(self, seconds: float = 0.1, refuses: float = 0) -> Sink:
        """The mail server of this part, with what it took in an earlier run."""
        return Sink(seconds, file=self.folder / "mail.jsonl", refuses=refuses, seed=self.seed)

    @contextmanager
    def portal(self, sink: Sink, **options: Any) -> Iterator[Portal]:
        """The machines, running and looked after; nothing of them is left behind."""
        portal = Portal(self.folder, sink, **options)
        try:
            portal.start()
            yield portal
        finally:
            portal.stop()


def fact(name: str, value: float, unit: str = "") -> Row:
    """A figure without a target."""
    return {"name": name, "value": value, "unit": unit, "target": None, "met": True}


def at_most(name: str, value: float, target: float, unit: str = "") -> Row:
    """A figure that may not be above its target."""
    return {"name": name, "value": value, "unit": unit, "target": target, "met": value <= target}


def at_least(name: str, value: float, target: float, unit: str = "") -> Row:
    """A figure that may not be below its target."""
    return {"name": name, "value": value, "unit": unit, "target": target, "met": value >= target}
