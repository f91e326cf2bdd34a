"""The portal's processes for the fault tests: a Valkey, a mail sink, web, worker and beat of their own.

They run against the test database, see its rows because the test commits them, and end with the test.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.test import Client

from launcher.valkey import binary
from people.models import Staff

HOST = "127.0.0.1"
PATIENCE = 30
CELERY = (sys.executable, "-m", "celery", "-A", "audit_portal")
QUIET = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")
GUNICORN = (sys.executable, "-m", "gunicorn")
FORGETFUL = ("--port", "0", "--save", "", "--appendonly", "no")
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
PART = re.compile(r'(name|value)="([^"]*)"')


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


def wait_until(true: Callable[[], object], what: str, patience: float = PATIENCE) -> float:
    """Waits; gives the seconds that it took, and fails with a sentence where it takes too long."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < patience, f"Waited {patience} s for {what}"
        time.sleep(0.05)
    return time.monotonic() - began


@dataclass
class Machine:
    """One process, in a group of its own, which can be killed, stopped and started again."""

    name: str
    command: list[str]
    env: dict[str, str]
    folder: Path
    process: subprocess.Popen | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it; what it says goes into its log."""
        with open(self.folder / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def signal(self, number: int) -> None:
        """Send a signal to the process and all that it started."""
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """kill -9."""
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait(PATIENCE)


class Sink:
    """A mail server that keeps what it is given. It takes its time, so that a worker can die in between."""

    def __init__(self, seconds: float = 0.1) -> None:
        self.messages: list[Message] = []
        self.seconds = seconds
        self.then: dict[int, Callable[[], None]] = {}
        self.controller = Controller(self, hostname=HOST, port=free_port())

    async def handle_DATA(self, server, session, envelope) -> str:
        """Keep a message; then do what was asked for after so many, before saying that it was taken."""
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        time.sleep(self.seconds)
        if work := self.then.pop(len(self.messages), None):
            work()
        return "250 OK"

    def by_id(self) -> dict[str, Message]:
        """The newest message of each Message-ID."""
        return {message["Message-ID"]: message for message in self.messages}

    def repeats(self) -> int:
        """How many messages came again."""
        return len(self.messages) - len(self.by_id())

    def differing(self) -> list[str]:
        """Message-IDs under which two different messages came: there must be none."""
        said = {(m["Message-ID"], m["To"], m["Subject"], m.get_content()) for m in self.messages}
        return [name for name, count in Counter(row[0] for row in said).items() if count > 1]


class Portal:
    """All of it together."""

    def __init__(self, folder: Path, sockets: Path) -> None:
        self.folder, self.socket = folder, sockets / "valkey"
        self.sink, self.port = Sink(), free_port()
        self.env = {
            **os.environ,
            "DATABASE_URL": url_of_test_database(),
            "REDIS_URL": f"redis+socket://{quote(str(self.socket))}?virtual_host=0",
            "EMAIL_HOST": HOST,
            "EMAIL_PORT": str(self.sink.controller.port),
            "DATA_DIR": str(folder),
            "ENVIRONMENT": "test",
        }
        bind = f"{HOST}:{self.port}"
        self.valkey = self._machine(
            "valkey", str(binary()), "--port", "0", "--unixsocket", str(self.socket), *FORGETFUL
        )
        self.worker = self._machine("worker", *CELERY, "worker", "--concurrency", "2", *QUIET)
        self.beat = self._machine("beat", *CELERY, "beat", "--pidfile=", "--schedule", str(folder / "beat"))
        self.web = self._machine("web", *GUNICORN, "audit_portal.wsgi", "--bind", bind, "--threads", "2")

    def _machine(self, name: str, *command: str) -> Machine:
        return Machine(name, list(command), self.env, self.folder)

    def start(self) -> None:
        """Everything, until pages are answered."""
        self.sink.controller.start()
        self.valkey.start()
        wait_until(self.socket.exists, "Valkey")
        for machine in (self.web, self.worker, self.beat):
            machine.start()
        wait_until(self.answers, "the web server")

    def stop(self) -> None:
        """Nothing is left running."""
        for machine in (self.beat, self.worker, self.web, self.valkey):
            machine.kill()
        self.sink.controller.stop()

    def answers(self) -> bool:
        """Whether a page comes."""
        try:
            return Visitor(self.port).get("/sign-in/")[0] == 200
        except OSError:
            return False

    def log(self, name: str) -> str:
        """What a machine said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")


class Visitor:
    """Somebody who uses the pages over the network, signed in where a person is given."""

    def __init__(self, port: int, staff: Staff | None = None) -> None:
        self.port, self.cookies, self.times = port, {}, []
        if staff:
            client = Client()
            client.force_login(staff, backend=settings.AUTHENTICATION_BACKENDS[0])
            self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page; how long it took is kept."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> int:
        """Send the form of a page with its hidden fields, as a browser does; gives the status."""
        _, page = self.get(path)
        hidden = [dict(PART.findall(tag)) for tag in HIDDEN.findall(page)]
        fields |= {row["name"]: row.get("value", "") for row in hidden if "name" in row}
        return self._ask("POST", path, urlencode(fields))[0]

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = HTTPConnection(HOST, self.port, timeout=20)
        began = time.monotonic()
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            line.close()
        self.times.append(time.monotonic() - began)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, text


def url_of_test_database() -> str:
    """DATABASE_URL with the name of the test database in it."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
