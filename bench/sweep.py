"""How long the nightly check of the duties takes in a county, where all is well and where a hundred duties are lost."""

from io import StringIO
from time import perf_counter
from typing import Any

NEEDS_DATABASE = True
LOST, TARGET = 100, 60
Row = dict[str, Any]


def run() -> list[Row]:
    """Three checks: of the council as it is seeded, when all is well, and after duties were closed by nobody.

    The seed writes the audits of its newest month without duties, so the first check has the most to put right.
    """
    from django.core.management import call_command

    for command in (["load_programmes"], ["seed_scale", "county"]):
        call_command(*command, stdout=StringIO())
    seeded, at_first, _ = _swept()
    healthy, seconds, queries = _swept()
    lost = _lose(LOST)
    repaired, longer, _ = _swept()
    return [
        _row(f"As seeded: {seeded.opened} duties opened that the seed leaves out", at_first, seeded.opened > 0),
        _row(f"All well: {healthy.checked} looked at, {queries} queries", seconds, healthy.repaired == 0),
        _row(f"{lost} duties lost", longer, repaired.opened == lost and repaired.repaired == lost),
    ]


def _row(name: str, seconds: float, is_right: bool) -> Row:
    return {"name": name, "value": round(seconds, 1), "unit": "s", "target": TARGET,
            "met": is_right and seconds <= TARGET}


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
