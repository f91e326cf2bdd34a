"""What the apps above allocations register when they start: what a published allocation opens, when it was done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

Opens = Callable[..., Any]
Completions = Callable[[QuerySet], dict[int, datetime]]
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
    """`completions(allocations)` says for each of these allocations when its audit was completed."""
    _completions.append(completions)


def completed(allocations: QuerySet) -> dict[int, datetime]:
    """When the audits of some allocations were completed, by allocation."""
    return {pk: at for completions in _completions for pk, at in completions(allocations).items()}
