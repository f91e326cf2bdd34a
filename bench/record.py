"""How long the record of a full audit takes: nine domains of 600 words, eight actions, every field, Part B."""

from datetime import timedelta
from statistics import median
from time import perf_counter, process_time
from typing import Any

NEEDS_DATABASE = True
TARGET, TIMES, WORDS, ACTIONS = 2.0, 7, 600, 8
Row = dict[str, Any]


def run() -> list[Row]:
    """Server time of the whole page (the middle of seven, the first apart), its pages and bytes."""
    from django.test import Client

    from audit_portal.testing.pdf import pages_of

    audit, cast = _full_audit()
    client = Client(SERVER_NAME="localhost")
    client.force_login(cast.pq_lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    rows = []
    for name, query in (("with names", ""), ("without names", "?names=no")):
        address = f"/audits/{audit.number}/record.pdf{query}"
        first, _, content = _timed(lambda address=address: client.get(address).content)
        times = [_timed(lambda address=address: client.get(address))[:2] for _ in range(TIMES)]
        rows += [_row(f"Record {name}, first of a process", first, "s"),
                 _row(f"Record {name}", median(seconds for seconds, _ in times), "s", TARGET),
                 _row(f"Record {name}, of the processor alone", median(busy for _, busy in times), "s"),
                 _row(f"Record {name}, pages", pages_of(content), "pages"),
                 _row(f"Record {name}, size", len(content), "bytes")]
    return rows


def _row(name: str, value: float, unit: str, target: float | None = None) -> Row:
    return {"name": name, "value": round(value, 2), "unit": unit, "target": target,
            "met": target is None or value <= target}


def _timed(work) -> tuple[float, float, Any]:
    """Seconds by the clock and of the processor (on a busy machine they differ), and what the work gave."""
    start, busy = perf_counter(), process_time()
    result = work()
    return perf_counter() - start, process_time() - busy, result


def _full_audit():
    from audit_portal.testing.factories import PATHS, START, load_s1, make_audit, make_cast, walk
    from audits import workflow

    text = _text(WORDS)
    cast, version = make_cast(), load_s1()
    audit = walk(make_audit(cast, version), ["open", "write"], cast)
    at = START + timedelta(days=2, hours=1)
    for row in audit.answers.filter(field__in=["evidence", "worker_said", "family_views", "grade_evidence", "strengths",
                                               "good_practice", "organisational_learning"]):
        value = text if row.domain_id else _text(WORDS // 3)
        workflow.save_answer(audit=audit, field=row.field, value=value, version=row.version, domain=row.domain,
                             by=audit.auditor, at=at)
    for _ in range(ACTIONS - 1):
        workflow.add_action(audit=audit, by=audit.auditor, at=at, what=_text(30), owner=cast.worker,
                            due_on=(START + timedelta(days=30)).date(), measure=_text(30), change_for_child=_text(30))
    walk(audit, [step for step in PATHS["closed"] if step not in ("open", "write")], cast)
    workflow.add_addendum(audit=audit, about="Family views", text=_text(200), by=audit.auditor,
                          at=START + timedelta(days=12))
    return audit, cast


def _text(words: int) -> str:
    """So many words in paragraphs of eighty, as somebody types them."""
    some = ("the", "record", "shows", "that", "each", "visit", "was", "written", "up", "within", "a", "week", "and",
            "what", "the", "child", "said", "stands", "there", "in", "her", "own", "words.")
    said = [some[number % len(some)] for number in range(words)]
    return "\n\n".join(" ".join(said[start : start + 80]) for start in range(0, words, 80))
