"""A worker may live and yet take no work, after losing its broker for instance: its process says nothing of that."""

import json
import time

from launcher.ports import read
from launcher.processes import Child
from launcher.trouble import say

HEALTH = "/healthz/"
GRACE = 240  # a worker writes its first heartbeat within this time


class Watchdog:
    """Restarts the worker when its heartbeat, as the portal's health page reads it, is twice found silent."""

    def __init__(self, worker: Child, port: int, *, every: float = 30) -> None:
        self.worker = worker
        self.port = port
        self.every = every
        self.silent = 0
        self.looked = time.monotonic()

    def look_after(self) -> None:
        """Looks now and then; a health page that does not answer proves nothing about the worker."""
        now = time.monotonic()
        if now - self.looked < self.every or now - self.worker.started < GRACE:
            return
        self.looked = now
        self.silent = self.silent + 1 if self.is_silent() else 0
        if self.silent == 2:
            self.silent = 0
            say(f"{self.worker.name} lives but takes no work; starting it again. Its log: {self.worker.log}")
            self.worker.stop()
            self.worker.start()

    def is_silent(self) -> bool:
        """Whether the health page says that the worker is silent."""
        status, body = read(self.port, HEALTH)
        try:
            return status == 200 and json.loads(body)["worker"] == "silent"
        except (ValueError, KeyError, TypeError):
            return False
