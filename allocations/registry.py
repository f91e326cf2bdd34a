"""What the apps above allocations register when they start: what a published allocation opens."""

from collections.abc import Callable
from typing import Any

Opens = Callable[..., Any]
_opens: list[Opens] = []


def register_publication(opens: Opens) -> None:
    """`opens(allocation=…, by=…, at=…)` is called in the transaction in which a list is published."""
    _opens.append(opens)


def open_published(**call: Any) -> None:
    """Hand a published allocation to everything that follows it."""
    for opens in _opens:
        opens(**call)
