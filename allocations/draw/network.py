"""The flow behind the draw: source - strata - kinds - auditors - sink.

A kind is the cases of one stratum that exactly the same auditors may have. They are interchangeable
for the question whether a list can be completed, so the flow counts cases per kind. Nodes are numbered
in the order of the flow: an arc to a higher number adds a case, an arc to a lower one takes one back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SOURCE = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """`size` cases of a stratum (by number, from 0) that the auditors in the bit mask may have."""

    stratum: int
    mask: int
    size: int


class Network:
    """A flow that is feasible at every moment; `push` moves it along one path or cycle."""

    def __init__(self, quotas: Sequence[int], kinds: Sequence[Kind], capacities: Sequence[int]) -> None:
        self.first_kind = 1 + len(quotas)
        self.first_auditor = self.first_kind + len(kinds)
        self.sink = self.first_auditor + len(capacities)
        self.strata = range(1, self.first_kind)
        self.kinds = range(self.first_kind, self.first_auditor)
        self.auditors = range(self.first_auditor, self.sink)
        self.limit = [0, *quotas, *(kind.size for kind in kinds), *capacities, 0]
        self.kept = [0] * (self.sink + 1)  # accepted cases of a kind: never taken back
        self.through = [0] * (self.sink + 1)
        self.mask = {self.first_kind + index: kind.mask for index, kind in enumerate(kinds)}
        self.stratum_of = {self.first_kind + index: 1 + kind.stratum for index, kind in enumerate(kinds)}
        self.kinds_of: dict[int, list[int]] = {stratum: [] for stratum in self.strata}
        for kind, stratum in self.stratum_of.items():
            self.kinds_of[stratum].append(kind)
        self.held: dict[int, dict[int, int]] = {auditor: {} for auditor in self.auditors}
        self.holders: dict[int, dict[int, int]] = {kind: {} for kind in self.kinds}
        self.spare = dict.fromkeys(self.strata, 0)  # the auditors who hold a case of the stratum that is not accepted

    def fill(self) -> int:
        """Make the flow a maximum one, and say how many cases it carries."""
        self._give_freely()
        while path := self.path(SOURCE, self.sink):
            self.push(path)
        return self.through[self.sink]

    def _give_freely(self) -> None:
        """A start that needs no search: case after case to the first auditor who may have it and has a place."""
        free = sum(self.bit(auditor) for auditor in self.auditors if self.limit[auditor])
        for stratum in self.strata:
            for kind in self.kinds_of[stratum]:
                if self.through[stratum] == self.limit[stratum] or not free:
                    break
                while (able := self.mask[kind] & free) and self._has_more(stratum, kind):
                    auditor = self.first_of(able)
                    self.push((SOURCE, stratum, kind, auditor, self.sink))
                    if self.through[auditor] == self.limit[auditor]:
                        free ^= self.bit(auditor)

    def _has_more(self, stratum: int, kind: int) -> bool:
        return self.through[stratum] < self.limit[stratum] and self.through[kind] < self.limit[kind]

    def bit(self, auditor: int) -> int:
        """The place of an auditor in masks."""
        return 1 << (auditor - self.first_auditor)

    def first_of(self, mask: int) -> int:
        """The first auditor in a mask."""
        return self.first_auditor + (mask & -mask).bit_length() - 1

    def admit(self, kind: int) -> "Search | None":
        """Accept one more case of the kind if a list as long as this flow still holds all accepted.

        Only if not, give back the failed search: what it reached proves the refusal.
        """
        if self.through[kind] == self.kept[kind]:
            stratum = self.stratum_of[kind]
            path = self._exchange(kind, stratum)
            if not path:
                search = Search(self, kind, stratum)
                if not search.found:
                    self.limit[kind] = self.kept[kind]  # the accepted cases only grow, so this is for good
                    return search
                path = search.path_to(stratum)
            self.push([*path, kind])
        self._keep(kind)
        return None

    def _exchange(self, kind: int, stratum: int) -> list[int]:
        """The shortest way to take a case in: an auditor lets go of one of its stratum that is not accepted."""
        able = self.mask[kind] & self.spare[stratum]
        if not able:
            return []
        auditor = self.first_of(able)
        other = next(each for each in self.held[auditor] if self._is_spare(each) and self.stratum_of[each] == stratum)
        return [kind, auditor, other, stratum]

    def _is_spare(self, kind: int) -> bool:
        """The flow carries a case of the kind that is not accepted."""
        return self.through[kind] > self.kept[kind]

    def _keep(self, kind: int) -> None:
        self.kept[kind] += 1
        if not self._is_spare(kind):
            for auditor in self.holders[kind]:
                self._mark_spare(auditor, self.stratum_of[kind])

    def _mark_spare(self, auditor: int, stratum: int) -> None:
        """Note whether the auditor holds a case of the stratum that is not accepted."""
        has = any(self._is_spare(kind) and self.stratum_of[kind] == stratum for kind in self.held[auditor])
        bit = self.bit(auditor)
        self.spare[stratum] = self.spare[stratum] | bit if has else self.spare[stratum] & ~bit

    def path(self, start: int, goal: int) -> list[int]:
        """A way to move one case from start to goal; empty if there is none."""
        search = Search(self, start, goal)
        return search.path_to(goal) if search.found else []

    def push(self, path: Sequence[int]) -> None:
        """Move the flow by one case along the path."""
        before = {kind: self._is_spare(kind) for kind in path if kind in self.mask}
        touched = set()
        for node, following in pairwise(path):
            change = 1 if node < following else -1
            lower, upper = min(node, following), max(node, following)
            self.through[upper] += change
            if lower in self.mask:
                self._hold(upper, lower, change)
                touched.add((upper, self.stratum_of[lower]))
        for kind, was_spare in before.items():
            if self._is_spare(kind) != was_spare:
                touched |= {(auditor, self.stratum_of[kind]) for auditor in self.holders[kind]}
        for auditor, stratum in touched:
            self._mark_spare(auditor, stratum)

    def take_out(self, kind: int, auditor: int) -> None:
        """Settle one accepted case of the kind with the auditor: neither takes further part in it."""
        self._hold(auditor, kind, -1)
        self.through[auditor] -= 1
        self.through[kind] -= 1
        self.kept[kind] -= 1

    def _hold(self, auditor: int, kind: int, change: int) -> None:
        count = self.held[auditor].get(kind, 0) + change
        self.held[auditor][kind] = self.holders[kind][auditor] = count
        if not count:
            del self.held[auditor][kind], self.holders[kind][auditor]


class Search:
    """Depth-first: where could one more case at `start` go, moving others but dropping no accepted one?

    `reached` maps every node found to the node before it. The search stops at `goal`.
    """

    def __init__(self, network: Network, start: int, goal: int | None = None) -> None:
        self.network = network
        self.start = start
        self.reached = {start: start}
        self.unseen = (1 << len(network.auditors)) - 1
        self.found = False
        self._mark(start)
        self._run(start, goal)

    def path_to(self, node: int) -> list[int]:
        """The nodes from start to this one."""
        path = [node]
        while self.reached[node] != node:
            node = self.reached[node]
            path.append(node)
        return path[::-1]

    def _run(self, start: int, goal: int | None) -> None:
        trail, steps = [start], [self._steps(start)]
        while trail:
            node = next(steps[-1], None)
            if node is None:
                trail.pop(), steps.pop()
            elif node not in self.reached:
                self.reached[node] = trail[-1]
                if node == goal:
                    self.found = True
                    return
                self._mark(node)
                trail.append(node)
                steps.append(self._steps(node))

    def _mark(self, node: int) -> None:
        if node in self.network.held:
            self.unseen &= ~self.network.bit(node)

    def _steps(self, node: int) -> Iterator[int]:
        """The nodes to which a case at this node can move on; those cheap or near the end first."""
        net = self.network
        if node == SOURCE:
            return (stratum for stratum in net.strata if net.through[stratum] < net.limit[stratum])
        if node < net.first_kind:
            return self._from_stratum(node)
        if node < net.first_auditor:
            return self._from_kind(node)
        if node < net.sink:
            return self._from_auditor(node)
        return (auditor for auditor in net.auditors if net.through[auditor])

    def _from_stratum(self, stratum: int) -> Iterator[int]:
        """Another case of the stratum, if it leads to an auditor not seen yet; or one less of it."""
        net = self.network
        if net.through[stratum]:
            yield SOURCE
        for kind in net.kinds_of[stratum]:
            if net.mask[kind] & self.unseen and net.through[kind] < net.limit[kind]:
                yield kind
            if not self.unseen:
                return

    def _from_kind(self, kind: int) -> Iterator[int]:
        """Back to the stratum, if the kind has a case that is not accepted; or to another auditor."""
        net = self.network
        if net.through[kind] > net.kept[kind]:
            yield net.stratum_of[kind]
        while new := net.mask[kind] & self.unseen:
            yield net.first_of(new)

    def _from_auditor(self, auditor: int) -> Iterator[int]:
        """A free place, or in place of a case that the auditor holds."""
        net = self.network
        if net.through[auditor] < net.limit[auditor]:
            yield net.sink
        yield from net.held[auditor]
