"""Random frames for the tests of the draw, and the statement of the draw read by brute force.

Nothing here uses `allocations.draw` but its dataclasses: tickets, selection and assignment are worked
out anew, by trying every list there is.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import combinations, product

from allocations.draw import Auditor, Case, DrawInput

Places = tuple[tuple[str, int], ...]


def small_frame(number: int) -> DrawInput:
    """Up to nine cases in up to three strata, up to five auditors, with siblings and conflicts."""
    rng = random.Random(number)
    auditors = [Auditor(f"a{i}", rng.choice([1, 1, 1, 2])) for i in range(rng.randint(1, 5))]
    strata = ["CIN", "CP", "CLA"][: rng.randint(1, 3)]
    names = [f"c{i}" for i in range(rng.randint(4, 9))]
    conflict = rng.choice([0.1, 0.4, 0.6])
    cases = [
        Case(
            name,
            rng.choice(strata),
            frozenset(other for other in names if other != name and rng.random() < 0.12),
            frozenset(auditor.reference for auditor in auditors if rng.random() < conflict),
        )
        for name in names
    ]
    rng.shuffle(cases)
    return DrawInput(f"{number:032x}", tuple(cases), _some_quotas(rng, cases, auditors), tuple(auditors))


def _some_quotas(rng: random.Random, cases: Sequence[Case], auditors: Sequence[Auditor]) -> dict[str, int]:
    """Quotas that the strata can meet and, mostly, the capacity too."""
    capacity = sum(auditor.capacity for auditor in auditors)
    size = min(len(cases), max(1, capacity - rng.choice([-1, 0, 0, 0, 1])))
    drawn = Counter(case.stratum for case in rng.sample(cases, size))
    return {stratum: drawn[stratum] for stratum in sorted({case.stratum for case in cases})}


def larger_frame(number: int) -> DrawInput:
    """Some forty cases and twelve auditors, with as many places as the list is long and many conflicts."""
    rng = random.Random(number)
    auditors = [Auditor(f"a{i:02}", rng.choice([1, 1, 1, 3])) for i in range(12)]
    keen = [rng.choice([0.3, 0.8, 0.94]) for _ in auditors]
    cases = [
        Case(
            f"c{i:02}",
            rng.choice(["CIN", "CIN", "CP", "CLA"]),
            frozenset({f"c{i ^ 1:02}"}) if rng.random() < 0.2 else frozenset(),
            frozenset(each.reference for each, odds in zip(auditors, keen, strict=True) if rng.random() < odds),
        )
        for i in range(40)
    ]
    size = sum(auditor.capacity for auditor in auditors)
    drawn = Counter(case.stratum for case in rng.sample(cases, min(size, len(cases))))
    quotas = {stratum: drawn[stratum] for stratum in ("CIN", "CP", "CLA")}
    return DrawInput(f"{number:032x}", tuple(cases), quotas, tuple(auditors))


def by_ticket(seed: str, label: str, references: Sequence[str]) -> list[str]:
    """In order of the ticket as DESIGN.md defines it."""
    texts = {each: f"audit-portal/draw/1\n{seed}\n{label}\n{each}" for each in references}
    return sorted(references, key=lambda each: (sha256(texts[each].encode("utf-8")).hexdigest(), each))


class BruteForce:
    """The statement read literally: a case is accepted if one of all full lists holds it and the rest."""

    def __init__(self, inputs: DrawInput) -> None:
        self.inputs = inputs
        self.cases = {case.reference: case for case in inputs.cases}
        self.places: Places = tuple((auditor.reference, auditor.capacity) for auditor in inputs.auditors)
        self.assignable = lru_cache(maxsize=None)(self._assignable)
        lists = list(self._lists())
        self.length = max(map(len, lists))
        self.full = [each for each in lists if len(each) == self.length]
        self.is_short = self.length < sum(inputs.quotas.values())

    def _lists(self) -> Iterator[frozenset[str]]:
        """Every choice of cases within the quotas that can be given out."""
        for chosen in product(*(self._choices(stratum) for stratum in self.inputs.quotas)):
            references = frozenset().union(*chosen)
            if self.assignable(tuple(sorted(references)), self.places):
                yield references

    def _choices(self, stratum: str) -> list[tuple[str, ...]]:
        inside = [case.reference for case in self.inputs.cases if case.stratum == stratum]
        return [each for size in range(self.inputs.quotas[stratum] + 1) for each in combinations(inside, size)]

    def _assignable(self, references: tuple[str, ...], places: Places) -> bool:
        """Whether some way of giving out the cases, one after the other, works."""
        if not references:
            return True
        first, rest = references[0], references[1:]
        return any(
            free and name not in self.cases[first].forbidden and self.assignable(rest, _less_one(places, name))
            for name, free in places
        )

    def select(self) -> tuple[list[str], list[str], list[str]]:
        """The accepted cases, those passed over, and those of the second pass."""
        accepted: list[str] = []
        passed_over: list[str] = []
        waiting: list[str] = []
        flagged: list[str] = []
        order = by_ticket(self.inputs.seed, "case", list(self.cases))
        for reference in order:
            if self._is_open(reference, accepted):
                if any(self.are_siblings(reference, other) for other in accepted):
                    waiting.append(reference)
                else:
                    self._judge(reference, accepted, passed_over)
        for reference in waiting:
            if self._is_open(reference, accepted) and self._judge(reference, accepted, passed_over):
                flagged.append(reference)
        return accepted, passed_over, flagged

    def _is_open(self, reference: str, accepted: list[str]) -> bool:
        stratum = self.cases[reference].stratum
        taken = sum(self.cases[other].stratum == stratum for other in accepted)
        return len(accepted) < self.length and taken < self.inputs.quotas[stratum]

    def are_siblings(self, one: str, other: str) -> bool:
        return one in self.cases[other].siblings or other in self.cases[one].siblings

    def _judge(self, reference: str, accepted: list[str], passed_over: list[str]) -> bool:
        fits = any({*accepted, reference} <= full for full in self.full)
        (accepted if fits else passed_over).append(reference)
        return fits

    def assign(self, accepted: list[str]) -> list[tuple[str, str]]:
        """Slot after slot: the first case by ticket that leaves the others assignable."""
        seed, pairs, left = self.inputs.seed, [], list(accepted)
        slots = [(number, f"{name}#{number}", name) for name, size in self.places for number in range(1, size + 1)]
        order = by_ticket(seed, "slot", [text for _, text, _ in slots])
        slots.sort(key=lambda slot: (slot[0], order.index(slot[1])))
        places = self.places
        for _, _, name in slots:
            places = _less_one(places, name)
            for reference in by_ticket(seed, "place", left):
                rest = tuple(sorted(set(left) - {reference}))
                if name not in self.cases[reference].forbidden and self.assignable(rest, places):
                    pairs.append((reference, name))
                    left.remove(reference)
                    break
        return pairs

    def reserves(self, accepted: list[str]) -> dict[str, list[str]]:
        """What is left of each stratum, in the order of Select."""
        left = by_ticket(self.inputs.seed, "case", [each for each in self.cases if each not in accepted])
        return {name: [each for each in left if self.cases[each].stratum == name] for name in self.inputs.quotas}

    def possible_for(self, auditors: Sequence[str], must: set[str]) -> int:
        """The most cases that these auditors can have of a list as long as possible with all of `must` on it."""
        places = tuple(place for place in self.places if place[0] in auditors)
        choices = (frozenset().union(*each) for each in product(*map(self._choices, self.inputs.quotas)))
        return max(self._most(each, places) for each in choices if must <= each and len(each) <= self.length)

    def _most(self, references: frozenset[str], places: Places) -> int:
        sizes = range(len(references), -1, -1)
        parts = (each for size in sizes for each in combinations(sorted(references), size))
        return next(len(each) for each in parts if self.assignable(each, places))


def _less_one(places: Places, name: str) -> Places:
    return tuple((each, free - (each == name)) for each, free in places)


def greedy_without_look_ahead(inputs: DrawInput) -> list[tuple[str, str]]:
    """The control that must be caught: each case to the first auditor still free, never reconsidered."""
    free = {auditor.reference: auditor.capacity for auditor in inputs.auditors}
    quota, pairs = dict(inputs.quotas), []
    cases = {case.reference: case for case in inputs.cases}
    for reference in by_ticket(inputs.seed, "case", list(cases)):
        case = cases[reference]
        name = next((each for each, left in free.items() if left and each not in case.forbidden), None)
        if name and quota[case.stratum]:
            free[name] -= 1
            quota[case.stratum] -= 1
            pairs.append((reference, name))
    return pairs


