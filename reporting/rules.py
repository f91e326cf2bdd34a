"""Statistics of the reports as pure arithmetic: shares, intervals, limits, suppression (DOMAIN.md section 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
MOVING_RANGE_FACTOR = 2.66
LIMITS_FROM = 10
SMALL_SAMPLE = 10
LARGEST_HIDDEN = 5
HEAT = ((75, 4, "Mostly met"), (60, 3, "Often met"), (40, 2, "Mixed"), (0, 1, "Seldom met"))


def percent(part: int, whole: int) -> int:
    """A share as a whole number of per cent, halves up; 0 of 0 is 0."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95% interval of a share after Wilson, in per cent: 12 of 25 gives 30.0 and 66.5."""
    if not whole:
        return 0.0, 100.0
    share = part / whole
    centre = share + Z * Z / (2 * whole)
    spread = Z * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    scale = 100 / (1 + Z * Z / whole)
    return max((centre - spread) * scale, 0.0), min((centre + spread) * scale, 100.0)


@dataclass(frozen=True)
class Limits:
    """Mean, and the range in which the process moves by itself."""

    mean: float
    lower: float
    upper: float
    moving_range: float


def xmr(points: Sequence[float]) -> Limits | None:
    """Limits of an XmR chart: mean plus and minus 2.66 times the average moving range; none under ten points."""
    if len(points) < LIMITS_FROM:
        return None
    mean = sum(points) / len(points)
    ranges = [abs(later - earlier) for earlier, later in zip(points, points[1:], strict=False)]
    average = sum(ranges) / len(ranges)
    return Limits(mean, mean - MOVING_RANGE_FACTOR * average, mean + MOVING_RANGE_FACTOR * average, average)


def is_small(n: int) -> bool:
    """A count that could point at a child: 1 to 5."""
    return 1 <= n <= LARGEST_HIDDEN


def is_safe_share(part: int, whole: int) -> bool:
    """A percentage may be shown where neither its numerator nor the rest is a small count."""
    return not is_small(part) and not is_small(whole - part)


def suppress(cells: Sequence[int]) -> list[int | None]:
    """The cells of a row whose total is shown, None for "c": small counts, and one more where one would be recoverable.

    Zero stays. Where a single cell is hidden, the next smallest that is not zero is hidden too.
    """
    hidden = {place for place, n in enumerate(cells) if is_small(n)}
    others = [(n, place) for place, n in enumerate(cells) if n and place not in hidden]
    if len(hidden) == 1 and others:
        hidden.add(min(others)[1])
    return [None if place in hidden else n for place, n in enumerate(cells)]


def suppress_sides(better: Sequence[int], worse: Sequence[int]) -> tuple[list[int | None], list[int | None], bool]:
    """A row of which also the sums of its two sides are shown, unless a side is small: then the row as a whole.

    Returns both sides and whether their sums may be shown.
    """
    if is_safe_share(sum(better), sum(better) + sum(worse)):
        return suppress(better), suppress(worse), True
    row = suppress([*better, *worse])
    return row[:len(better)], row[len(better):], False


def heat(part: int, whole: int) -> tuple[int, str]:
    """Colour and word for a share of judgements "met"; under ten there are too few to say."""
    if whole < SMALL_SAMPLE:
        return 0, "Too few"
    share = percent(part, whole)
    return next((colour, word) for least, colour, word in HEAT if share >= least)
