"""How long the nightly check of the duties takes in a county, where all is well and where a hundred duties are lost."""

from io import StringIO
from time import perf_counter
from typing import Any

NEEDS_DATABASE = True
LOST, TARGET, REPAIRING = 100, 60, 90
Row = dict[str, Any]


def run() -> list[Row]:
    """One check of a healthy council, and one after a hundred open duties were closed by nobody."""
    from django.core.management import call_command

    for command in (["load_programmes"], ["seed_scale", "county"]):
        call_command(*command, stdout=StringIO())
    healthy, seconds, queries = _swept()
    lost = _lose(LOST)
    repaired, longer, _ = _swept()
    return [
        {"name": f"Nightly check, {healthy.checked} looked at", "value": round(seconds, 1), "unit": "s",
         "target": TARGET, "met": seconds <= TARGET and healthy.finished_at is not None},
        {"name": "… put right where all is well", "value": healthy.repaired, "unit": "", "target": 0,
         "met": healthy.repaired == 0},
        {"name": "… queries", "value": queries, "unit": "queries", "target": None, "met": True},
        {"name": f"Nightly check with {lost} duties lost", "value": round(longer, 1), "unit": "s", "target": REPAIRING,
         "met": longer <= REPAIRING and repaired.opened == lost},
    ]


def _swept() -> tuple[Any, float, int]:
    from django.db import connection
    from django.utils import timezone

    from duties.sweep import begin, carry_on

    asked = 0

    def counted(execute, sql, params, many, context):
        nonlocal asked
        asked += 1
        return execute(sql, params, many, context)

    now, start = timezone.now(), perf_counter()
    sweep, _ = begin(at=now)
    with connection.execute_wrapper(counted):
        carry_on(sweep, at=now)
    return sweep, perf_counter() - start, asked


def _lose(count: int) -> int:
    """Close some duties without their verbs, as a fault would."""
    from django.utils import timezone

    from duties.models import Duty
    from people.lines import system_actor

    some = Duty.objects.open().order_by("pk").values("pk")[:count]
    facts = {"closed_at": timezone.now(), "closed_by": system_actor(), "outcome": "lost", "next_rung_at": None}
    return Duty.objects.filter(pk__in=some).update(**facts)
