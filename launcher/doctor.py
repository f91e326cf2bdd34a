"""What this machine lacks, and the one command that installs it."""

import os
import platform
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from launcher import assets, install, system
from launcher.folders import PORTAL, free_space
from launcher.ports import is_free
from launcher.trouble import say

ENOUGH_SPACE = 3_000_000_000


class Finding(NamedTuple):
    """One thing looked at: whether it is there, what was found, and whether the portal starts without it."""

    name: str
    fine: bool
    found: str
    needed: bool = True


def findings(data: Path, port: int) -> list[Finding]:
    """Everything the portal and its tests need from the machine."""
    space = free_space(data)
    return [
        Finding("Python", True, platform.python_version()),
        Finding("Node.js", True, node()),
        Finding("Portal's folder", os.access(PORTAL, os.W_OK), f"{PORTAL}, {can_write(PORTAL)}"),
        Finding("Data folder", os.access(nearest(data), os.W_OK), f"{data}, {can_write(nearest(data))}"),
        Finding("Disk space", space > ENOUGH_SPACE, f"{space / 1e9:.1f} GB free, 3 GB are enough"),
        Finding("Port", is_free(port), f"{port} is {'free' if is_free(port) else 'taken: pass --port'}"),
        Finding("Chromium", bool(system.chromium()), system.chromium() or "missing: for the browser tests", False),
        Finding("Pango", system.has_pango(), "found" if system.has_pango() else "missing: for PDF files", False),
        Finding("Packages", True, "installed" if install.requirements_ready() else "installed at the first start"),
        Finding("Page assets", True, "built" if assets.assets_ready() else "built at the first start"),
    ]


def node() -> str:
    """Where page assets get their npm from."""
    found = shutil.which("node")
    if found and shutil.which("npm") and assets.node_version(found) >= assets.OLDEST_NODE:
        return f"{found}, version {assets.node_version(found)}"
    return "none of this machine's own: a wheel brings it into .venv at the first start"


def nearest(path: Path) -> Path:
    """The folder itself, or the nearest above it that exists."""
    while not path.exists():
        path = path.parent
    return path


def can_write(path: Path) -> str:
    """In words, whether a folder can be written."""
    try:
        with tempfile.TemporaryFile(dir=path):
            return "can be written"
    except OSError as error:
        return f"cannot be written ({error.strerror})"


def examine(data: Path, port: int) -> int:
    """Prints each finding and the one command; 1 where the portal could not start."""
    found = findings(data, port)
    for one in found:
        say(f"{'ok      ' if one.fine else 'MISSING ' if one.needed else 'wanted  '} {one.name}: {one.found}")
    packages = system.missing_packages()
    if packages:
        say(f"To install what is missing: {system.command(packages)}")
    return 0 if all(one.fine for one in found if one.needed) else 1
