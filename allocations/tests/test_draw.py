"""Tickets, quotas, refusals, and what the draw says about itself."""

import random
from dataclasses import replace

import pytest

from allocations.draw import (
    Auditor,
    Case,
    DrawError,
    DrawInput,
    PassedOver,
    draw,
    quotas,
    ticket,
)
from allocations.tests.draw_frames import larger_frame

SEED = "000102030405060708090a0b0c0d0e0f"

# Worked out with `printf 'audit-portal/draw/1\nSEED\nLABEL\nREFERENCE' | sha256sum`.
VECTORS = [
    ("case", "3071102", "5a181b27b929de1b6def668c02c703c5d1c3e0b5609d68b1899cd64b52aa9e65"),
    ("place", "3071102", "05b241e75c645de02df01057d6740068b562fd90212ca8bcbf735d9fa9e5e776"),
    ("slot", "A-017#1", "50a561c680a5fe5a0a338cf75a862967bde3da9044e7e302c46e7b5e054570a7"),
    ("stratum", "Child in need", "b667f0bf38e2e2375b888035e0e75b39928f1474587f9ed35e895d2206be268a"),
    ("case", "Fälle/7", "4cd2a10404ffa5d92fdfb259de948c88a1b862c5e7a0d1ab2bae1ad82516fc5d"),
]


@pytest.mark.parametrize(("label", "reference", "expected"), VECTORS)
def test_a_ticket_is_the_sha_256_of_its_four_lines(label: str, reference: str, expected: str) -> None:
    assert ticket(SEED, label, reference) == expected

FOR_B_ALONE = ",".join(f"c{i} CIN -a1 -a2 -a3" for i in range(3, 9))
CHILD_PROTECTION = ",".join(f"p{i} CP -a1 -a2" for i in range(1, 4))


def inputs(cases: str, auditors: str, **quota: int) -> DrawInput:
    """Inputs from text: "c1 CIN -a1 ~c2" is case c1, forbidden to a1, sibling of c2; "a1*2" has two places."""
    return DrawInput(SEED, tuple(map(_case, cases.split(","))), quota, tuple(map(_auditor, auditors.split())))


def _case(text: str) -> Case:
    reference, stratum, *rest = text.split()
    siblings = frozenset(word[1:] for word in rest if word[0] == "~")
    return Case(reference, stratum, siblings, frozenset(word[1:] for word in rest if word[0] == "-"))


def _auditor(text: str) -> Auditor:
    reference, _, capacity = text.partition("*")
    return Auditor(reference, int(capacity or 1))


class TestQuotas:
    def test_largest_remainders_make_up_the_size(self) -> None:
        counts = {"CIN": 702, "CP": 241, "CLA": 398, "Leaving": 182, "Open": 114}
        assert quotas(SEED, counts, 58) == {"CIN": 25, "CLA": 14, "CP": 9, "Leaving": 6, "Open": 4}

    def test_floors_come_first_and_the_rest_follows_the_cases_they_leave(self) -> None:
        assert quotas(SEED, {"a": 90, "b": 10}, 10, {"b": 4}) == {"a": 6, "b": 4}
        assert quotas(SEED, {"a": 90, "b": 10}, 20, {"a": 2, "b": 2}) == {"a": 17, "b": 3}

    def test_a_floor_above_the_stratum_takes_all_of_it(self) -> None:
        assert quotas(SEED, {"a": 90, "b": 2}, 10, {"b": 5}) == {"a": 8, "b": 2}

    def test_equal_remainders_go_by_ticket(self) -> None:
        order = sorted("abc", key=lambda name: ticket(SEED, "stratum", name))
        shares = quotas(SEED, dict.fromkeys("abc", 5), 4)
        assert [shares[name] for name in order] == [2, 1, 1]

    def test_they_always_add_up_and_fit_their_strata(self) -> None:
        rng = random.Random(5)
        for _ in range(500):
            counts = {name: rng.randint(0, 40) for name in "abcde"[: rng.randint(1, 5)]}
            size = rng.randint(0, sum(counts.values()))
            floors = {name: rng.randint(0, size // 5) for name in counts}
            shares = quotas(SEED, counts, size, floors)
            assert sum(shares.values()) == size
            assert all(min(counts[name], floors[name]) <= shares[name] <= counts[name] for name in counts)

    @pytest.mark.parametrize(
        ("counts", "size", "floors", "sentence"),
        [
            ({"a": 3}, 4, {}, "4 cases are to be drawn, but the frame has only 3."),
            ({"a": 3, "b": 3}, 3, {"a": 2, "b": 2}, "The floors add up to 4 cases, more than the 3 to be drawn."),
            ({"a": 3}, 1, {"z": 1}, "There is a floor for stratum 'z', which is not in the frame."),
            ({"a": 3}, -1, {}, "The size, the numbers of cases and the floors must be 0 or more."),
        ],
    )
    def test_what_cannot_be_shared_out_is_refused(
        self, counts: dict[str, int], size: int, floors: dict[str, int], sentence: str
    ) -> None:
        with pytest.raises(DrawError) as refusal:
            quotas(SEED, counts, size, floors)
        assert str(refusal.value) == sentence


class TestRefusals:
    GOOD = inputs("c1 CIN,c2 CIN", "a1 a2", CIN=2)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"seed": "abc"}, "32 hexadecimal characters"),
            ({"seed": SEED.upper()}, "in lower case"),
            ({"cases": (Case("c1", "CIN"), Case("c1", "CIN"))}, "case reference c1 is there more than once"),
            ({"cases": (Case("c\n1", "CIN"), Case("c2", "CIN"))}, "do not print"),
            ({"cases": (Case("", "CIN"), Case("c2", "CIN"))}, "is empty"),
            ({"cases": (Case("c1", "CIN", frozenset({"c1"})), Case("c2", "CIN"))}, "its own sibling"),
            ({"auditors": (Auditor("a1"), Auditor("a1"))}, "auditor reference a1 is there more than once"),
            ({"auditors": (Auditor("a1", 0),)}, "it must be 1 or more"),
            ({"quotas": {"CIN": 3}}, "is 3, more than its 2 cases"),
            ({"quotas": {}}, "which has no quota"),
            ({"quotas": {"CIN": 1, "CP": 1}}, "no case in the frame is in it"),
            ({"quotas": {"CIN": -1}}, "whole number"),
            ({"quotas": {"CIN": True}}, "whole number"),
        ],
    )
    def test_inputs_without_sense_get_a_sentence(self, change: dict[str, object], words: str) -> None:
        with pytest.raises(DrawError, match=words):
            draw(replace(self.GOOD, **change))


