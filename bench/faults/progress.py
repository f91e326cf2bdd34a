"""How far a run has come, in a file: a run that was broken off goes on from there."""

import json
import os
import time
from pathlib import Path
from typing import Any

Row = dict[str, Any]
FILE = "state.json"


class Progress:
    """What each part has done so far and the rows of those that are finished."""

    def __init__(self, file: Path, *, seed: int, short: bool) -> None:
        self.file, self.facts = file, {"seed": seed, "short": short, "parts": {}}
        self._counted = time.monotonic()

    @classmethod
    def read(cls, file: Path) -> "Progress":
        """That of an earlier run, with its seed."""
        facts = json.loads(file.read_text(encoding="utf-8"))
        found = cls(file, seed=facts["seed"], short=facts["short"])
        found.facts = facts
        return found

    @property
    def seed(self) -> int:
        """Everything that is random comes from it."""
        return self.facts["seed"]

    def save(self) -> None:
        """Write it down; a run that is killed meanwhile leaves the old file whole."""
        fresh = self.file.with_suffix(".new")
        with open(fresh, "w", encoding="utf-8") as text:
            json.dump(self.facts, text, indent=1)
            text.flush()
            os.fsync(text.fileno())
        fresh.replace(self.file)

    def part(self, name: str) -> Row:
        """What is known of a part."""
        return self.facts["parts"].setdefault(name, {"notes": {}, "rows": None, "seconds": 0})

    def begin(self) -> None:
        """From now on time counts for the part that runs."""
        self._counted = time.monotonic()

    def note(self, name: str, **facts: Any) -> None:
        """Write down what a part has done, and the time it took since its last note."""
        now, part = time.monotonic(), self.part(name)
        part["notes"] |= facts
        part["seconds"] += now - self._counted
        self._counted = now
        self.save()

    def finish(self, name: str, rows: list[Row]) -> None:
        """A part is over: it is not run again."""
        self.part(name)["rows"] = rows
        self.note(name)
