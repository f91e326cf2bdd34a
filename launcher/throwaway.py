"""Throwaway data folders: for tests and benchmarks, gone when they end."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from launcher.folders import DataFolder
from launcher.servers import Servers

MEMORY = Path("/dev/shm")  # faster than a disk, where there is one
PREFIX = "audit-portal-"
ENOUGH_MEMORY = 1_000_000_000


@contextmanager
def throwaway(*, in_memory: bool) -> Iterator[DataFolder]:
    """A data folder that is gone afterwards; those that killed launchers left are swept away first."""
    disk = Path(tempfile.gettempdir())
    sweep(MEMORY, disk)
    base = MEMORY if in_memory and has_room(MEMORY) else disk
    folder = DataFolder(Path(tempfile.mkdtemp(prefix=PREFIX, dir=base)))
    if os.geteuid() == 0:
        folder.path.chmod(0o711)  # the database server runs as another user
    folder.make()
    folder.lock("test")
    try:
        yield folder
    finally:
        folder.unlock()
        shutil.rmtree(folder.path, ignore_errors=True)


def has_room(memory: Path) -> bool:
    """Whether a test database fits: in a container this place may be tiny."""
    return os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ENOUGH_MEMORY


def sweep(*bases: Path) -> None:
    """Removes throwaway folders of ours that no launcher holds any more, and stops what ran in them."""
    for base in bases:
        for path in base.glob(f"{PREFIX}*/lock"):
            folder = DataFolder(path.parent)
            with suppress(OSError):
                if path.stat().st_uid == os.geteuid() and folder.lock("test"):
                    Servers(folder).clear_away()
                    shutil.rmtree(folder.path, ignore_errors=True)
                    folder.unlock()
