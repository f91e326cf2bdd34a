"""Folders: the portal's own, and a data folder with its lock."""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from launcher.trouble import Trouble

PORTAL = Path(__file__).resolve().parent.parent
VENV = PORTAL / ".venv"
PYTHON = VENV / "bin" / "python"


class DataFolder:
    """Where one installation keeps everything: its database, logs, secret key and process ids."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))
        self._lock: int | None = None

    @property
    def servers_file(self) -> Path:
        return self.path / "run" / "servers.json"

    def make(self) -> None:
        """Makes it, for us alone (as root others may pass through, as the database server runs as another user)."""
        try:
            if not self.path.exists():
                self.path.mkdir(parents=True)
                self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for name in ("run", "logs"):
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            raise Trouble(
                f"The data folder {self.path} cannot be written ({error.strerror}): pass --data with one that can."
            ) from error

    def lock(self, command: str) -> bool:
        """Takes it for this launcher until the process ends; False where another launcher has it."""
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return False
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()} ./portal {command}\n".encode())
        self._lock = lock
        return True

    def unlock(self) -> None:
        """Gives it back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def lock_for(self, command: str) -> None:
        """Takes it, or says who has it: two launchers never share one data folder."""
        if not self.lock(command):
            pid, _, other = (self.path / "lock").read_text().strip().partition(" ")
            raise Trouble(
                f"The data folder {self.path} is in use by {other or 'another portal'} (process {pid}): "
                "stop that one first, or pass --data with another folder."
            )

    def secret_key(self) -> str:
        """The key made at the first start, readable by its owner alone."""
        file = self.path / "secret-key"
        if not file.exists():
            fresh = file.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as text:
                text.write(secrets.token_urlsafe(48))
            fresh.replace(file)
        return file.read_text().strip()

    def record_servers(self, **facts: str) -> None:
        """Writes where the servers of this folder listen, for other commands and for the next start."""
        fresh = self.servers_file.with_suffix(".new")
        fresh.write_text(json.dumps(facts))
        fresh.replace(self.servers_file)

    def forget_servers(self) -> None:
        """Says that no server listens any more."""
        with suppress(OSError):
            self.servers_file.unlink()

    def recorded_servers(self) -> dict[str, str]:
        """What `record_servers` wrote last; empty where no server was started or all were stopped."""
        with suppress(OSError, ValueError):
            return json.loads(self.servers_file.read_text())
        return {}


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Holds the portal's own folder while something is installed into it: a second launcher waits."""
    handle = os.open(PORTAL, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def free_space(path: Path) -> int:
    """The bytes that may still be written at `path` or its nearest folder that exists."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free
