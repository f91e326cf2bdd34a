"""The draw equals a brute-force reading of its statement, and finds a full list whenever there is one."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from allocations.draw import DrawInput, draw
from allocations.tests.draw_frames import (
    BruteForce,
    by_ticket,
    greedy_without_look_ahead,
    larger_frame,
    small_frame,
)

SMALL = range(1000)
LARGER = range(400)

TypeOfDraw = Callable[[DrawInput], Sequence[tuple[str, str]]]


def test_a_thousand_small_frames_equal_the_brute_force_reading() -> None:
    """Conflicts, quotas, siblings and capacities; short frames by their longest list."""
    seen: Counter[str] = Counter()
    for number in SMALL:
        inputs = small_frame(number)
        statement, result = BruteForce(inputs), draw(inputs, allow_short=True)
        accepted, passed_over, flagged = statement.select()
        assert bool(result.short) == statement.is_short, number
        assert list(result.assigned) == statement.assign(accepted), number
        assert [each.reference for each in result.passed_over] == passed_over, number
        assert list(result.second_pass) == flagged, number
        assert {name: list(left) for name, left in result.reserves.items()} == statement.reserves(accepted), number
        seen.update(short=statement.is_short, passed_over=bool(passed_over), second_pass=bool(flagged))
        seen.update(long=len(accepted) >= 4)
    assert min(seen[each] for each in ("short", "passed_over", "second_pass", "long")) >= 150, seen
    assert seen["short"] <= 500


def test_the_auditors_that_a_refusal_names_would_lack_a_case() -> None:
    """With the refused case on the list, no choice of the others gives them as many as any full list can."""
    checked = 0
    for number in range(2000):
        inputs = small_frame(number)
        result = draw(inputs, allow_short=True)
        if not result.passed_over or not result.passed_over[0].auditors:
            continue
        statement, refused = BruteForce(inputs), result.passed_over[0]
        before = accepted_before(statement, refused.reference)
        if not any(statement.are_siblings(refused.reference, other) for other in before):
            usual = statement.possible_for(refused.auditors, before)
            assert statement.possible_for(refused.auditors, before | {refused.reference}) < usual, number
            checked += 1
    assert checked >= 15


def accepted_before(statement: BruteForce, reference: str) -> set[str]:
    """The cases accepted in the first pass ahead of this one."""
    order = by_ticket(statement.inputs.seed, "case", list(statement.cases))
    accepted, _, flagged = statement.select()
    return set(order[: order.index(reference)]) & set(accepted) - set(flagged)


def longest_by_scipy(inputs: DrawInput) -> int:
    """The length of the longest list, as a maximum flow from strata over cases to auditors."""
    strata = {stratum: 1 + index for index, stratum in enumerate(inputs.quotas)}
    cases = {case.reference: 1 + len(strata) + index for index, case in enumerate(inputs.cases)}
    first = 1 + len(strata) + len(cases)
    auditors = {auditor.reference: first + index for index, auditor in enumerate(inputs.auditors)}
    sink = first + len(auditors)
    arcs = [(0, strata[stratum], quota) for stratum, quota in inputs.quotas.items()]
    arcs += [(strata[case.stratum], cases[case.reference], 1) for case in inputs.cases]
    pairs = [(case.reference, name) for case in inputs.cases for name in auditors.keys() - case.forbidden]
    arcs += [(cases[reference], auditors[name], 1) for reference, name in pairs]
    arcs += [(auditors[auditor.reference], sink, auditor.capacity) for auditor in inputs.auditors]
    sources, targets, capacities = np.array(arcs, dtype=np.int32).T
    graph = csr_array((capacities, (sources, targets)), shape=(sink + 1, sink + 1), dtype=np.int32)
    return int(maximum_flow(graph, 0, sink).flow_value)


def missed_full_lists(drawn: TypeOfDraw) -> list[int]:
    """The larger frames for which SciPy says that a full list exists, and this draw finds none."""
    full = [inputs for inputs in map(larger_frame, LARGER) if longest_by_scipy(inputs) == inputs.wanted]
    assert 100 <= len(full) <= len(LARGER) - 100
    return [number for number, inputs in enumerate(full) if len(drawn(inputs)) < inputs.wanted]


def test_a_full_list_is_found_whenever_scipy_says_that_one_exists() -> None:
    assert missed_full_lists(lambda inputs: draw(inputs).assigned) == []


def test_the_control_without_look_ahead_is_caught() -> None:
    assert len(missed_full_lists(greedy_without_look_ahead)) >= 50


def test_a_short_list_is_as_long_as_scipy_says_it_can_be() -> None:
    for number in LARGER:
        inputs = larger_frame(number)
        result = draw(inputs, allow_short=True)
        assert len(result.assigned) == result.possible == longest_by_scipy(inputs)


@pytest.mark.req("S2-05")
def test_nobody_is_given_a_forbidden_case_or_more_than_they_can_take() -> None:
    """Where a full list needs a forbidden pair, there is no full list: independence is never traded for length."""
    for number in LARGER:
        inputs = larger_frame(number)
        assigned = draw(inputs, allow_short=True).assigned
        forbidden = {case.reference: case.forbidden for case in inputs.cases}
        assert not [pair for pair in assigned if pair[1] in forbidden[pair[0]]]
        given = Counter(auditor for _, auditor in assigned)
        assert all(given[auditor.reference] <= auditor.capacity for auditor in inputs.auditors)
        assert len({case for case, _ in assigned}) == len(assigned)
