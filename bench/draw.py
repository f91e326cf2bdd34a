"""How long a draw takes, replay included: 1,000, 10,000 (a county) and 100,000 cases (ten times a county)."""

import random
from collections import Counter
from datetime import UTC, datetime
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

STRATA = {"Child in need": 7, "Child protection plan": 2, "Child in care": 4, "Care leaver": 2, "Open assessment": 1}
SIZES = [(1_000, 25, 20, 0.2), (10_000, 70, 60, 2.0), (100_000, 700, 600, 30.0)]


def run() -> list[dict[str, Any]]:
    """Seconds for each size, with what is usual and with conflicts so many that they bind everywhere."""
    rows = [_replay_row()]
    for size, auditors, wanted, target in SIZES:
        usual = make_inputs(size, auditors, wanted, rivals=6)
        tight = make_inputs(size, wanted, wanted, rivals=wanted - 2)
        rows.append(_row(f"Draw {wanted} of {size:,} cases", usual, target))
        rows.append(_row(f"Draw {wanted} of {size:,} cases, few auditors for each", tight, target))
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


def _row(name: str, inputs: DrawInput, target: float) -> dict[str, Any]:
    start = perf_counter()
    result = draw(inputs, allow_short=True)
    seconds = perf_counter() - start
    full = len(result.assigned) == inputs.wanted
    return {"name": name, "value": round(seconds, 3), "unit": "s", "target": target, "met": full and seconds <= target}


def _replay_row() -> dict[str, Any]:
    inputs = make_inputs(10_000, 70, 60, rivals=6)
    record = certificate(inputs, draw(inputs), who="bench", when=datetime.now(UTC))
    start = perf_counter()
    same = compare(record) == []
    seconds = perf_counter() - start
    met = same and seconds <= 2
    return {"name": "Replay 10,000 cases", "value": round(seconds, 3), "unit": "s", "target": 2.0, "met": met}
