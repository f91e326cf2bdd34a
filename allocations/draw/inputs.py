"""What a draw is made from, and the checks that it makes sense."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

FORMAT = "audit-portal/draw/1"
SEED = re.compile(r"[0-9a-f]{32}")


class DrawError(ValueError):
    """The draw cannot be made as asked; the message is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case in the frame; `forbidden` are the auditors who may not have it."""

    reference: str
    stratum: str
    siblings: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Auditor:
    """An auditor, or a pair or team that audits as one, and how many cases they can take."""

    reference: str
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class DrawInput:
    """Everything that decides a draw. The order of cases and auditors does not matter."""

    seed: str
    cases: tuple[Case, ...]
    quotas: Mapping[str, int] = field(hash=False)
    auditors: tuple[Auditor, ...]

    @property
    def wanted(self) -> int:
        """How many cases a full list has."""
        return sum(self.quotas.values())


def check(inputs: DrawInput) -> None:
    """Refuse, with a sentence, inputs from which no draw can be made."""
    check_seed(inputs.seed)
    _check_references("case", [case.reference for case in inputs.cases])
    _check_references("auditor", [auditor.reference for auditor in inputs.auditors])
    for auditor in inputs.auditors:
        if not _is_count(auditor.capacity) or auditor.capacity < 1:
            raise DrawError(f"Auditor {auditor.reference} has a capacity of {auditor.capacity}: it must be 1 or more.")
    for case in inputs.cases:
        if case.reference in case.siblings:
            raise DrawError(f"Case {case.reference} is named as its own sibling.")
    _check_quotas(inputs)


def check_seed(seed: str) -> None:
    """A seed has exactly one spelling: 32 hexadecimal characters in lower case."""
    if not isinstance(seed, str) or not SEED.fullmatch(seed):
        raise DrawError(f"The seed must be 32 hexadecimal characters (0-9 and a-f in lower case), not {seed!r}.")


def _check_references(noun: str, references: list[str]) -> None:
    """References are unique, and printable so that a ticket's text has one meaning."""
    for reference in references:
        if not isinstance(reference, str) or not reference or not reference.isprintable():
            raise DrawError(f"The {noun} reference {reference!r} is empty or has characters that do not print.")
    twice = sorted(reference for reference, count in Counter(references).items() if count > 1)
    if twice:
        raise DrawError(f"The {noun} reference {twice[0]} is there more than once.")


def _check_quotas(inputs: DrawInput) -> None:
    """Every stratum in the frame has a quota (0 if none is wanted), never above its number of cases."""
    counts = Counter(case.stratum for case in inputs.cases)
    for case in inputs.cases:
        if case.stratum not in inputs.quotas:
            raise DrawError(f"Case {case.reference} is in stratum {case.stratum!r}, which has no quota.")
    for stratum, quota in inputs.quotas.items():
        if not _is_count(quota):
            raise DrawError(f"The quota of stratum {stratum!r} must be a whole number, 0 or more, not {quota!r}.")
        if quota and not counts[stratum]:
            raise DrawError(f"Stratum {stratum!r} has a quota of {quota}, but no case in the frame is in it.")
        if quota > counts[stratum]:
            raise DrawError(f"The quota of stratum {stratum!r} is {quota}, more than its {counts[stratum]} cases.")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def listed(names: Iterable[str], most: int = 10) -> str:
    """Names for a sentence: "a, b and c", the rest counted after the first `most`."""
    names = sorted(names)
    shown, rest = names[:most], len(names) - most
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
