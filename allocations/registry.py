"""What the apps above allocations register when they start: what a published allocation opens, when it was done,
what becomes of one that is handed back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

Opens = Callable[..., Any]
Completions = Callable[[QuerySet], dict[int, datetime]]
Locks = Callable[[int], None]
_opens: list[Opens] = []
_completions: list[Completions] = []
_handbacks: list[tuple[Opens, Locks]] = []


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


def register_handback(follows: Opens, locks: Locks) -> None:
    """`follows(allocation=…, by=…, at=…)` is called in the transaction in which an exemption is agreed (S1-13);
    `locks(allocation)` before anything else of a request is locked: audit, allocation, request, always in this order.
    """
    _handbacks.append((follows, locks))


def lock_what_follows(allocation: int) -> None:
    """Lock what an allocation opened, so that nobody completes it while an exemption is asked for or decided."""
    for _, locks in _handbacks:
        locks(allocation)


def hand_back(**call: Any) -> None:
    """Hand an exempted allocation to everything that counted on its auditor."""
    for follows, _ in _handbacks:
        follows(**call)
