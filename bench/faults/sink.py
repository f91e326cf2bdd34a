"""A mail server that keeps what it is given, on the disk before it says so."""

import asyncio
import base64
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from random import Random
from threading import Lock

from aiosmtpd.controller import Controller

from bench.faults.lines import append, whole_lines
from bench.faults.machines import free_port
from launcher.ports import HOST

LATER = "451 4.7.1 Please try again later"


class Sink:
    """Takes its time, so that a worker can die in between, and now and then says "later", as mail servers do."""

    def __init__(self, seconds: float = 0.1, *, file: Path | None = None, refuses: float = 0, seed: str = "") -> None:
        self.messages: list[EmailMessage] = []
        self.seconds, self.refuses, self.refused = seconds, refuses, 0
        self.then: dict[int, Callable[[], None]] = {}
        self.port, self._server = free_port(), None
        self._file, self._random, self._lock = file, Random(f"sink {seed}"), Lock()
        if file:
            self.messages = [_read(raw) for raw in whole_lines(file)]

    def start(self) -> None:
        """Listen."""
        self._server = Controller(self, hostname=HOST, port=self.port)
        self._server.start()

    def stop(self) -> None:
        """No more."""
        if self._server:
            self._server.stop()

    async def handle_DATA(self, server, session, envelope) -> str:
        """Keep a message; then do what was asked for after so many, before saying that it was taken.

        Whoever is gone before it is kept has sent nothing.
        """
        if self._random.random() < self.refuses:
            self.refused += 1
            return LATER
        await asyncio.sleep(self.seconds)
        self.keep(envelope.content)
        if work := self.then.pop(len(self.messages), None):
            work()
        return "250 OK"

    def keep(self, content: bytes) -> None:
        """A message, on the disk where there is a file."""
        raw = base64.b64encode(content).decode()
        with self._lock:
            if self._file:
                append(self._file, raw)
            self.messages.append(_read(raw))

    def by_id(self) -> dict[str, EmailMessage]:
        """The newest message of each Message-ID."""
        return {message["Message-ID"]: message for message in self.messages}

    def repeats(self) -> int:
        """How many messages came again."""
        return len(self.messages) - len(self.by_id())

    def differing(self) -> list[str]:
        """Message-IDs under which two different messages came: there must be none."""
        said = {(m["Message-ID"], m["To"], m["Subject"], text_of(m)) for m in self.messages}
        return [name for name, count in Counter(row[0] for row in said).items() if count > 1]


def _read(raw: str) -> EmailMessage:
    return message_from_bytes(base64.b64decode(raw), policy=default)


def text_of(message: EmailMessage) -> str:
    """What its reader reads, without the markup where there is one."""
    return message.get_body(("plain", "html")).get_content()
