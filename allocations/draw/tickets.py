"""Tickets, which put everything in a random order that anyone can recompute, and exact quotas."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from allocations.draw.inputs import FORMAT, DrawError, check_seed


def ticket(seed: str, label: str, reference: str) -> str:
    """The hexadecimal SHA-256 of format, seed, label and reference, joined by single newlines."""
    return sha256(f"{FORMAT}\n{seed}\n{label}\n{reference}".encode()).hexdigest()


def in_order(seed: str, label: str, references: Iterable[str]) -> list[str]:
    """References by ascending ticket, equal tickets by reference."""
    begun = sha256(f"{FORMAT}\n{seed}\n{label}\n".encode())  # what all these tickets have in common
    tickets = []
    for reference in references:
        whole = begun.copy()
        whole.update(reference.encode())
        tickets.append((whole.digest(), reference))
    return [reference for _, reference in sorted(tickets)]


def quotas(
    seed: str, frame_counts: Mapping[str, int], size: int, floors: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Exact quotas that add up to `size`: floors first, then the rest by largest remainder.

    A stratum gets its floor, or all its cases where it has fewer. The rest is shared in proportion to
    the cases not covered by a floor: each stratum gets the whole part of its share, and what is then
    left goes one each to the largest remainders, equal ones in order of ticket("stratum", stratum).
    """
    floors = floors or {}
    _check_sizes(seed, frame_counts, size, floors)
    quota = {stratum: min(count, floors.get(stratum, 0)) for stratum, count in frame_counts.items()}
    rest = size - sum(quota.values())
    if rest < 0:
        raise DrawError(f"The floors add up to {size - rest} cases, more than the {size} to be drawn.")
    uncovered = {stratum: frame_counts[stratum] - quota[stratum] for stratum in quota}
    shares = _largest_remainder(seed, uncovered, rest)
    return {stratum: quota[stratum] + shares[stratum] for stratum in sorted(quota)}


def _check_sizes(seed: str, frame_counts: Mapping[str, int], size: int, floors: Mapping[str, int]) -> None:
    check_seed(seed)
    if min([size, *frame_counts.values(), *floors.values()]) < 0:
        raise DrawError("The size, the numbers of cases and the floors must be 0 or more.")
    if unknown := sorted(floors.keys() - frame_counts.keys()):
        raise DrawError(f"There is a floor for stratum {unknown[0]!r}, which is not in the frame.")
    if size > (total := sum(frame_counts.values())):
        raise DrawError(f"{size} cases are to be drawn, but the frame has only {total}.")


def _largest_remainder(seed: str, weights: Mapping[str, int], size: int) -> dict[str, int]:
    """Share `size` in proportion to whole-number weights; never more than a weight where size fits."""
    total = sum(weights.values()) or 1
    shares = {stratum: size * weight // total for stratum, weight in weights.items()}
    order = in_order(seed, "stratum", weights)
    order.sort(key=lambda stratum: -(size * weights[stratum] % total))
    for stratum in order[: size - sum(shares.values())]:
        shares[stratum] += 1
    return shares
