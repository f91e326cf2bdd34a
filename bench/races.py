"""The last places of a month under the web server of production: 200 times twenty at once, while others leave (T-R8).

What is measured is not speed: grants above the limit, free places refused, answers other than the page. 0 of each.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from launcher.up import GUNICORN

NEEDS_DATABASE = True
HOME = Path(__file__).resolve().parents[1]
ROUNDS, STARTING_SECONDS = 200, 60
Row = dict[str, Any]


def run() -> list[Row]:
    """All rounds; the first problem of each kind is printed."""
    from allocations.tests.break_pools import make_pool
    from audit_portal.testing.factories import load_s1, make_cast
    from audit_portal.testing.races import POOL, Race

    load_s1()
    cast = make_cast()
    pool = [cast.auditor, *(person for person in make_pool(POOL) if person != cast.auditor)]
    start = perf_counter()
    with _server() as url:
        race = Race.at(url, cast.pq_lead, pool)
        outcomes = [race.round() for _ in range(ROUNDS)]
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    for problem in sorted(set(problems)):
        print(problem, file=sys.stderr)
    return [_row(f"Races for the last places: wrong in {ROUNDS} rounds", len(problems), 0, ""),
            _row("Races: posts", sum(outcome.answers.total() for outcome in outcomes), None, ""),
            _row("Races: all rounds", round(perf_counter() - start), None, "s")]


def _row(name: str, value: float, target: float | None, unit: str) -> Row:
    return {"name": name, "value": value, "unit": unit, "target": target, "met": target is None or value <= target}


@contextmanager
def _server() -> Iterator[str]:
    """gunicorn as the portal runs it, on the benchmark's database."""
    from django.db import connection

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    command = ["gunicorn", "audit_portal.wsgi:application", "--bind", f"127.0.0.1:{port}", *GUNICORN]
    web = subprocess.Popen(  # noqa: S603  our own
        [sys.executable, "-m", *command], cwd=HOME, env=os.environ | {"DATABASE_URL": urlunsplit(address)},
        stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, web)
        yield f"http://127.0.0.1:{port}"
    finally:
        web.terminate()
        web.wait(15)


def _wait_for(port: int, web: subprocess.Popen) -> None:
    for _ in range(STARTING_SECONDS * 5):
        if web.poll() is not None:
            raise RuntimeError("The web server did not start.")
        try:
            HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/healthz/")
        except OSError:
            sleep(0.2)
        else:
            return
    raise RuntimeError("The web server did not answer in time.")
