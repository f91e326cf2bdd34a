"""The ledger: every request and its answer, on the disk before the next one is asked."""

from pathlib import Path
from threading import Lock
from typing import Any

from bench.faults.lines import append, whole_lines

ACKNOWLEDGED = frozenset({200, 302})
Line = dict[str, Any]


class Ledger:
    """A file with one line for each request: what was asked, by whom, the answer, and what must follow."""

    def __init__(self, file: Path) -> None:
        self.file, self._lock = file, Lock()
        self.lines: list[Line] = whole_lines(file)

    def write(self, *, who: str, asked: str, answer: int, seconds: float, must: list[Line], undoes: str = "") -> None:
        """One line. `must` are the notices and duties that follow; `undoes` is the address of what is settled now."""
        line = {"who": who, "asked": asked, "answer": answer, "seconds": round(seconds, 3), "must": must,
                "undoes": undoes}
        with self._lock:
            append(self.file, line)
            self.lines.append(line)

    def acknowledged(self) -> list[Line]:
        """What was answered as done."""
        return [line for line in self.lines if line["answer"] in ACKNOWLEDGED]

    def failed(self) -> list[Line]:
        """What was answered by an error of the server, or not at all."""
        return [line for line in self.lines if line["answer"] == 0 or line["answer"] >= 500]

    def must(self) -> list[Line]:
        """Everything that has to follow from what was answered as done."""
        return [demand for line in self.acknowledged() for demand in line["must"]]

    def undone(self) -> set[str]:
        """The addresses of what was settled later: mail about it that was not sent yet may be cancelled."""
        return {line["undoes"] for line in self.lines if line["undoes"]}

    def slowest(self) -> float:
        """The longest that anybody waited for a page."""
        return max((line["seconds"] for line in self.lines), default=0)
