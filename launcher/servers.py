"""The servers Django needs: PostgreSQL and Valkey of our own, unless DATABASE_URL and REDIS_URL name others."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from launcher.folders import DataFolder
from launcher.postgres import Postgres
from launcher.processes import Child, stop_all
from launcher.trouble import Trouble, last_line
from launcher.valkey import valkey

SOCKETS = "portal-"
PATIENCE = 30


@dataclass(frozen=True)
class Addresses:
    """Where Django finds its servers: the database as the application and as its owner, and Redis."""

    app: str
    owner: str
    redis: str


class Servers:
    """The embedded servers of one data folder, those that the environment does not name already."""

    def __init__(self, folder: DataFolder, *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self.own_database = "DATABASE_URL" not in os.environ
        self.own_redis = "REDIS_URL" not in os.environ
        self.children: list[Child] = []
        self.sockets: Path | None = None

    def start(self) -> Addresses:
        """Clears away what a killed launcher left, starts what is needed and waits until it answers."""
        self.clear_away()
        if not (self.own_database or self.own_redis):
            return addresses(Path())
        self.sockets = Path(tempfile.mkdtemp(prefix=SOCKETS, dir=_short_folder()))
        self.folder.record_servers(sockets=str(self.sockets))
        if self.own_redis:
            self._start(valkey(self.folder, self.sockets))
        if self.own_database:
            database = Postgres(self.folder, self.sockets, durable=self.durable)
            database.make_cluster()
            self._start(database.child())
            wait_for(database.ready, self.children[-1])
            database.make_roles()
        if self.own_redis:
            wait_for((self.sockets / "valkey").exists, self.children[0])
        return addresses(self.sockets)

    def _start(self, child: Child) -> None:
        self.children.append(child)
        child.start()

    def clear_away(self) -> None:
        """Stops servers that outlived their launcher and removes their socket folder."""
        old = self.folder.recorded_servers().get("sockets", "")
        Child("valkey", [], {}, self.folder.path).stop_orphan()
        Postgres(self.folder, Path(old), durable=True).stop_orphan()
        if Path(old).name.startswith(SOCKETS) and Path(old).parent == _short_folder():
            shutil.rmtree(old, ignore_errors=True)
        self.folder.forget_servers()

    def stop(self) -> None:
        """Stops them and removes their sockets."""
        stop_all(self.children)
        self.children = []
        if self.sockets is not None:
            shutil.rmtree(self.sockets, ignore_errors=True)
        self.folder.forget_servers()

    def __enter__(self) -> Addresses:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *ignored: object) -> None:
        self.stop()


def addresses(sockets: Path) -> Addresses:
    """The addresses of servers that listen in `sockets`; those of the environment stand before them."""
    host = quote(str(sockets), safe="")
    app = os.environ.get("DATABASE_URL", f"postgresql://portal_app@{host}/audit_portal")
    owner = os.environ.get("DATABASE_URL", f"postgresql://portal_owner@{host}/audit_portal")
    redis = os.environ.get("REDIS_URL", f"redis+socket://{quote(str(sockets / 'valkey'))}?virtual_host=0")
    return Addresses(app=app, owner=os.environ.get("DATABASE_OWNER_URL", owner), redis=redis)


def wait_for(ready: Callable[[], bool], child: Child) -> None:
    """Waits until a server answers; one that ends or stays silent is trouble, with its own last words."""
    until = time.monotonic() + PATIENCE
    while not ready():
        if not child.alive() or time.monotonic() > until:
            raise Trouble(f"{child.name} did not start: {last_line(child.log)}")
        time.sleep(0.02)


def _short_folder() -> Path:
    """Where sockets go: their whole path may have about a hundred characters."""
    short = Path("/tmp")
    return short if os.access(short, os.W_OK) else Path(tempfile.gettempdir())
