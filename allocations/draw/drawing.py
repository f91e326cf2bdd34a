"""The draw itself: select, assign, reserves; or the reason why no full list exists."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from allocations.draw.board import Board
from allocations.draw.inputs import DrawInput, check
from allocations.draw.places import place
from allocations.draw.reasons import PassedOver, why_short
from allocations.draw.selection import select


@dataclass(frozen=True, slots=True)
class DrawResult:
    """The list in slot order with what was decided on the way.

    `short` is the reason why no full list exists, or empty. A short list is drawn only when it is
    confirmed (`short_confirmed`); until then nothing is assigned and nothing is in reserve.
    """

    assigned: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    second_pass: tuple[str, ...] = ()
    reserves: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    short: str = ""
    short_confirmed: bool = False
    possible: int = 0

    @property
    def is_drawn(self) -> bool:
        """There is a list: a full one, or the longest one, confirmed."""
        return not self.short or self.short_confirmed


def draw(inputs: DrawInput, *, allow_short: bool = False) -> DrawResult:
    """Draw the list that the statement in `allocations.draw` fixes.

    Where no full list exists, the result only names the reason and the length of the longest list,
    unless P&Q have confirmed that the longest is to be drawn (`allow_short`).
    """
    check(inputs)
    board = Board(inputs)
    possible = board.network.fill()
    short = why_short(board, possible) if possible < inputs.wanted else ""
    if short and not allow_short:
        return DrawResult(short=short, possible=possible)
    selection = select(board, possible)
    return DrawResult(
        assigned=tuple(place(board, selection.accepted)),
        passed_over=tuple(selection.passed_over),
        second_pass=tuple(selection.second_pass),
        reserves=_reserves(board, set(selection.accepted)),
        short=short,
        short_confirmed=bool(short),
        possible=possible,
    )


def _reserves(board: Board, accepted: set[str]) -> dict[str, tuple[str, ...]]:
    """Every case that was not accepted, per stratum in order of ticket("case", reference)."""
    reserves: dict[str, list[str]] = {stratum: [] for stratum in board.strata}
    for reference in board.order:
        if reference not in accepted:
            reserves[board.cases[reference].stratum].append(reference)
    return {stratum: tuple(references) for stratum, references in reserves.items()}
