"""Replaying a certificate, and saying in plain words where it differs from what the draw must give."""

from datetime import datetime
from typing import Any

from allocations.draw.certificates import (
    auditor_rows,
    fingerprint,
    frame_rows,
    result_rows,
    substitution_row,
)
from allocations.draw.drawing import DrawResult, draw
from allocations.draw.inputs import DrawError, DrawInput
from allocations.draw.reading import read
from allocations.draw.reserves import Substitution, substitute

LONGEST = 300


def replay(certificate: dict[str, Any]) -> DrawResult:
    """Draw again from the certificate's inputs; nothing of its recorded result is used."""
    return draw(read(certificate), allow_short=certificate["short_confirmed"])


def compare(certificate: dict[str, Any]) -> list[str]:
    """Every difference between the certificate and its replay; empty when they are the same."""
    try:
        inputs = read(certificate)
        result = replay(certificate)
    except DrawError as error:
        return [f"The certificate cannot be replayed. {error}"]
    return [
        *_input_differences(certificate, inputs),
        *_record_differences(certificate, inputs),
        *_result_differences(certificate, result_rows(result)),
        *_substitution_differences(certificate, inputs, result),
    ]


def _input_differences(certificate: dict[str, Any], inputs: DrawInput) -> list[str]:
    """Frame and auditors are written in the one agreed way, and the fingerprint is the frame's."""
    differences = []
    if certificate["frame"] != frame_rows(inputs.cases):
        differences.append("The frame is not sorted as the format says.")
    if certificate["frame_sha256"] != fingerprint(certificate["frame"]):
        differences.append("The frame does not match its SHA-256: it is not the frame that was frozen.")
    if certificate["auditors"] != auditor_rows(inputs.auditors):
        differences.append("The auditors are not sorted as the format says.")
    return differences


def _record_differences(certificate: dict[str, Any], inputs: DrawInput) -> list[str]:
    """An excluded case is not in the frame, and an overridden pair is not forbidden in it."""
    forbidden = {case.reference: case.forbidden for case in inputs.cases}
    excluded = [row["reference"] for row in certificate["exclusions"] if row["reference"] in forbidden]
    overridden = [row for row in certificate["overrides"] if row["auditor"] in forbidden.get(row["case"], ())]
    return [
        *(f"Case {reference} is listed as excluded, but is in the frame." for reference in excluded),
        *(f"Case {row['case']} is still forbidden to {row['auditor']}, despite the override." for row in overridden),
    ]


def _result_differences(certificate: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Each part that the draw decides, named with its first difference."""
    recorded = [f"{row['case']} to {row['auditor']}" for row in certificate["result"]]
    replayed = [f"{row['case']} to {row['auditor']}" for row in expected["result"]]
    differences = [
        *_first_difference("list", recorded, replayed),
        *_first_difference("cases passed over", certificate["passed_over"], expected["passed_over"]),
        *_first_difference("second pass", certificate["second_pass"], expected["second_pass"]),
    ]
    for stratum in sorted(certificate["reserves"].keys() | expected["reserves"].keys()):
        lists = (part["reserves"].get(stratum, []) for part in (certificate, expected))
        differences += _first_difference(f"reserves of {stratum}", *lists)
    for part in ("short", "short_confirmed"):
        if certificate[part] != expected[part]:
            differences.append(_difference(f"In the part {part!r}", certificate[part], expected[part]))
    return differences


def _first_difference(name: str, recorded: list[Any], replayed: list[Any]) -> list[str]:
    if recorded == replayed:
        return []
    same = 0
    while recorded[same : same + 1] == replayed[same : same + 1]:
        same += 1
    says, gives = (_shown(rows[same]) if same < len(rows) else "nothing" for rows in (recorded, replayed))
    return [_difference(f"In the {name}, number {same + 1}", says, gives)]


def _difference(where: str, says: object, gives: object) -> str:
    return f"{where}: the certificate says {_cut(says)}, the replay gives {_cut(gives)}."


def _cut(value: object) -> str:
    """Enough of what stands there to find it."""
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _shown(row: Any) -> str:
    return f"{row['reference']} ({row['reason']})" if isinstance(row, dict) else str(row)


def _substitution_differences(certificate: dict[str, Any], inputs: DrawInput, result: DrawResult) -> list[str]:
    """Each substitution took the reserve that was next, given those before it and those unavailable."""
    earlier: list[Substitution] = []
    for number, row in enumerate(certificate["substitutions"], start=1):
        try:
            expected = _substitute_again(row, inputs, result, earlier)
        except (DrawError, ValueError, OverflowError) as error:
            return [f"Substitution {number} cannot be replayed. {error}"]
        if row != substitution_row(expected):
            where = f"In substitution {number}, for case {expected.out}"
            return [_difference(where, row, substitution_row(expected))]
        earlier.append(expected)
    return []


def _substitute_again(
    row: dict[str, Any], inputs: DrawInput, result: DrawResult, earlier: list[Substitution]
) -> Substitution:
    return substitute(
        inputs,
        result,
        out=row["out"],
        auditor=row["auditor"],
        reason=row["reason"],
        by=row["by"],
        at=datetime.fromisoformat(row["at"]),
        unavailable={each["reference"]: each["reason"] for each in row["unavailable"]},
        earlier=earlier,
    )
