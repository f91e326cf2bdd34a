"""What higher apps add to people: who follows a change of people, and what a person holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from people.models import Staff, Unit


@dataclass(frozen=True)
class Moved:
    """What a change touches: units, people, roles; and units whose line above is another now."""

    units: tuple["Unit", ...] = ()
    lines: tuple["Unit", ...] = ()
    staff: tuple["Staff", ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Held:
    """One kind of thing that somebody holds, and what becomes of it when they leave."""

    title: str
    count: int
    then: str
    to_quality: bool = False


Follower = Callable[[Moved, "Staff", datetime], None]
Count = tuple[int, str, str]
_followers: list[Follower] = []
_in_unit: list[Callable[["Unit"], Count]] = []
_holdings: list[Callable[["Staff"], Iterator[Held]]] = []


def register_follower(follower: Follower) -> None:
    """`follower(moved, by, at)` is called in the transaction of every change of who stands where."""
    _followers.append(follower)


def people_moved(moved: Moved, *, by: "Staff", at: datetime) -> None:
    """Tell the followers: who holds which duty, and who manages which case, is found anew."""
    for follower in _followers:
        follower(moved, by, at)


def register_holdings(holdings: Callable[["Staff"], Iterator[Held]]) -> None:
    """`holdings(staff)` says what somebody holds of an app's records."""
    _holdings.append(holdings)


def holdings_of(staff: "Staff") -> list[Held]:
    """All that a person holds, without what they have none of."""
    return [held for holdings in _holdings for held in holdings(staff) if held.count]


def register_in_unit(count: Callable[["Unit"], Count]) -> None:
    """`count(unit)` says how many open records a unit has, with the word for one and for many."""
    _in_unit.append(count)


def in_unit(unit: "Unit") -> list[Count]:
    """What higher apps have in a unit: it cannot be closed before."""
    return [count(unit) for count in _in_unit]
