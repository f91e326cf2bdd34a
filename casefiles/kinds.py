"""Kinds of list that can be imported. Higher apps register theirs when they start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from casefiles.reading.apart import Table
from casefiles.reading.results import Note, Reading, Refusal
from casefiles.shown import Part
from people.models import Staff


class Plan(Protocol):
    """What an import would do, worked out against what is there."""

    reading: Reading
    refused: list[Refusal]

    def counts(self) -> dict[str, Any]:
        """The figures of the preview."""

    def notes(self) -> list[Note]:
        """Lines worth checking."""

    def as_json(self) -> dict[str, Any]:
        """All that writing would change; two plans that would change the same give the same."""

    def parts(self) -> list[Part]:
        """The first rows of each kind, to be looked at."""


@dataclass(frozen=True)
class ImportKind:
    """How a kind of list is read, planned and written."""

    name: str
    check: Callable[[Staff], None]
    read: Callable[[Sequence[Table], date], Reading]
    plan: Callable[[Reading, date], Plan]
    write: Callable[[Any, Staff, datetime], None]
    asks_columns: bool = False


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Make a kind of list known; a name can be taken once."""
    if kind.name in _kinds:
        raise ValueError(f"The list {kind.name} is registered already.")
    _kinds[kind.name] = kind


def kind_of(name: str) -> ImportKind:
    """The kind of that name; KeyError where no app registered it."""
    return _kinds[name]


def kinds() -> list[ImportKind]:
    """All kinds, in the order of registration."""
    return list(_kinds.values())
