"""Without conflicts the draw is a simple random sample of each stratum; a biased order is caught."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256

import pytest
from scipy.stats import chi2

from allocations.draw import Auditor, Case, DrawInput, draw

SEEDS = range(10_000)
FRAME = {"CIN": 9, "CP": 6, "CLA": 5}
QUOTAS = {"CIN": 3, "CP": 2, "CLA": 1}
CASES = tuple(Case(f"{stratum}-{number}", stratum) for stratum, size in FRAME.items() for number in range(size))
AUDITORS = tuple(Auditor(f"a{number}", capacity) for number, capacity in enumerate([1, 2, 1, 2]))


def drawn(seed: str) -> Iterator[tuple[str, str]]:
    """The list of the real draw under this seed."""
    yield from draw(DrawInput(seed, CASES, QUOTAS, AUDITORS)).assigned


def biased(seed: str) -> Iterator[tuple[str, str]]:
    """The control: an order by the first character of a hash only, so that ties favour low references."""
    left = dict(QUOTAS)
    for case in sorted(CASES, key=lambda case: sha256(f"{seed}{case.reference}".encode()).hexdigest()[:1]):
        if left[case.stratum]:
            left[case.stratum] -= 1
            yield case.reference, ""


@cache
def lists(draws: Callable[[str], Iterable[tuple[str, str]]]) -> list[list[tuple[str, str]]]:
    """The lists for the seeds 0 to 9999, each seed written as 32 hexadecimal characters."""
    return [list(draws(f"{seed:032x}")) for seed in SEEDS]


def is_fair(draws: Callable[[str], Iterable[tuple[str, str]]], stratum: str) -> bool:
    """Whether (N-1)/(N-n) times the sum of (O-E)²/E lies where all but one in a thousand fair draws lie.

    The factor makes up for drawing without putting back: the counts of a stratum always add up.
    """
    size, quota = FRAME[stratum], QUOTAS[stratum]
    counts = Counter(case for pairs in lists(draws) for case, _ in pairs)
    expected = len(SEEDS) * quota / size
    observed = [counts[f"{stratum}-{number}"] for number in range(size)]
    assert sum(observed) == len(SEEDS) * quota
    statistic = (size - 1) / (size - quota) * sum((count - expected) ** 2 / expected for count in observed)
    return bool(chi2.ppf(0.0005, size - 1) < statistic < chi2.ppf(0.9995, size - 1))


@pytest.mark.req("S2-03")
@pytest.mark.parametrize("stratum", FRAME)
def test_every_case_of_a_stratum_has_the_same_chance(stratum: str) -> None:
    assert is_fair(drawn, stratum)


@pytest.mark.parametrize("stratum", FRAME)
def test_the_biased_control_is_caught(stratum: str) -> None:
    assert not is_fair(biased, stratum)


def test_every_pair_of_cases_of_a_stratum_is_drawn_together_equally_often() -> None:
    """A simple random sample, not merely equal chances: each of the 36 pairs within five standard errors."""
    together = Counter()
    for pairs in lists(drawn):
        chosen = sorted(case for case, _ in pairs if case.startswith("CIN"))
        together.update((one, other) for one in chosen for other in chosen if one < other)
    chance = 3 * 2 / (9 * 8)
    error = (len(SEEDS) * chance * (1 - chance)) ** 0.5
    assert len(together) == 36
    assert all(abs(count - len(SEEDS) * chance) < 5 * error for count in together.values())


def test_auditors_get_strata_and_cases_by_chance() -> None:
    """Each case reaches each auditor as often as their number of places says, within five standard errors."""
    given = Counter(pair for pairs in lists(drawn) for pair in pairs)
    for case in CASES:
        for auditor in AUDITORS:
            chance = QUOTAS[case.stratum] / FRAME[case.stratum] * auditor.capacity / 6
            error = (len(SEEDS) * chance * (1 - chance)) ** 0.5
            assert abs(given[case.reference, auditor.reference] - len(SEEDS) * chance) < 5 * error


def test_the_same_forbidden_auditors_give_the_same_chance_even_where_conflicts_bind() -> None:
    """Half of the stratum may go only to a1: within each half the chances are equal."""
    barred = frozenset({"a2", "a3"})
    cases = [Case(f"free-{number}", "CIN") for number in range(5)]
    cases += [Case(f"tied-{number}", "CIN", forbidden=barred) for number in range(5)]
    auditors = (Auditor("a1"), Auditor("a2"), Auditor("a3"))
    counts = Counter(
        case
        for seed in range(3000)
        for case, _ in draw(DrawInput(f"{seed:032x}", tuple(cases), {"CIN": 3}, auditors)).assigned
    )
    for half in ("free", "tied"):
        observed = [count for case, count in counts.items() if case.startswith(half)]
        mean = sum(observed) / 5
        assert len(observed) == 5
        assert all(abs(count - mean) < 5 * mean**0.5 for count in observed)