class TestShort:
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            (
                inputs("c1 CIN,c2 CIN,c3 CIN", "a1 a2", CIN=3),
                "The auditors have only 2 places together, and the quotas ask for 3 cases.",
            ),
            (
                inputs(f"c1 CIN,c2 CIN,{FOR_B_ALONE}", "a1 a2 a3 b1 b2 b3 b4", CIN=7),
                (
                    "These 3 auditors together have only 2 possible cases within the quotas, "
                    "and the list needs 3 from them: a1, a2 and a3."
                ),
            ),
            (
                inputs("c1 CIN -a1,c2 CIN -a1,c3 CP -a1", "a1 a2*2", CIN=2, CP=1),
                "Auditor a1 has no possible case within the quotas, and the list needs 1 from them.",
            ),
            (
                inputs("c1 CIN -a1 -a2,c2 CIN -a1 -a2,c3 CIN", "a1 a2", CIN=2),
                "The quotas ask for 2 cases of stratum CIN, but only 1 of them may go to any auditor at all.",
            ),
            (
                inputs("c1 CIN -a1 -a2,c2 CP", "a1 a2", CIN=1, CP=1),
                "The quotas ask for 1 case of stratum CIN, but none of them may go to any auditor at all.",
            ),
            (
                inputs("c1 CP -a2 -a3,c2 CP -a2 -a3,c3 CIN", "a1 a2 a3", CP=2, CIN=1),
                (
                    "The quotas ask for 2 cases of stratum CP, but none of them may go to anyone other than "
                    "auditor a1, who has only 1 place."
                ),
            ),
        ],
    )
    def test_the_reason_is_named_and_nothing_is_drawn(self, given: DrawInput, sentence: str) -> None:
        result = draw(given)
        assert (result.short, result.is_drawn, result.assigned) == (sentence, False, ())

    def test_a_long_list_of_names_is_cut_and_counted(self) -> None:
        lazy, busy = (" ".join(f"{letter}{number:02}" for number in range(12)) for letter in "ab")
        bars = " ".join(f"-{name}" for name in lazy.split())
        cases = ",".join(f"c{number} CIN {bars}" for number in range(30))
        result = draw(inputs(cases, f"{lazy} {busy}", CIN=24))
        assert result.short.endswith("needs 12 from them: a00, a01, a02, a03, a04, a05, a06, a07, a08, a09 and 2 more.")

    def test_the_longest_list_is_drawn_once_confirmed(self) -> None:
        result = draw(inputs("c1 CIN,c2 CIN,c3 CIN", "a1 a2", CIN=3), allow_short=True)
        assert (len(result.assigned), result.possible, result.short_confirmed) == (2, 2, True)
        assert len(result.reserves["CIN"]) == 1

    def test_confirming_changes_nothing_where_a_full_list_exists(self) -> None:
        given = inputs("c1 CIN,c2 CIN,c3 CIN", "a1 a2", CIN=2)
        assert draw(given, allow_short=True) == draw(given)


