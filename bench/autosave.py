"""What it costs to keep what somebody types: server time and queries of autosave, on an audit with full texts."""

from statistics import median, quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

NEEDS_DATABASE = True
SAVES, WORDS = 300, 600
MOST_MILLISECONDS, MOST_QUERIES = 50, 8
Row = dict[str, Any]


def run() -> list[Row]:
    """300 savings of a long text by one page, 300 that another page overtook, and the queries of each kind."""
    from django.db import connection
    from django.test import Client

    from audit_portal.testing import factories

    version, cast = factories.load_s1(), factories.make_cast()
    audit = factories.make_audit_at("in_progress", cast, version)
    factories.fill_in(audit, factories.START)
    client = Client(SERVER_NAME="localhost")
    client.force_login(cast.auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/help/")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    page = _Page(client, audit)
    first = page.save(200)
    rows = _rows("saving", [page.save(200) for _ in range(SAVES)])
    other = _Page(client, audit, version=0)
    rows += _rows("kept beside another text", [other.save(409) for _ in range(SAVES)])
    return [_row("Autosave: first saving of a page, queries", first[1], MOST_QUERIES, "queries"), *rows]


class _Page:
    """One page, on which somebody types on and on."""

    def __init__(self, client, audit, version: int = 1) -> None:
        self.client, self.url = client, f"/audits/{audit.number}/answers/"
        self.sitting, self.sequence, self.version = str(uuid4()), 0, version
        self.words = ["Seen alone on 14 October."] * (WORDS // 5)

    def save(self, status: int) -> tuple[float, int]:
        """Milliseconds and queries of one saving."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.sequence += 1
        self.words.append(f"word{self.sequence}")
        sent = {"field": "evidence", "domain": "relationships", "value": " ".join(self.words),
                "version": self.version, "sitting": self.sitting, "sequence": self.sequence}
        with CaptureQueriesContext(connection) as asked:
            start = perf_counter()
            answer = self.client.post(self.url, sent)
            seconds = perf_counter() - start
        if answer.status_code != status:
            raise AssertionError(f"Autosave answered {answer.status_code}, not {status}.")
        self.version = answer.json().get("version", self.version)
        return seconds * 1000, len(asked)


def _rows(what: str, saves: list[tuple[float, int]]) -> list[Row]:
    times = [milliseconds for milliseconds, _ in saves]
    return [
        _row(f"Autosave: {what}, median of {len(saves)}", round(median(times), 1), MOST_MILLISECONDS, "ms"),
        _row(f"Autosave: {what}, 95 of 100 within", round(quantiles(times, n=20)[-1], 1), MOST_MILLISECONDS, "ms"),
        _row(f"Autosave: {what}, queries", max(queries for _, queries in saves), MOST_QUERIES, "queries"),
    ]


def _row(name: str, value: float, target: float, unit: str) -> Row:
    return {"name": name, "value": value, "unit": unit, "target": target, "met": value <= target}
