"""The inputs laid out as a network, with the names of its nodes."""

from collections.abc import Iterable

from allocations.draw.inputs import DrawInput
from allocations.draw.network import Kind, Network
from allocations.draw.tickets import in_order


class Board:
    """Nothing here depends on the order in which the cases, quotas and auditors were given."""

    def __init__(self, inputs: DrawInput) -> None:
        self.inputs = inputs
        self.strata = sorted(inputs.quotas)
        self.auditors = sorted(inputs.auditors, key=lambda auditor: auditor.reference)
        self.cases = {case.reference: case for case in inputs.cases}
        self.order = in_order(inputs.seed, "case", self.cases)
        self.siblings = self._siblings()
        keys = self._keys()
        sizes: dict[tuple[int, int], int] = {}
        for key in keys.values():
            sizes[key] = sizes.get(key, 0) + 1
        ordered = sorted(sizes)
        kinds = [Kind(*key, sizes[key]) for key in ordered]
        capacities = [auditor.capacity for auditor in self.auditors]
        self.network = Network([inputs.quotas[stratum] for stratum in self.strata], kinds, capacities)
        node_of = dict(zip(ordered, self.network.kinds, strict=True))
        self.kind_of = {reference: node_of[key] for reference, key in keys.items()}

    def stratum_names(self, nodes: Iterable[int]) -> tuple[str, ...]:
        """The names of those nodes that are strata, in order."""
        return tuple(self.strata[node - 1] for node in sorted(nodes) if node in self.network.strata)

    def auditor_names(self, nodes: Iterable[int]) -> tuple[str, ...]:
        """The references of those nodes that are auditors, in order."""
        first = self.network.first_auditor
        return tuple(self.auditors[node - first].reference for node in sorted(nodes) if node in self.network.auditors)

    def _siblings(self) -> dict[str, set[str]]:
        """Two cases are siblings where either names the other."""
        siblings: dict[str, set[str]] = {}
        for case in self.cases.values():
            for other in case.siblings:
                siblings.setdefault(case.reference, set()).add(other)
                siblings.setdefault(other, set()).add(case.reference)
        return siblings

    def _keys(self) -> dict[str, tuple[int, int]]:
        """For each case its stratum and the auditors who may have it: what makes it of one kind."""
        number = {stratum: index for index, stratum in enumerate(self.strata)}
        bit = {auditor.reference: 1 << index for index, auditor in enumerate(self.auditors)}
        return {case.reference: (number[case.stratum], _mask(bit, case.forbidden)) for case in self.inputs.cases}


def _mask(bit: dict[str, int], forbidden: frozenset[str]) -> int:
    """The bits of all auditors but the forbidden ones, added up from the shorter of the two lists."""
    barred = bit.keys() & forbidden
    if 2 * len(barred) > len(bit):
        return sum(bit[name] for name in bit.keys() - forbidden)
    return (1 << len(bit)) - 1 - sum(bit[name] for name in barred)