class TestPassedOver:
    def test_it_names_the_auditor_who_would_go_without(self) -> None:
        many = ",".join(f"c{i} CIN -a1" for i in range(1, 10))
        result = draw(inputs(f"{many},d1 CIN,p1 CP -a1,p2 CP -a1", "a1 a2 a3", CIN=1, CP=2))
        first, reason = result.passed_over[0], "Taking it would leave auditor a1 without a case."
        assert first == PassedOver(first.reference, reason, auditors=("a1",))
        assert ("d1", "a1") in result.assigned

    def test_it_says_how_many_cases_several_auditors_would_lack(self) -> None:
        many = ",".join(f"c{i} CIN -a1 -a2" for i in range(1, 20))
        result = draw(inputs(f"{many},d1 CIN,d2 CIN,{CHILD_PROTECTION}", "a1 a2 a3 a4 a5", CIN=2, CP=3))
        reason = "Taking it would leave auditors a1 and a2 with only 1 of the 2 cases that the list needs them to have."
        assert result.passed_over[0].reason == reason
        assert result.passed_over[0].auditors == ("a1", "a2")

    def test_it_names_the_auditors_whom_accepted_cases_need(self) -> None:
        many = ",".join(f"c{i} CIN -a2 -a3" for i in range(1, 10))
        result = draw(inputs(f"{many},d1 CIN,d2 CIN", "a1 a2 a3", CIN=3))
        reason = "Taking it would leave an accepted case without an auditor: auditor a1 has no other place."
        assert {each.reason for each in result.passed_over} == {reason}

    def test_it_names_the_stratum_that_would_be_short(self) -> None:
        many = ",".join(f"c{i} CIN -a2 -a3" for i in range(1, 10))
        result = draw(inputs(f"{many},p1 CP -a2 -a3,d1 CIN,d2 CIN", "a1 a2 a3", CIN=2, CP=1))
        first = result.passed_over[0]
        reason = "Taking it would leave stratum CP one case short: auditor a1 has no other place."
        assert first == PassedOver(first.reference, reason, strata=("CP",))
        assert {case for case, _ in result.assigned} == {"p1", "d1", "d2"}

    def test_a_case_that_nobody_may_have_says_so(self) -> None:
        barred = ",".join(f"c{i} CIN -a1" for i in range(9))
        result = draw(inputs(f"{barred},d1 CIN", "a1", CIN=1))
        assert {each.reason for each in result.passed_over} == {"No auditor in this draw may have it."}


@pytest.mark.req("A48", "B16")
class TestSiblings:
    def test_one_of_a_family_while_others_remain(self) -> None:
        """B16, whichever of the two names the other."""
        for seed in range(40):
            given = inputs("c1 CIN ~c2 ~c3,c2 CIN,c3 CIN ~c2,d1 CIN,d2 CIN", "a1 a2 a3", CIN=3)
            result = draw(replace(given, seed=f"{seed:032x}"))
            assert {"d1", "d2"} < {case for case, _ in result.assigned}
            assert result.second_pass == result.passed_over == ()

    def test_the_second_pass_takes_a_sibling_and_flags_it(self) -> None:
        result = draw(inputs("c1 CIN ~c2,c2 CIN,c3 CIN", "a1 a2 a3", CIN=3))
        assert len(result.second_pass) == 1
        assert set(result.second_pass) < {"c1", "c2"}


def test_the_order_in_which_things_are_given_does_not_matter() -> None:
    rng = random.Random(11)
    for number in range(60):
        given = larger_frame(number)
        cases, auditors = list(given.cases), list(given.auditors)
        rng.shuffle(cases), rng.shuffle(auditors)
        quota = dict(sorted(given.quotas.items(), reverse=True))
        again = DrawInput(given.seed, tuple(cases), quota, tuple(auditors))
        assert draw(given, allow_short=True) == draw(again, allow_short=True)


def test_everyone_has_a_case_before_anyone_has_two() -> None:
    cases = ",".join(f"c{i} CIN" for i in range(12))
    result = draw(inputs(cases, "a1*5 a2*2 a3*2", CIN=5))
    assert sorted(auditor for _, auditor in result.assigned[:3]) == ["a1", "a2", "a3"]
    assert len({auditor for _, auditor in result.assigned[3:]}) == 2
