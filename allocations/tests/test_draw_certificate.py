"""A certificate is enough to draw again; what was changed in it is named."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from allocations.draw import (
    Auditor,
    Case,
    DrawError,
    DrawInput,
    EarlierDraw,
    Exclusion,
    Override,
    Substitution,
    certificate,
    compare,
    draw,
    fingerprint,
    frame_sha256,
    on_list,
    recorded,
    recorded_substitutions,
    replay,
    substitute,
    ticket,
)
from allocations.tests.draw_frames import larger_frame, small_frame

AT = datetime(2026, 12, 1, 8, 14, tzinfo=UTC)
DOCUMENT = Path(__file__).parents[2] / "docs" / "draw.md"


def certify(inputs: DrawInput, **record: Any) -> dict[str, Any]:
    """A certificate as it comes back from a file."""
    record = {"who": "P-1", "when": AT} | record
    return json.loads(json.dumps(certificate(inputs, draw(inputs, allow_short=True), **record)))


def example() -> DrawInput:
    """Two auditors take two of six; a1 may not have c1 and c2, and c1 and c2 are siblings."""
    bar = frozenset({"a1"})
    cases = [Case("c1", "CIN", frozenset({"c2"}), bar), Case("c2", "CIN", frozenset(), bar)]
    cases += [Case(f"c{number}", "CIN") for number in range(3, 7)]
    return DrawInput("5" * 32, tuple(cases), {"CIN": 2}, (Auditor("a1"), Auditor("a2")))


@pytest.mark.req("S2-03")
def test_replaying_a_certificate_gives_the_same_list() -> None:
    for inputs in [*map(small_frame, range(300)), *map(larger_frame, range(60))]:
        record = certify(inputs)
        assert replay(record) == draw(inputs, allow_short=True)
        assert compare(record) == []


def test_it_holds_every_part_that_the_format_names() -> None:
    later = AT.astimezone(timezone(timedelta(hours=1)))
    record = certify(
        example(),
        when=later,
        exclusions=[Exclusion("x2", "Restricted"), Exclusion("x1", "No team known")],
        overrides=[Override("c3", "a2", "Same group; knows the language", "P-1")],
        earlier_draws=[EarlierDraw("4" * 32, "0" * 64, "P-1", AT, "A team was missing")],
    )
    assert (record["format"], record["who"], record["when"]) == ("audit-portal/draw/1", "P-1", "2026-12-01T08:14:00Z")
    assert [row["reference"] for row in record["exclusions"]] == ["x1", "x2"]
    assert record["earlier_draws"][0]["when"] == "2026-12-01T08:14:00Z"
    assert record["frame"][0] == {"reference": "c1", "stratum": "CIN", "siblings": ["c2"], "forbidden": ["a1"]}
    assert record["auditors"] == [{"reference": "a1", "capacity": 1}, {"reference": "a2", "capacity": 1}]
    assert record["frame_sha256"] == fingerprint(record["frame"]) == frame_sha256(reversed(example().cases))
    assert compare(record) == []


def test_a_short_list_is_certified_only_once_confirmed() -> None:
    inputs = DrawInput("5" * 32, (Case("c1", "CIN"), Case("c2", "CIN")), {"CIN": 2}, (Auditor("a1"),))
    with pytest.raises(DrawError, match="until the shorter one is confirmed. The auditors have only 1 place together"):
        certificate(inputs, draw(inputs), who="P-1", when=AT)
    assert compare(certify(inputs)) == []


def test_a_moment_must_say_its_time_zone() -> None:
    with pytest.raises(DrawError, match="time zone"):
        certify(example(), when=datetime(2026, 12, 1, 8, 14))


TAMPERING: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda c: c.update(format="audit-portal/draw/2"), "not in the format"),
    (lambda c: c.update(seed="6" * 32), "In the list, number 1: the certificate says"),
    (lambda c: c.update(seed="6"), "32 hexadecimal"),
    (lambda c: c["result"].reverse(), "In the list, number 1"),
    (lambda c: c["result"][0].update(case="c9"), "the certificate says c9 to"),
    (lambda c: c["result"].pop(), "In the list, number 2: the certificate says nothing"),
    (lambda c: c["result"].append({"case": "c9", "auditor": "a1"}), "number 3: the certificate says c9 to a1"),
    (lambda c: c["reserves"]["CIN"].reverse(), "In the reserves of CIN, number 1"),
    (lambda c: c["passed_over"].append(PASSED), "In the cases passed over, number"),
    (lambda c: c["second_pass"].append("c1"), "In the second pass, number 1"),
    (lambda c: c["frame"].pop(), "The frame does not match its SHA-256"),
    (lambda c: c["frame"].reverse(), "The frame is not sorted"),
    (lambda c: c["frame"][0]["forbidden"].append("a2"), "The frame does not match its SHA-256"),
    (lambda c: c["frame"][0]["forbidden"].append(2), "does not hold references only"),
    (lambda c: c["frame"][0].update(note="x"), "Row 1 of its part 'frame'"),
    (lambda c: c["auditors"].reverse(), "The auditors are not sorted"),
    (lambda c: c["auditors"].pop(), "In the part 'short'"),
    (lambda c: c["auditors"][0].update(capacity=0), "it must be 1 or more"),
    (lambda c: c["quotas"].update(CIN=9), "is 9, more than its 6 cases"),
    (lambda c: c["quotas"].update(CIN="2"), "must be a whole number"),
    (lambda c: c.update(short="Too few"), "In the part 'short': the certificate says Too few"),
    (lambda c: c.update(short_confirmed=True), "In the part 'short_confirmed'"),
    (lambda c: c.pop("reserves"), "'reserves' is missing"),
    (lambda c: c["exclusions"].append({"reference": "c1", "reason": "x"}), "Case c1 is listed as excluded"),
    (lambda c: c["overrides"].append(OVERRIDE), "Case c1 is still forbidden to a1"),
    (lambda c: c["substitutions"][0].update(taken="c1"), "In substitution 1, for case"),
    (lambda c: c["substitutions"][0].update(out="c77"), "Substitution 1 cannot be replayed. Case c77 is not on"),
    (lambda c: c["substitutions"][0].update(at="yesterday"), "Substitution 1 cannot be replayed."),
    (lambda c: c["substitutions"].append(c["substitutions"][0]), "Substitution 2 cannot be replayed."),
]
PASSED = {"reference": "c1", "reason": "x", "auditors": [], "strata": []}
OVERRIDE = {"case": "c1", "auditor": "a1", "reason": "x", "by": "P-1"}


@pytest.mark.parametrize(("change", "words"), TAMPERING)
def test_a_changed_certificate_is_named(change: Callable[[dict[str, Any]], object], words: str) -> None:
    inputs = example()
    case, auditor = draw(inputs).assigned[0]
    record = certify(inputs, substitutions=[change_case(inputs, case, auditor)])
    assert compare(record) == []
    changed = deepcopy(record)
    change(changed)
    assert [difference for difference in compare(changed) if words in difference], compare(changed)


def test_what_is_no_certificate_at_all_is_named() -> None:
    assert compare([]) == ["The certificate cannot be replayed. It is not in the format audit-portal/draw/1."]  # type: ignore[arg-type]


def change_case(inputs: DrawInput, out: str, auditor: str, **more: Any) -> Substitution:
    return substitute(inputs, draw(inputs), out=out, auditor=auditor, reason="Closed", by="P-1", at=AT, **more)


class TestSubstitution:
    def test_the_first_reserve_that_the_auditor_may_have(self) -> None:
        inputs = example()
        reserves = draw(inputs).reserves["CIN"]
        for case, auditor in draw(inputs).assigned:
            barred = {"c1", "c2"} if auditor == "a1" else set()
            expected = next(each for each in reserves if each not in barred)
            assert change_case(inputs, case, auditor).taken == expected

    def test_one_that_is_unavailable_is_stepped_over_with_its_reason(self) -> None:
        inputs = example()
        case, auditor = draw(inputs).assigned[0]
        first = change_case(inputs, case, auditor).taken
        second = change_case(inputs, case, auditor, unavailable={first: "Closed", "c99": "Not needed"})
        assert second.unavailable == ((first, "Closed"),)
        assert second.taken not in (first, None)
        assert compare(certify(inputs, substitutions=[second])) == []

    def test_each_reserve_is_used_once_until_none_is_left(self) -> None:
        inputs = example()
        result, done = draw(inputs), []
        case, auditor = result.assigned[0]
        while case:
            done.append(change_case(inputs, case, auditor, earlier=done))
            case = done[-1].taken
        taken = [each.taken for each in done]
        assert len(taken) == len(set(taken)) and taken[-1] is None
        assert on_list(result, done) == {result.assigned[1][0]}
        assert compare(certify(inputs, substitutions=done)) == []

    def test_a_sibling_on_the_list_is_pointed_out(self) -> None:
        pair = (Case("c1", "CIN", frozenset({"c2"})), Case("c2", "CIN"), Case("c3", "CIN"))
        inputs = DrawInput("5" * 32, pair, {"CIN": 2}, (Auditor("a1"), Auditor("a2")))
        sibling = {"c1": "c2", "c2": "c1"}
        (kept,) = {case for case, _ in draw(inputs).assigned} - {"c3"}
        change = change_case(inputs, "c3", "a1")
        assert (change.taken, change.siblings) == (sibling[kept], (kept,))

    def test_a_case_that_is_not_on_the_list_cannot_be_replaced(self) -> None:
        with pytest.raises(DrawError, match="is not on the list"):
            change_case(example(), draw(example()).reserves["CIN"][0], "a1")


class TestReadingBack:
    """What a certificate records, without drawing again."""

    def test_the_list_is_as_it_was_drawn(self) -> None:
        inputs = example()
        back = recorded(certify(inputs))
        assert replace(back, possible=0) == replace(draw(inputs), possible=0)

    def test_substitutions_are_as_they_were_made(self) -> None:
        inputs = example()
        case, auditor = draw(inputs).assigned[0]
        first = change_case(inputs, case, auditor).taken
        made = [change_case(inputs, case, auditor, unavailable={first: "Closed"})]
        assert recorded_substitutions(certify(inputs, substitutions=made)) == made


class TestTheWorkedExample:
    TEXT = DOCUMENT.read_text(encoding="utf-8")

    def test_the_certificate_in_the_document_replays(self) -> None:
        record = json.loads(self.TEXT.split("```json\n")[1].split("```")[0])
        assert compare(record) == []
        assert replay(record).second_pass == ("C1",)

    def test_the_tickets_in_the_document_are_right(self) -> None:
        seed = json.loads(self.TEXT.split("```json\n")[1].split("```")[0])["seed"]
        rows = [line.strip("| ").split(" | ") for line in self.TEXT.splitlines() if line.count("|") == 4]
        tickets = [row for row in rows if row[0] in ("case", "slot", "place")]
        assert len(tickets) == 11
        assert all(ticket(seed, label, each).startswith(start.strip("`")) for label, each, start in tickets)
