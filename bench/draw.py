"""What a round costs in a county (500 auditors, 10,000 case files, five years), in ten times that; the draw alone."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from allocations.draw import (
    Auditor,
    Case,
    DrawInput,
    certificate,
    compare,
    draw,
    quotas,
)

HOME = Path(__file__).resolve().parents[1]
STRATA = {"Child in need": 7, "Child protection plan": 2, "Child in care": 4, "Care leaver": 2, "Open assessment": 1}
SIZES = [(1_000, 25, 20, 0.2), (10_000, 70, 60, 2.0), (100_000, 700, 600, 30.0)]
COUNCILS = {"county": (1, 1024), "national": (10, 1024)}
TODAY, MONTH, YEAR = date(2026, 11, 21), date(2026, 12, 1), 2026
A_YEAR_PAGE, MOST_QUERIES = 0.1, 15
Row = dict[str, Any]


def run() -> list[Row]:
    """A round of each council; then seconds of the draw alone, usual and with conflicts that bind everywhere."""
    return [row for name in COUNCILS for row in _council(name)] + _engine()


def _council(name: str) -> list[Row]:
    """One council in a database of its own; the round in a process of its own, so that its memory can be told."""
    from bench.__main__ import database

    seconds, megabytes = COUNCILS[name]
    with database():
        from django.db import connection

        _fill(name)
        connection.close()
        command = [sys.executable, "-m", __name__, connection.settings_dict["NAME"]]
        answer = subprocess.run(command, cwd=HOME, env=dict(os.environ), capture_output=True, text=True, check=True)  # noqa: S603  our own module
        found = json.loads(answer.stdout.splitlines()[-1])
        rows = [
            _row(f"{name}: freeze, draw and store {found['audits']} of {found['cases']:,} cases", found["seconds"], "s",
                 seconds),
            _row(f"{name}: most memory", found["megabytes"], "MB", megabytes),
        ]
        return rows + (_year_page() if name == "county" else [])


def _fill(name: str) -> None:
    from django.core.management import call_command

    from audit_portal.scale.council import make_scale
    from audit_portal.scale.sizes import SIZES as COUNCIL_SIZES

    call_command("load_programmes", verbosity=0)
    make_scale(COUNCIL_SIZES[name], TODAY, contents=False)


def _row(name: str, value: float, unit: str, target: float) -> Row:
    return {"name": name, "value": round(value, 3), "unit": unit, "target": target, "met": value <= target}


def _year_page() -> list[Row]:
    """The auditors' year for P&Q: server time, the middle of seven, and queries."""
    from statistics import median

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from people.models import Staff

    client = Client(SERVER_NAME="localhost")
    client.force_login(Staff.objects.get(reference="demo-pq-lead"),
                       backend="allauth.account.auth_backends.AuthenticationBackend")
    address, seconds = f"/rounds/year/{YEAR}/", []
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        if client.get(address).status_code != 200:
            raise RuntimeError("The year page did not open.")
    queries = len(asked)  # the next request forgets them
    for _ in range(7):
        start = perf_counter()
        client.get(address)
        seconds.append(perf_counter() - start)
    return [_row("county: the year page", median(seconds), "s", A_YEAR_PAGE),
            _row("county: the year page", queries, "queries", MOST_QUERIES)]


def work(database: str) -> None:
    """The process of one round: prints how long it took and the most memory it had."""
    import resource

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "audit_portal.settings")
    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    from allocations import workflow
    from people.models import Staff
    from programmes.models import ProgrammeVersion

    by, at = Staff.objects.get(reference="demo-pq-lead"), datetime(2026, 11, 30, 9, tzinfo=UTC)
    month = workflow.plan_round(version=ProgrammeVersion.objects.current("s1", MONTH), month=MONTH, by=by, at=at)
    start = perf_counter()
    frozen = workflow.freeze_frame(round=month, by=by, at=at)
    workflow.draw_round(round=month, by=by, at=at)
    print(json.dumps({
        "seconds": perf_counter() - start, "cases": len(frozen.frame["cases"]), "audits": month.allocations.count(),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def _engine() -> list[Row]:
    rows = [_replay_row()]
    for size, auditors, wanted, target in SIZES:
        usual = make_inputs(size, auditors, wanted, rivals=6)
        tight = make_inputs(size, wanted, wanted, rivals=wanted - 2)
        rows.append(_draw_row(f"Draw {wanted} of {size:,} cases", usual, target))
        rows.append(_draw_row(f"Draw {wanted} of {size:,} cases, few auditors for each", tight, target))
    return rows


def make_inputs(size: int, auditors: int, wanted: int, rivals: int) -> DrawInput:
    """Invented cases, each forbidden to up to so many auditors, with a sibling for about one in three."""
    rng = random.Random(size)
    seed = f"{size:032x}"
    names = [f"A{number:03}" for number in range(auditors)]
    strata = rng.choices(list(STRATA), list(STRATA.values()), k=size)
    cases = tuple(
        Case(
            f"{3_000_000 + number}",
            stratum,
            frozenset({f"{3_000_000 + (number ^ 1)}"}) if rng.random() < 0.3 else frozenset(),
            frozenset(rng.sample(names, rng.randint(max(0, rivals - 4), rivals))),
        )
        for number, stratum in enumerate(strata)
    )
    return DrawInput(seed, cases, quotas(seed, Counter(strata), wanted), tuple(map(Auditor, names)))


def _draw_row(name: str, inputs: DrawInput, target: float) -> Row:
    start = perf_counter()
    result = draw(inputs, allow_short=True)
    seconds = perf_counter() - start
    return _row(name, seconds if len(result.assigned) == inputs.wanted else float("inf"), "s", target)


def _replay_row() -> Row:
    inputs = make_inputs(10_000, 70, 60, rivals=6)
    record = certificate(inputs, draw(inputs), who="bench", when=datetime.now(UTC))
    start = perf_counter()
    same = compare(record) == []
    seconds = perf_counter() - start
    return _row("Replay 10,000 cases", seconds if same else float("inf"), "s", 2.0)


if __name__ == "__main__":
    work(sys.argv[1])
