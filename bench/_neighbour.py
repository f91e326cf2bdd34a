"""Somebody else at work meanwhile: a process of its own that opens one page after the other and times them."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep

HOME = Path(__file__).resolve().parents[1]


class Neighbour:
    """Opens My work as `staff`, about twenty times a second, until it is told to stop."""

    def __init__(self, staff) -> None:
        from django.db import connection

        name = connection.settings_dict["NAME"]
        self.process = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", __name__, str(staff.pk), name], cwd=HOME, env=dict(os.environ),
            stdout=subprocess.PIPE, text=True)
        self.seconds: list[float] = []
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.seconds.append(float(line))

    def __enter__(self) -> "Neighbour":
        for _ in range(30):  # until it has warmed up
            if len(self.listen(1)) > 10:
                break
        return self

    def __exit__(self, *failure) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.reader.join(10)
        self.process.stdout.close()

    def listen(self, seconds: float) -> list[float]:
        """What the pages of the next seconds took."""
        self.heard()
        sleep(seconds)
        return self.heard()

    def heard(self) -> list[float]:
        """What the pages since the last question took, in seconds."""
        heard, self.seconds = self.seconds, []
        return heard


def work(staff: int, database: str) -> None:
    """The process itself."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "audit_portal.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    connection.settings_dict["NAME"] = database
    from people.models import Staff

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(Staff.objects.get(pk=staff), backend="allauth.account.auth_backends.AuthenticationBackend")
    while True:
        start = perf_counter()
        client.get("/")
        print(perf_counter() - start, flush=True)
        sleep(0.05)


if __name__ == "__main__":
    work(int(sys.argv[1]), sys.argv[2])
