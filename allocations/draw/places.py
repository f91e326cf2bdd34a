"""Assign: which auditor gets which accepted case."""

from collections.abc import Iterator

from allocations.draw.board import Board
from allocations.draw.network import Network, Search
from allocations.draw.tickets import in_order, ticket


def place(board: Board, accepted: list[str]) -> list[tuple[str, str]]:
    """Pairs of case and auditor in slot order. The network must carry exactly the accepted cases."""
    net = board.network
    left = [(each, board.kind_of[each]) for each in in_order(board.inputs.seed, "place", accepted)]
    pairs = []
    for auditor, name in _slots(board):
        if not left:
            break
        if chosen := _first(net, auditor, left):
            index, path = chosen
            case, kind = left.pop(index)
            _give(net, kind, path)
            pairs.append((case, name))
        net.limit[auditor] -= 1
    return pairs


def _first(net: Network, auditor: int, left: list[tuple[str, int]]) -> tuple[int, list[int]] | None:
    """The place in the order of the first case that the auditor can have, and a way from them to who holds it."""
    bit, search, givers = net.bit(auditor), None, {}
    for index, (_, kind) in enumerate(left):
        if not net.mask[kind] & bit:
            continue
        if path := _short_way(net, auditor, kind):
            return index, path
        if search is None:
            search = Search(net, auditor)
            givers = _givers(net, search)
        if kind in givers:
            return index, search.path_to(givers[kind])
    return None


def _short_way(net: Network, auditor: int, kind: int) -> list[int]:
    """The auditor holds such a case, has a free place, or can swap with who holds it; empty where none of these."""
    holders = net.holders[kind]
    if auditor in holders:
        return [auditor]
    giver = next(iter(holders))
    if net.through[auditor] < net.limit[auditor]:
        return [auditor, net.sink, giver]
    swaps = ((other, giver) for other in net.held[auditor] for giver in holders if net.mask[other] & net.bit(giver))
    found = next(swaps, None)
    return [auditor, *found] if found else []


def _slots(board: Board) -> Iterator[tuple[int, str]]:
    """Auditors slot by slot: first everyone's slot 1 in order of its ticket, then slot 2, and so on."""
    seed, nodes = board.inputs.seed, zip(board.network.auditors, board.auditors, strict=True)
    auditors = [(node, auditor.reference, auditor.capacity) for node, auditor in nodes]
    number = 1
    while auditors := [each for each in auditors if each[2] >= number]:
        order = sorted((ticket(seed, "slot", f"{name}#{number}"), name, node) for node, name, _ in auditors)
        yield from ((node, name) for _, name, node in order)
        number += 1


def _givers(net: Network, search: Search) -> dict[int, int]:
    """The kinds of which this auditor may be given a case, and who holds it now.

    It can come from anyone to whom, in exchange, a case of this auditor can move, perhaps by way of others.
    """
    bit = net.bit(search.start)
    givers = {kind: node for node in search.reached if node in net.held for kind in net.held[node]}
    return {kind: giver for kind, giver in givers.items() if net.mask[kind] & bit}


def _give(net: Network, kind: int, path: list[int]) -> None:
    """Move a case of the kind from the end of the path to its start, then settle it there."""
    auditor = path[0]
    if len(path) > 1:
        net.push([*path, kind, auditor])
    net.take_out(kind, auditor)
