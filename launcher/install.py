"""What the portal installs into its own folder: .venv, with every package checked by its hash.

A stamp in it, a digest of what it was made from, lets a second start look and go on.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from launcher import system
from launcher.folders import PORTAL, PYTHON, VENV
from launcher.processes import run
from launcher.trouble import Trouble, say

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


def site_packages() -> Path:
    """Where .venv keeps its packages."""
    return VENV / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages"


def digest(*names: str) -> str:
    """What a stamp holds: these files of the portal, and the version of Python."""
    found = hashlib.sha256("{}.{}".format(*sys.version_info).encode())
    for name in names:
        found.update((PORTAL / name).read_bytes())
    return found.hexdigest()


def stamped(stamp: Path, value: str) -> bool:
    """Whether the stamp holds `value`."""
    return stamp.is_file() and stamp.read_text() == value


def requirements_ready() -> bool:
    """Whether .venv holds exactly these requirements, made by this Python."""
    return PYTHON.exists() and stamped(VENV / "portal-stamp", digest(*REQUIREMENTS))


def install_requirements() -> None:
    """Makes .venv where it is missing or another Python's, and installs into it by hash."""
    if not works():
        make_venv()
    say("Installing the Python packages (once; a few minutes on a slow line) …")
    pip(*REQUIREMENTS)
    (VENV / "portal-stamp").write_text(digest(*REQUIREMENTS))


def works() -> bool:
    """Whether .venv has a pip and was made by this Python's version."""
    if not PYTHON.exists() or not site_packages().is_dir():
        return False
    return run([str(PYTHON), "-m", "pip", "--version"], env=environment(), cwd=PORTAL).returncode == 0


def make_venv() -> None:
    """Makes .venv anew, never from inside another virtual environment."""
    say("Making .venv …")
    base = getattr(sys, "_base_executable", None) or sys.executable
    command = [base, "-m", "venv", "--clear", str(VENV)]
    made = run(command, env=environment(), cwd=PORTAL)
    if made.returncode and system.install(["python{}.{}-venv".format(*sys.version_info)], why="Python's venv module"):
        made = run(command, env=environment(), cwd=PORTAL)
    if made.returncode:
        raise Trouble(venv_sentence(made.stdout))


def venv_sentence(printed: str) -> str:
    """Why .venv could not be made, and what to do."""
    if not os.access(PORTAL, os.W_OK):
        return f"The portal's folder {PORTAL} cannot be written: run it as its owner, or from a copy of your own."
    if "ensurepip" in printed:
        package = "python{}.{}-venv".format(*sys.version_info)
        return f"This Python cannot make a virtual environment: {system.command([package])}"
    return f".venv could not be made: {last(printed)}"


def pip(*files: str) -> None:
    """Installs these requirements files, every file of every package checked by its hash."""
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    for name in files:
        command += ["-r", name]
    done = run(command, env=environment(), cwd=PORTAL)
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr)
        raise Trouble(f"The Python packages could not be installed (above says why): {last(done.stdout)}")


def last(printed: str) -> str:
    """The last line of what a program printed."""
    return next((line.strip() for line in reversed(printed.splitlines()) if line.strip()), "it said nothing")


def environment() -> dict[str, str]:
    """Our environment for a child: nothing that turns its Python elsewhere, and a home that can be written."""
    unwanted = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_REQUIRE_HASHES")
    env = {name: value for name, value in os.environ.items() if name not in unwanted}
    if not os.access(env.get("HOME") or "/nonexistent", os.W_OK):
        env["HOME"] = str(spare_home())
    return env


def spare_home() -> Path:
    """A home for programs that need one, where the user's own is missing or cannot be written."""
    home = Path(tempfile.gettempdir()) / f"audit-portal-home-{os.geteuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    if home.stat().st_uid != os.geteuid():
        raise Trouble(f"{home} belongs to another user: set HOME to a folder that you can write.")
    return home
