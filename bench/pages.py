"""What every page costs on the county data set: server time, queries and bytes, each opened by somebody who may.

The pages are those of the access table, so a new one is measured without a word here. 400 auditors, 10,000 open
cases and 20,000 audits of five years stand behind them; the audits that are being written are full.
"""

from datetime import date
from statistics import median
from time import perf_counter
from typing import Any

from bench.dashboard import fill_council, fill_months, settle

NEEDS_DATABASE = True
MOST_MILLISECONDS, TIMES, WORDS = 100, 5, 300
MOST_QUERIES, MOST_QUERIES_OF_AN_AUDIT = 25, 20
UNTIL = date(2023, 12, 1)  # the history ends before the months of the pages
NOT_PAGES = ("account_", "socialaccount_", "media", "healthz")
Row = dict[str, Any]


def run() -> list[Row]:
    """One row a page: the middle of five server times; queries and bytes stand in its name."""
    from audit_portal.tests.access.table import TABLE
    from audit_portal.tests.access.world import make_world

    world = make_world()
    _write_much(world.audits)
    fill_council(world.cast)
    fill_months(world.cast, world.audits["begun"].version, UNTIL)
    settle()
    found = [_page(world, row) for row in TABLE if row.method == "GET" and not row.name.startswith(NOT_PAGES)]
    return sorted(filter(None, found), key=lambda row: row["name"])


def _write_much(audits) -> None:
    """The audits that can be written in get everything that an auditor writes, in long texts."""
    from django.utils import timezone

    from audit_portal.testing.factories import fill_in
    from audits.models import Answer

    for name in ("begun",):
        fill_in(audits[name], timezone.now())
    texts = Answer.objects.filter(field__in=("evidence", "grade_evidence", "worker_said", "strengths"))
    texts.update(value="Seen alone on 14 October. " * (WORDS // 5))


def _page(world, row) -> Row | None:
    who = next((persona for persona in _personas(row) if row.expected(persona) == 200), None)  # noqa: PLR2004
    if who is None:
        return None
    client, address = _signed_in(world, who), row.address.format(**world.ids())
    client.get(address)
    queries, size = _asked(client, address)
    milliseconds = median(_milliseconds(client, address) for _ in range(TIMES))
    most = MOST_QUERIES_OF_AN_AUDIT if address.startswith("/audits/A-") else MOST_QUERIES
    return {"name": f"{row.address}, {who}: {queries} queries, {size:,} bytes", "value": round(milliseconds, 1),
            "unit": "ms", "target": MOST_MILLISECONDS,
            "met": milliseconds <= MOST_MILLISECONDS and queries <= most}


def _personas(row) -> list[str]:
    from audit_portal.tests.access.table import EVERYBODY

    return ["pq_lead", *EVERYBODY] if row.expected("pq_lead") == 200 else EVERYBODY  # noqa: PLR2004


def _signed_in(world, who: str):
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(getattr(world.cast, who), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _asked(client, address: str) -> tuple[int, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
        size = sum(len(part) for part in answer) if answer.streaming else len(answer.content)
    return len(asked), size


def _milliseconds(client, address: str) -> float:
    start = perf_counter()
    client.get(address)
    return (perf_counter() - start) * 1000
