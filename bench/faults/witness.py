"""What a worker does, written into a file by the worker itself (`celery worker -I bench.faults.witness`).

Only signals of Celery are heard; the work itself is as it is.
"""

import os
import time
from pathlib import Path

from celery.signals import task_postrun, task_prerun, worker_ready

READY, BEGIN, END = "ready", "begin", "end"
HEARTBEAT = "duties.tasks.heartbeat"


def write(what: str, task: str = "") -> None:
    """One line: what, which process (the worker itself, not its child), when, which task."""
    if file := os.environ.get("FAULTS_WITNESS"):
        worker = os.getpid() if what == READY else os.getppid()
        with open(file, "a", encoding="ascii") as lines:
            lines.write(f"{what} {worker} {time.time():.3f} {task}\n")


@worker_ready.connect
def _ready(**ignored) -> None:
    write(READY)


@task_prerun.connect
def _begin(task, **ignored) -> None:
    write(BEGIN, task.name)


@task_postrun.connect
def _end(task, **ignored) -> None:
    write(END, task.name)


class Witness:
    """Reads what a worker wrote."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.file = folder / "run" / f"{worker}.witness"

    def lines(self) -> list[list[str]]:
        """Every whole line, split."""
        text = self.file.read_text() if self.file.exists() else ""
        return [line.split(" ") for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def is_ready(self, pid: int) -> bool:
        """Whether this process of the worker takes messages."""
        return any(line[:2] == [READY, str(pid)] for line in self.lines())

    def running(self, pid: int) -> int:
        """How many tasks this process has begun and not ended."""
        mine = [line[0] for line in self.lines() if line[1] == str(pid)]
        return mine.count(BEGIN) - mine.count(END)

    def is_at(self, task: str) -> bool:
        """Whether this task is being done."""
        return self.count(BEGIN, task) > self.count(END, task)

    def last_end(self) -> float:
        """When a task ended last, in seconds of the clock; 0 for never."""
        return max((float(line[2]) for line in self.lines() if line[0] == END), default=0)

    def count(self, what: str, task: str) -> int:
        """How often a task began or ended here."""
        return sum(line[0] == what and line[3].strip() == task for line in self.lines())
