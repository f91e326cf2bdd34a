"""The statistics against the vectors of DOMAIN.md section 6."""

import pytest

from reporting.rules import heat, is_safe_share, percent, suppress, suppress_sides, wilson, xmr
from reporting.telling import Plain, Suppressed

POINTS = [52, 48, 55, 50, 47, 53, 58, 49, 51, 54, 46, 57]


@pytest.mark.parametrize(("part", "whole", "low", "high"), [
    (12, 25, 30.0, 66.5), (3, 8, 13.7, 69.4), (0, 10, 0.0, 27.8), (10, 10, 72.2, 100.0), (0, 0, 0.0, 100.0),
])
def test_wilson_interval(part, whole, low, high):
    assert tuple(round(bound, 1) for bound in wilson(part, whole)) == (low, high)


def test_xmr_limits():
    limits = xmr(POINTS)
    assert (round(limits.mean, 2), round(limits.moving_range, 3)) == (51.67, 5.727)
    assert (round(limits.upper, 2), round(limits.lower, 2)) == (66.90, 36.43)


def test_no_limits_under_ten_points():
    assert xmr(POINTS[:9]) is None
    assert xmr(POINTS[:10]) is not None


@pytest.mark.parametrize(("part", "whole", "shown"), [
    (32, 58, 55), (1, 8, 13), (1, 3, 33), (2, 3, 67), (0, 4, 0), (0, 0, 0),
])
def test_percentages_are_whole_and_rounded_half_up(part, whole, shown):
    assert percent(part, whole) == shown


@pytest.mark.parametrize(("cells", "shown"), [
    ([12, 3, 0, 9], [12, None, 0, None]),
    ([12, 3, 4, 9], [12, None, None, 9]),
    ([12, 0, 9], [12, 0, 9]),
    ([3, 0, 0], [None, 0, 0]),
    ([1, 5, 6], [None, None, 6]),
    ([5, 6, 6], [None, None, 6]),
    ([], []),
])
def test_small_counts_are_hidden_with_what_would_give_them_away(cells, shown):
    assert suppress(cells) == shown


def test_sides_whose_sums_are_shown_hide_within_themselves():
    assert suppress_sides([3, 29], [13, 11, 2]) == ([None, None], [13, None, None], True)
    assert suppress_sides([0, 3], [13, 11, 8]) == ([0, None], [13, 11, None], False)
    assert suppress_sides([0, 9], [0, 0, 0]) == ([0, 9], [0, 0, 0], True)


@pytest.mark.parametrize(("part", "whole", "safe"), [
    (6, 12, True), (5, 12, False), (7, 12, False), (0, 12, True), (12, 12, True), (11, 12, False),
])
def test_a_percentage_is_held_back_where_either_side_is_small(part, whole, safe):
    assert is_safe_share(part, whole) is safe


@pytest.mark.parametrize(("met", "judged", "word"), [
    (24, 32, "Mostly met"), (60, 100, "Often met"), (59, 100, "Mixed"), (40, 100, "Mixed"), (39, 100, "Seldom met"),
    (9, 9, "Too few"), (0, 0, "Too few"),
])
def test_the_word_of_a_heat_cell(met, judged, word):
    assert heat(met, judged)[1] == word


def test_a_small_sample_is_said_in_counts():
    assert Plain().rate(3, 8).value == "3 of 8"
    assert Plain().rate(3, 8).beside == "small sample; likely 14% to 69%"
    assert Plain().rate(32, 58).value == "55%"
    assert Plain().rate(32, 58).beside == "32 of 58; likely 42% to 67%"


def test_the_board_is_told_no_small_number():
    tell = Suppressed()
    assert [tell.count(n) for n in (0, 1, 5, 6, 1200)] == ["0", "c", "c", "6", "1,200"]
    assert [tell.share(part, 66).value for part in (62, 60, 3, 0, 66)] == ["c", "91%", "c", "0%", "100%"]
    assert "of" not in tell.share(60, 66).beside
    assert tell.share(4, 9).value == "c"
