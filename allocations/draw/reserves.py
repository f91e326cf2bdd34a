"""Substitution: when a case drops out after the draw, the next reserve that its auditor may have."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from allocations.draw.drawing import DrawResult
from allocations.draw.inputs import DrawError, DrawInput


@dataclass(frozen=True, slots=True)
class Substitution:
    """`out` left the list for a reason; `taken` came in its place, or nothing where no reserve was left.

    `unavailable` are the reserves before it that could not be used at that moment, with the reason;
    `siblings` are siblings of the new case that are still on the list, for P&Q to see.
    """

    out: str
    taken: str | None
    auditor: str
    stratum: str
    reason: str
    by: str
    at: datetime
    unavailable: tuple[tuple[str, str], ...] = ()
    siblings: tuple[str, ...] = ()


def substitute(
    inputs: DrawInput,
    result: DrawResult,
    *,
    out: str,
    auditor: str,
    reason: str,
    by: str,
    at: datetime,
    unavailable: Mapping[str, str] | None = None,
    earlier: Sequence[Substitution] = (),
) -> Substitution:
    """Put the first reserve of the same stratum that the auditor may have in the place of `out`.

    Reserves go in the order of the draw, each at most once, so a case that has been on the list does not
    come back. One that is unavailable just now (closed, restricted, a connection the frame did not know)
    is stepped over with its reason, and stays in reserve for others.
    """
    listed = on_list(result, earlier)
    if out not in listed:
        raise DrawError(f"Case {out} is not on the list, so nothing can take its place.")
    unavailable = unavailable or {}
    stratum = next(case.stratum for case in inputs.cases if case.reference == out)
    used = {each.taken for each in earlier}
    allowed = _may_have(inputs, [each for each in result.reserves[stratum] if each not in used], auditor)
    taken = next((each for each in allowed if each not in unavailable), None)
    before = takewhile(lambda each: each != taken, allowed)
    passed = tuple((each, unavailable[each]) for each in before)
    siblings = _siblings_among(inputs, taken, listed - {out})
    return Substitution(out, taken, auditor, stratum, reason, by, at, passed, siblings)


def on_list(result: DrawResult, substitutions: Sequence[Substitution] = ()) -> set[str]:
    """The cases on the list after these substitutions."""
    listed = {case for case, _ in result.assigned}
    for each in substitutions:
        listed.discard(each.out)
        listed |= {each.taken} if each.taken else set()
    return listed


def _may_have(inputs: DrawInput, references: Collection[str], auditor: str) -> list[str]:
    forbidden = {case.reference for case in inputs.cases if auditor in case.forbidden}
    return [reference for reference in references if reference not in forbidden]


def _siblings_among(inputs: DrawInput, reference: str | None, listed: set[str]) -> tuple[str, ...]:
    siblings = {case.reference for case in inputs.cases if reference in case.siblings}
    siblings |= {other for case in inputs.cases if case.reference == reference for other in case.siblings}
    return tuple(sorted(siblings & listed))
