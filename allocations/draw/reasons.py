"""Why a case was passed over, and why a list is short, in sentences that the inputs bear out.

Both come from a set of auditors whose places, or possible cases, are exactly used up. Which set that is
depends on the inputs and the accepted cases alone, not on how the flow happens to run.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from allocations.draw.board import Board
from allocations.draw.inputs import listed
from allocations.draw.network import SOURCE, Network, Search


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Taking this case would have left these auditors, or these strata, without a case."""

    reference: str
    reason: str
    auditors: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()


def why_refused(board: Board, search: Search, reference: str) -> PassedOver:
    """Name who would go without.

    The failed search has reached the auditors whose places are all needed for other cases, and the
    strata that need some of these places. Where that is more than half of the auditors, it is clearer to
    name those who would lose a case; where it is no stratum, accepted cases need all the places.
    """
    full, strata = board.auditor_names(search.reached), board.stratum_names(search.reached)
    if not full:
        return PassedOver(reference, "No auditor in this draw may have it.")
    if 2 * len(full) > len(board.auditors):
        return _auditors_without(board, search, reference)
    busy = f"{_named('auditor', full)} {_has(full)} no other place"
    if not strata:
        return PassedOver(reference, f"Taking it would leave an accepted case without an auditor: {busy}.")
    text = f"Taking it would leave {_named('stratum', strata)} one case short: {busy}."
    return PassedOver(reference, text, strata=strata)


def _auditors_without(board: Board, search: Search, reference: str) -> PassedOver:
    """Those whose cases the list needs, and who could have one fewer if this case were taken."""
    net = board.network
    nodes = _leading_to(net, net.stratum_of[search.start])
    losers = board.auditor_names(nodes)
    load = sum(net.through[node] for node in nodes if node in net.auditors)
    text = f"Taking it would leave {_named('auditor', losers)}"
    if load == 1:
        return PassedOver(reference, f"{text} without a case.", auditors=losers)
    few = f"with only {load - 1} of the {load} cases that the list needs them to have."
    return PassedOver(reference, f"{text} {few}", auditors=losers)


def why_short(board: Board, length: int) -> str:
    """Say which auditors have too few possible cases, or which strata too few possible places."""
    net = board.network
    lacking = board.auditor_names(_leading_to(net, net.sink))
    ahead = Search(net, SOURCE).reached
    if not lacking:
        places = _count(length, "place")
        return f"The auditors have only {places} together, and the quotas ask for {board.inputs.wanted} cases."
    if len(lacking) <= len(board.auditor_names(ahead)):
        return _too_few_cases(board, lacking, length)
    return _too_few_places(board, ahead, length)


def _too_few_cases(board: Board, lacking: tuple[str, ...], length: int) -> str:
    """All other auditors are full; these must make up the list and cannot."""
    others = sum(auditor.capacity for auditor in board.auditors if auditor.reference not in lacking)
    possible, needed = length - others, board.inputs.wanted - others
    cases = f"only {_count(possible, 'possible case')}" if possible else "no possible case"
    if len(lacking) == 1:
        return f"Auditor {lacking[0]} has {cases} within the quotas, and the list needs {needed} from them."
    return (
        f"These {len(lacking)} auditors together have {cases} within the quotas, "
        f"and the list needs {needed} from them: {listed(lacking)}."
    )


def _too_few_places(board: Board, ahead: Iterable[int], length: int) -> str:
    """The quotas of these strata ask for more than their cases can find places for."""
    strata, full = board.stratum_names(ahead), board.auditor_names(ahead)
    places = sum(auditor.capacity for auditor in board.auditors if auditor.reference in full)
    asked = sum(board.inputs.quotas[stratum] for stratum in strata)
    free = length - places - (board.inputs.wanted - asked)
    few = f"only {free} of them" if free else "none of them"
    quota = f"The quotas ask for {_count(asked, 'case')} of {_named('stratum', strata)}"
    if not full:
        return f"{quota}, but {few} may go to any auditor at all."
    return (
        f"{quota}, but {few} may go to anyone other than {_named('auditor', full)}, "
        f"who {_has(full)} only {_count(places, 'place')}."
    )


def _leading_to(net: Network, goal: int) -> set[int]:
    """Every node from which one more case could move on to the goal (`Search`, walked backwards).

    Kinds that nobody holds are passed over in one step, from their stratum to the auditors.
    """
    holders: dict[int, list[int]] = {}
    for auditor, kinds in net.held.items():
        for kind in kinds:
            holders.setdefault(kind, []).append(auditor)
    within = {stratum: _room(net, stratum) for stratum in net.strata} | {kind: net.mask[kind] for kind in holders}
    seen: set[int] = set()
    layer = {goal}
    while layer:
        seen |= layer
        bits = sum(1 << (node - net.first_auditor) for node in layer if node in net.auditors)
        givers = {node for node, mask in within.items() if mask & bits}
        layer = givers.union(*(_steps_back(net, node, holders) for node in layer)) - seen
    return seen


def _room(net: Network, stratum: int) -> int:
    """The auditors who may have some case of the stratum that is not on the list."""
    mask = 0
    for kind in net.kinds_of[stratum]:
        if net.through[kind] < net.limit[kind]:
            mask |= net.mask[kind]
    return mask


def _steps_back(net: Network, node: int, holders: dict[int, list[int]]) -> list[int]:
    """The nodes whose next step may be this one, apart from those whose next step is an auditor."""
    room = net.through[node] < net.limit[node]
    if node == SOURCE:
        return [stratum for stratum in net.strata if net.through[stratum]]
    if node in net.strata:
        own = [kind for kind in holders if net.stratum_of[kind] == node]
        loose = [kind for kind in own if net.through[kind] > net.kept[kind]]
        return [*loose, SOURCE] if room else loose
    if node in net.kinds:
        return [*holders[node], net.stratum_of[node]] if room else holders[node]
    if node in net.auditors:
        return [net.sink] if net.through[node] else []
    return [auditor for auditor in net.auditors if net.through[auditor] < net.limit[auditor]]


def _named(noun: str, names: tuple[str, ...]) -> str:
    plural = {"auditor": "auditors", "stratum": "strata"}[noun]
    return f"{noun if len(names) == 1 else plural} {listed(names)}"


def _has(names: tuple[str, ...]) -> str:
    return "has" if len(names) == 1 else "have"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
