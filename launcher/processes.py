"""Processes: started so that they end with the launcher, known again by process id and birth, stopped in order."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from launcher.trouble import Stopped, say

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LINUX = sys.platform.startswith("linux")
LIBC = ctypes.CDLL(None, use_errno=True) if LINUX else None
PR_SET_PDEATHSIG = 1
LONGEST_DELAY = 30
LOG_LIMIT = 5_000_000


class Account(NamedTuple):
    """The user and group that a server runs as."""

    uid: int
    gid: int


def as_account(account: Account | None) -> dict:
    """The arguments with which subprocess runs a program as `account`; none for the present user."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def listen() -> None:
    """From now on the signals that end us raise Stopped, once: stopping itself is not interrupted."""
    for number in ENDING:
        signal.signal(number, _raise_stopped)


def _raise_stopped(number: int, frame: object) -> None:
    for ending in ENDING:
        signal.signal(ending, lambda *ignored: None)
    raise Stopped(number)


def end_with_launcher(number: int) -> Callable[[], None] | None:
    """On Linux: run in the child, asks the kernel to send it `number` when the launcher dies, however it dies."""
    if LIBC is None:
        return None
    launcher = os.getpid()

    def ask() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != launcher:
            os._exit(1)

    return ask


def birth(pid: int) -> str | None:
    """What tells this process from a later one with the same number; nothing for a dead one."""
    if LINUX:
        return _birth_in_proc(pid)
    found = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True)
    state, _, started = found.stdout.strip().partition(" ")
    return started.strip() if state and not state.startswith("Z") else None


def _birth_in_proc(pid: int) -> str | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None
    return None if fields[0] in "ZX" else f"{boot} {fields[19]}"


@dataclass
class Child:
    """A process that the launcher looks after. Its group is its own, so that Ctrl-C reaches only the launcher."""

    name: str
    command: list[str]
    env: dict[str, str]
    folder: Path  # holds run/<name>.pid and logs/<name>.log
    cwd: Path | None = None
    account: Account | None = None
    signal: int = signal.SIGTERM
    patience: float = 10
    process: subprocess.Popen | None = field(default=None, init=False)
    started: float = field(default=0, init=False)
    delay: float = field(default=0, init=False)
    due: float | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        return self.folder / "logs" / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        return self.folder / "run" / f"{self.name}.pid"

    def start(self) -> None:
        """Starts it and writes down who it is."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=self.cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=end_with_launcher(self.signal), umask=0o077,
                **as_account(self.account),
            )
        self.started, self.due = time.monotonic(), None
        self.pid_file.write_text(f"{self.process.pid} {birth(self.process.pid)}\n")

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> None:
        """Starts it again where it has died, later each time it dies soon."""
        now = time.monotonic()
        if self.alive():
            return
        if self.due is None:
            kill_group(self.process.pid)
            soon = now - self.started < 60
            self.delay = min(self.delay * 2, LONGEST_DELAY) if soon and self.delay else 1
            self.due = now + self.delay
            code = self.process.returncode
            say(f"{self.name} has ended ({code}); starting it again in {self.delay:.0f} s. Its log: {self.log}")
        elif now >= self.due:
            self.start()

    def ask_to_stop(self) -> None:
        """Sends its own stop signal and does not wait."""
        if self.alive():
            self.process.send_signal(self.signal)

    def stop(self) -> None:
        """Asks, waits as long as its patience, then kills what is left of its group."""
        self.ask_to_stop()
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)
            kill_group(self.process.pid)
            self.process.wait()
        self._forget()

    def stop_orphan(self) -> None:
        """Stops the one that an earlier, killed launcher left; never a process that only has its number."""
        try:
            pid, _, born = self.pid_file.read_text().strip().partition(" ")
        except OSError:
            return
        if pid.isdigit() and born and birth(int(pid)) == born:
            _end_stranger(int(pid), born, self.signal, self.patience)
        self._forget()

    def _forget(self) -> None:
        with suppress(OSError):
            self.pid_file.unlink()


def _end_stranger(pid: int, born: str, number: int, patience: float) -> None:
    """Signals a process that is not our child, waits for it, then kills its group."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    until = time.monotonic() + patience
    while birth(pid) == born and time.monotonic() < until:
        time.sleep(0.05)
    if birth(pid) == born:
        kill_group(pid)


def kill_group(pid: int) -> None:
    """Kills whatever is left of the group that `pid` leads."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def stop_all(children: list[Child]) -> None:
    """Asks all of one layer at once, then waits for each."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop()


def run(command: list[str], *, env: dict, cwd: Path, quiet: bool = True) -> subprocess.CompletedProcess:
    """A step of ours, run to its end; when we are stopped it is stopped too. Quiet: its output is kept, not shown."""
    output = subprocess.PIPE if quiet else None
    process = subprocess.Popen(
        command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT if quiet else None,
        text=True, errors="replace", start_new_session=True, preexec_fn=end_with_launcher(signal.SIGTERM),
    )
    try:
        printed, _ = process.communicate()
    except BaseException:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        kill_group(process.pid)
        process.wait()
        raise
    return subprocess.CompletedProcess(command, process.returncode, printed or "", "")


def run_in_front(command: list[str], *, env: dict, cwd: Path) -> int:
    """A command that has the terminal: Ctrl-C is its own to answer; other endings are passed on to it."""
    process = subprocess.Popen(command, env=env, cwd=cwd, preexec_fn=end_with_launcher(signal.SIGTERM))

    def pass_on(number: int, frame: object) -> None:
        if number != signal.SIGINT or not (sys.stdin and sys.stdin.isatty()):
            process.send_signal(signal.SIGINT)

    for number in ENDING:
        signal.signal(number, pass_on)
    try:
        return process.wait()
    finally:
        listen()
