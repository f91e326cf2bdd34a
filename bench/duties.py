"""100,000 open duties in a county: what a tick costs in which 1,000 fall due, packing their e-mails, and the pages."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from statistics import median
from time import perf_counter
from typing import Any

NEEDS_DATABASE = True
OPEN, FALLING_DUE, A_PAGE, A_TICK, MOST_QUERIES = 100_000, 1_000, 0.1, 5.0, 25
KINDS = ("audit.complete", "audit.respond", "audit.finalise", "audit.check", "followup.reaudit")
TODAY = date(2026, 11, 21)
A_BATCH = 5_000
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Row = dict[str, Any]


def run() -> list[Row]:
    """Fills a county, then measures."""
    from django.core.management import call_command
    from django.db import connection

    from audit_portal.scale.council import make_scale
    from audit_portal.scale.sizes import SIZES

    call_command("load_programmes", verbosity=0)
    make_scale(SIZES["county"], TODAY)
    _open_duties()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does in an installation that has run for a day
    return [*_tick(), *_pages()]


def _open_duties() -> None:
    """One duty of each of five kinds about every audit; a hundredth of them has a rung that comes at noon."""
    from audits.models import Audit
    from duties.models import Duty
    from people.lines import pq_lead
    from people.roles import Role

    lead = pq_lead(TODAY)
    audits = list(Audit.objects.select_related("auditor", "team").order_by("pk")[: OPEN // len(KINDS)])
    ladders, noon, number = _ladders(), _noon(), 0
    rows: list[Duty] = []
    for audit in audits:
        for kind in KINDS:
            number += 1
            falls_due = number % (OPEN // FALLING_DUE) == 0
            owner = lead if kind in ("audit.check", "followup.reaudit") else audit.auditor
            rows.append(Duty(
                kind=kind, subject_type="audits.audit", subject_id=audit.pk, slot=str(number), title="Do this",
                audit_number=audit.number, meta=audit.service_name, url=f"/audits/{audit.number}/", owner=owner,
                role=Role.QA_LEAD, unit=audit.team, holder=owner, ladder=ladders[kind],
                due_at=noon + timedelta(days=number % 90 - 30), opened_at=noon - timedelta(days=60),
                next_rung_at=noon if falls_due else noon + timedelta(days=1 + number % 60)))
    Duty.objects.bulk_create(rows, batch_size=A_BATCH)


def _ladders() -> dict[str, Any]:
    from duties.models import Ladder

    return {kind: Ladder.objects.newest("s1", kind) for kind in KINDS}


def _noon() -> datetime:
    from calendars.rules import at_london

    return at_london(TODAY, time(12))


def _row(name: str, value: float, unit: str, target: float | None) -> Row:
    met = target is None or value <= target
    return {"name": name, "value": round(value, 3), "unit": unit, "target": target, "met": met}


def _tick() -> Iterator[Row]:
    """The tick at noon, batch by batch; then the packing of what it wrote."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from duties import delivery, tick
    from duties.models import Notice, RungFired

    most, touched, seconds = 0, 0, 0.0
    while True:
        with CaptureQueriesContext(connection) as asked:
            start = perf_counter()
            done = tick._tick_batch(_noon())
            seconds += perf_counter() - start
        if not done:
            break
        touched, most = touched + done, max(most, len(asked))
    if touched != FALLING_DUE or not RungFired.objects.exists():
        raise RuntimeError(f"{touched} duties fell due, not {FALLING_DUE}.")
    yield _row(f"Tick: {touched:,} of {OPEN:,} duties fall due", seconds, "s", A_TICK)
    yield _row("Tick: queries of a batch", most, "queries", MOST_QUERIES)
    waiting = Notice.objects.pending_email().count()
    seconds = _seconds(lambda: delivery.pack(_noon()), times=1)
    yield _row(f"Pack {waiting:,} notices", seconds, "s", A_TICK)


def _seconds(work: Callable[[], object], times: int) -> float:
    """The middle of so many runs."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return median(taken)


def _pages() -> Iterator[Row]:
    """Server time (the middle of seven) and queries of the pages that show duties."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from people.lines import pq_lead

    lead = pq_lead(TODAY)
    for name, person, address in _shown(lead):
        client = Client(SERVER_NAME="localhost")
        client.force_login(person, backend=BACKEND)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            if client.get(address).status_code != 200:
                raise RuntimeError(f"{address} did not open.")
        queries = len(asked)
        yield _row(f"{name}", _seconds(lambda client=client, at=address: client.get(at), times=7), "s", A_PAGE)
        yield _row(f"{name}", queries, "queries", MOST_QUERIES)


def _shown(lead: Any) -> Iterator[tuple[str, Any, str]]:
    from duties.models import Duty

    auditor = Duty.objects.exclude(holder=lead).select_related("holder").first().holder
    held = {person: Duty.objects.held_by(person).count() for person in (auditor, lead)}
    yield f"My work of an auditor with {held[auditor]:,}", auditor, "/"
    yield f"My work of the lead with {held[lead]:,}", lead, "/"
    manager = auditor.unit.manager or lead
    yield "Team view", manager if manager.hats().manages else lead, "/team/"
    yield "Outstanding board", lead, "/outstanding/"
    yield "Outstanding board by service", lead, "/outstanding/?by=service"
    yield "Outstanding board, filtered", lead, "/outstanding/?kind=audit.check&age=month"
    yield "Inbox", lead, "/inbox/"
