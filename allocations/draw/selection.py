"""Select: which cases are on the list."""

from dataclasses import dataclass, field, replace

from allocations.draw.board import Board
from allocations.draw.inputs import Case
from allocations.draw.reasons import PassedOver, why_refused


@dataclass
class Selection:
    """What Select has decided so far. `length` is that of a full list, or of the longest."""

    board: Board
    length: int
    accepted: list[str] = field(default_factory=list)
    second_pass: list[str] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    _of_stratum: dict[str, int] = field(default_factory=dict)
    _siblings: set[str] = field(default_factory=set)
    _refused: dict[int, PassedOver] = field(default_factory=dict)

    def is_open(self, case: Case) -> bool:
        """The list is not complete, and the quota of the case's stratum not met."""
        taken = self._of_stratum.get(case.stratum, 0)
        return len(self.accepted) < self.length and taken < self.board.inputs.quotas[case.stratum]

    def waits(self, case: Case) -> bool:
        """A case waits once a sibling of it is accepted."""
        return case.reference in self._siblings

    def judge(self, case: Case) -> bool:
        """Accept the case if a full list still holds all accepted and it; otherwise pass it over.

        A refusal holds for all cases of the kind and for good, since the accepted cases only grow.
        """
        kind = self.board.kind_of[case.reference]
        if kind not in self._refused and (search := self.board.network.admit(kind)):
            self._refused[kind] = why_refused(self.board, search, case.reference)
        if refusal := self._refused.get(kind):
            self.passed_over.append(replace(refusal, reference=case.reference))
            return False
        self.accepted.append(case.reference)
        self._of_stratum[case.stratum] = self._of_stratum.get(case.stratum, 0) + 1
        self._siblings |= self.board.siblings.get(case.reference, set())
        return True


def select(board: Board, length: int) -> Selection:
    """Both passes over the cases in order of ticket("case", reference)."""
    selection = Selection(board, length)
    waiting = []
    for reference in board.order:
        case = board.cases[reference]
        if selection.is_open(case):
            waiting.append(case) if selection.waits(case) else selection.judge(case)
    for case in waiting:
        if selection.is_open(case) and selection.judge(case):
            selection.second_pass.append(case.reference)
    return selection
