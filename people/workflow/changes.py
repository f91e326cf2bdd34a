"""Setting fields and saying which of them differ, for the trail."""

from collections.abc import Iterable
from typing import Any

from django.db import models


def apply(record: models.Model, given: dict[str, Any], known: Iterable[str]) -> dict[str, list[str]]:
    """Set what was given; gives old and new of each field that differs. Unknown fields raise TypeError."""
    if strangers := given.keys() - set(known):
        raise TypeError(f"No such field: {', '.join(sorted(strangers))}")
    changes = {}
    for name, value in given.items():
        before = getattr(record, name)
        if before != value:
            setattr(record, name, value)
            changes[name] = [_text(before), _text(value)]
    return changes


def _text(value: Any) -> str:
    return "" if value is None else str(value)
