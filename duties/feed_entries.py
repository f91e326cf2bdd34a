"""What higher apps put into somebody's calendar beside their duties: appointments. No name, nothing on a child."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from people.models import Staff


@dataclass(frozen=True)
class Entry:
    """Something at a time; a change raises `sequence`, the uid stays. `path` is its page in the portal."""

    uid: str
    sequence: int
    summary: str
    path: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool = False


Entries = Callable[[Staff, datetime], Iterable[Entry]]
_sources: list[Entries] = []


def register_entries(source: Entries) -> None:
    """`source(staff, at)` gives what stands in somebody's calendar; it answers for who may know of it."""
    _sources.append(source)


def entries_of(staff: Staff, at: datetime) -> Iterator[Entry]:
    """All of them."""
    for source in _sources:
        yield from source(staff, at)
