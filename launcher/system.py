"""What comes from the machine rather than from Python packages: Chromium for the tests, Pango for PDF files."""

import ctypes
import os
import shutil
import sys
from pathlib import Path

from launcher.folders import PORTAL
from launcher.processes import run
from launcher.trouble import say

PANGO = {
    "linux": ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"),
    "darwin": ("libpango-1.0.0.dylib", "libpangoft2-1.0.0.dylib", "libharfbuzz-subset.0.dylib"),
}
PANGO_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-liberation"]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACS_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def chromium() -> str:
    """The browser of the tests; nothing where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), "")
    return found or (str(MACS_CHROME) if MACS_CHROME.exists() else "")


def has_pango() -> bool:
    """Whether the libraries that write PDF files load."""
    try:
        for name in PANGO.get(sys.platform, ()):
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def missing_packages() -> list[str]:
    """The Debian packages that the tests still need."""
    return [*([] if chromium() else ["chromium"]), *([] if has_pango() else PANGO_PACKAGES)]


def command(packages: list[str]) -> str:
    """The one command that installs these packages on this machine."""
    if sys.platform == "darwin":
        return "brew install pango && brew install --cask google-chrome"
    if not shutil.which("apt-get"):
        return f"install {', '.join(packages)} with this system's package manager"
    if is_ubuntu() and "chromium" in packages:
        others = [name for name in packages if name != "chromium"]
        return " && ".join([*([command(others)] if others else []), "sudo snap install chromium"])
    return f"sudo apt-get install -y {' '.join(packages)}"


def is_ubuntu() -> bool:
    """Ubuntu has Chromium only as a snap, not as a package."""
    release = Path("/etc/os-release")
    return release.exists() and "ID=ubuntu" in release.read_text().splitlines()


def install(packages: list[str], *, why: str) -> bool:
    """Installs with apt-get where we may (root on Debian or Ubuntu); False where not or where it failed."""
    if not packages or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {why} with apt-get …")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], env=env, cwd=PORTAL)
    done = run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=env, cwd=PORTAL)
    if done.returncode:
        print(done.stdout[-2000:], file=sys.stderr)
    return done.returncode == 0


def prepare_for_tests() -> None:
    """Chromium and Pango for the tests: installed where we may, else the command that does is printed."""
    if not chromium() and not is_ubuntu():
        install(["chromium"], why="Chromium")
    if not has_pango():
        install(PANGO_PACKAGES, why="Pango")
    if missing_packages():
        say(f"The tests that need Chromium or Pango cannot run here. To have them: {command(missing_packages())}")
