"""All of the portal as `./portal up` runs it, with two workers, its own Valkey behind a proxy, and a mail sink."""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import redis

from bench.faults.machines import PATIENCE, Machine, Supervisor, free_port, listens, wait_until
from bench.faults.proxy import Proxy
from bench.faults.sink import Sink
from bench.faults.visitors import Visitor
from bench.faults.witness import Witness
from launcher.folders import DataFolder
from launcher.ports import HOST
from launcher.up import portal as processes
from launcher.valkey import binary

FORGETFUL = ("--bind", HOST, "--save", "", "--appendonly", "no", "--daemonize", "no")
WITNESS = "bench.faults.witness"
THRICE = ("--scheduler", "bench.faults.thrice:Thrice")
REPLACED = "bench.faults.replaced"  # the control: without the row-first write
LEAP = "bench.faults.leap"


class Portal:
    """Its processes, which run on the database that Django is connected to here."""

    def __init__(self, folder: Path, sink: Sink, *, workers: int = 2, beats: int = 1, thrice: bool = False,
                 control: str = "", clock: Path | None = None, **settings: str) -> None:
        DataFolder(folder).make()
        self.folder, self.sink, self.control = folder, sink, control
        self.port, self.redis_port = free_port(), free_port()
        self.proxy = Proxy(self.redis_port)
        self.env = self._env(clock) | settings
        commands = {child.name: child.command for child in processes(DataFolder(folder), self.env, self.port)}
        self.valkey = self._machine("valkey", [str(binary()), "--port", str(self.redis_port), "--dir",
                                               str(folder / "run"), *FORGETFUL])
        self.web = self._machine("web", [word.replace("audit_portal.wsgi", REPLACED) if control else word
                                         for word in commands["web"]])
        self.workers = [self._worker(f"worker-{n}", commands["worker"], bool(clock)) for n in range(1, workers + 1)]
        self.beats = [self._beat(f"beat-{n}", commands["beat"], thrice) for n in range(1, beats + 1)]
        self.supervisor = Supervisor([self.valkey, self.web, *self.workers, *self.beats])

    def _env(self, clock: Path | None) -> dict[str, str]:
        return {
            **os.environ, "DATABASE_URL": url_of_database(), "REDIS_URL": f"redis://{HOST}:{self.proxy.port}/0",
            "EMAIL_HOST": HOST, "EMAIL_PORT": str(self.sink.port), "EMAIL_USE_TLS": "false",
            "DATA_DIR": str(self.folder), "DJANGO_SETTINGS_MODULE": "audit_portal.settings",
            "FAULTS_CONTROL": self.control, "FAULTS_CLOCK": str(clock or ""),
            **({"C_FORCE_ROOT": "1"} if os.geteuid() == 0 else {}),
        }

    def _machine(self, name: str, command: list[str], **env: str) -> Machine:
        return Machine(name, command, self.env | env, self.folder)

    def _worker(self, name: str, command: list[str], leaps: bool) -> Machine:
        also = [WITNESS, *([LEAP] if leaps else []), *([REPLACED] if self.control else [])]
        words = [*command, "--hostname", f"{name}@%h", "--include", ",".join(also)]
        return self._machine(name, words, FAULTS_WITNESS=str(Witness(self.folder, name).file))

    def _beat(self, name: str, command: list[str], thrice: bool) -> Machine:
        words = [word.replace("celerybeat-schedule", f"{name}-schedule") for word in command]
        return self._machine(name, [*words, *(THRICE if thrice else ())])

    def witness(self, worker: Machine) -> Witness:
        """What a worker wrote down of its own work."""
        return Witness(self.folder, worker.name)

    def start(self, *, supervised: bool = True) -> None:
        """Everything, until pages are answered and each worker is ready."""
        self.start_servers()
        for machine in (self.web, *self.workers, *self.beats):
            machine.start()
        wait_until(self.answers, "the web server", 2 * PATIENCE)
        for worker in self.workers:
            wait_until(lambda worker=worker: self.witness(worker).is_ready(worker.process.pid), worker.name,
                       2 * PATIENCE)
        if supervised:
            self.supervisor.start()

    def start_servers(self) -> None:
        """What the portal's processes need; what a killed run left is cleared away first."""
        for machine in self.all():
            machine.stop_orphan()
        self.sink.start()
        self.proxy.start()
        self.start_redis()

    def all(self) -> list[Machine]:
        """Every machine, in the order in which they are stopped."""
        return [*self.beats, *self.workers, self.web, self.valkey]

    def stop(self) -> None:
        """Nothing is left running."""
        self.supervisor.stop()
        for machine in self.all():
            machine.kill()
        self.proxy.stop()
        self.sink.stop()

    def start_redis(self) -> None:
        """An empty Valkey that takes connections."""
        self.valkey.start()
        self.wait_for_redis()

    def wait_for_redis(self) -> None:
        """Until it takes connections, whoever started it."""
        wait_until(lambda: listens(self.redis_port), "Valkey")

    def wipe_redis(self) -> None:
        """FLUSHALL."""
        with redis.Redis(host=HOST, port=self.redis_port) as line:
            line.flushall()

    def answers(self) -> bool:
        """Whether a page comes."""
        try:
            return Visitor(self.port).get("/sign-in/")[0] == 200
        except OSError:
            return False

    def log(self, name: str) -> str:
        """What a machine said."""
        return (self.folder / "logs" / f"{name}.log").read_text(errors="replace")


def url_of_database() -> str:
    """The address of the database that Django is connected to here, as the application's own role where there is one.

    A test database has another name than DATABASE_URL says.
    """
    from django.db import connection

    parts = urlsplit(os.environ.get("DATABASE_APP_URL", os.environ["DATABASE_URL"]))
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
