"""What the apps above allocations register when they start: what a published allocation opens, when it was done."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

Opens = Callable[..., Any]
Completions = Callable[[Iterable[int]], dict[int, datetime]]
_opens: list[Opens] = []
_completions: list[Completions] = []


def register_publication(opens: Opens) -> None:
    """`opens(allocation=…, by=…, at=…)` is called in the transaction in which a list is published."""
    _opens.append(opens)


def open_published(**call: Any) -> None:
    """Hand a published allocation to everything that follows it."""
    for opens in _opens:
        opens(**call)


def register_completions(completions: Completions) -> None:
    """`completions(auditors)` says for each allocation of these people when its audit was completed."""
    _completions.append(completions)


def completed(auditors: Iterable[int]) -> dict[int, datetime]:
    """When the audits of some auditors were completed, by allocation."""
    return {pk: at for completions in _completions for pk, at in completions(auditors).items()}
