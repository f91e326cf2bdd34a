"""The portal's processes: they die when they are killed and are started again, as a service manager does it."""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from launcher.folders import PORTAL
from launcher.ports import HOST
from launcher.processes import Child, kill_group

PATIENCE = 30
STARTS_AGAIN_AFTER = 0.5  # seconds, as RestartSec of a service with Restart=always


class Impatient(AssertionError):
    """What was waited for did not come."""


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


def wait_until(true: Callable[[], object], what: str, patience: float = PATIENCE, rest: float = 0.05) -> float:
    """Waits; gives the seconds that it took, and fails with a sentence where it takes too long."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > patience:
            raise Impatient(f"Waited {patience} s for {what}")
        time.sleep(rest)
    return time.monotonic() - began


@dataclass
class Machine(Child):
    """One process in a group of its own, which can be killed, frozen and started again.

    Where the harness dies it is killed, not asked to end: one that is frozen, or waits for one, would stay for ever.
    """

    cwd: Path | None = PORTAL
    signal: int = signal.SIGKILL
    died: float | None = field(default=None, init=False)
    restarts: int = field(default=0, init=False)

    def start(self) -> None:
        """Start it; what it says goes into its log."""
        self.died = None
        super().start()

    def send(self, number: int) -> None:
        """Send a signal to the process and all that it started."""
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """kill -9, the process and all that it started."""
        if self.process is not None:
            self.process.poll()
            kill_group(self.process.pid)
            self.process.wait(PATIENCE)

    def revive(self) -> None:
        """Start it again a moment after it died."""
        if self.alive():
            return
        if self.died is None:
            self.died = time.monotonic()
        elif time.monotonic() - self.died > STARTS_AGAIN_AFTER:
            kill_group(self.process.pid)
            self.start()
            self.restarts += 1


class Supervisor(Thread):
    """Looks at its machines five times a second and starts again those that have died."""

    def __init__(self, machines: list[Machine]) -> None:
        super().__init__(daemon=True)
        self.machines, self.ended = machines, Event()

    def run(self) -> None:
        """Until it is told to stop."""
        while not self.ended.wait(0.2):
            for machine in self.machines:
                machine.revive()

    def stop(self) -> None:
        """Nothing is started again any more; only then may the machines be killed for good."""
        self.ended.set()
        if self.is_alive():
            self.join(PATIENCE)


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with closing(socket.socket()) as line, suppress(OSError):
        line.settimeout(1)
        line.connect((HOST, port))
        return True
    return False


def frozen(machine: Machine, seconds: float) -> None:
    """Stop a machine in its tracks for a while."""
    machine.send(signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        machine.send(signal.SIGCONT)
