"""Replaying a certificate, and saying in plain words where it differs from what the draw must give."""

from datetime import datetime
from typing import Any

from allocations.draw.certificates import auditor_rows, frame_rows, frame_sha256, result_rows, substitution_row
from allocations.draw.drawing import DrawResult, draw
from allocations.draw.inputs import FORMAT, Auditor, Case, DrawError, DrawInput
from allocations.draw.reserves import Substitution, substitute

KEYS = {
    "format": str,
    "seed": str,
    "frame": list,
    "frame_sha256": str,
    "quotas": dict,
    "auditors": list,
    "exclusions": list,
    "overrides": list,
    "short": str,
    "short_confirmed": bool,
    "passed_over": list,
    "result": list,
    "second_pass": list,
    "reserves": dict,
    "substitutions": list,
    "who": str,
    "when": str,
    "earlier_draws": list,
}


def read(certificate: dict[str, Any]) -> DrawInput:
    """The inputs of the draw that the certificate records."""
    _check_shape(certificate)
    try:
        return DrawInput(
            seed=certificate["seed"],
            cases=tuple(_case(row) for row in certificate["frame"]),
            quotas=dict(certificate["quotas"]),
            auditors=tuple(Auditor(row["reference"], row["capacity"]) for row in certificate["auditors"]),
        )
    except (KeyError, TypeError) as error:
        raise DrawError("The certificate's frame or list of auditors is not in the form of this format.") from error


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
        *_frame_differences(certificate, inputs),
        *_result_differences(certificate, result_rows(result)),
        *_record_differences(certificate, inputs),
        *_substitution_differences(certificate, inputs, result),
    ]


def _check_shape(certificate: dict[str, Any]) -> None:
    if not isinstance(certificate, dict) or certificate.get("format") != FORMAT:
        raise DrawError(f"It is not in the format {FORMAT}.")
    for key, kind in KEYS.items():
        if not isinstance(certificate.get(key), kind):
            raise DrawError(f"Its part {key!r} is missing or not of the right form.")


def _case(row: dict[str, Any]) -> Case:
    return Case(row["reference"], row["stratum"], frozenset(row["siblings"]), frozenset(row["forbidden"]))


def _frame_differences(certificate: dict[str, Any], inputs: DrawInput) -> list[str]:
    """The frame and auditors are written in the one agreed way, and the fingerprint is the frame's."""
    differences = []
    if certificate["frame"] != frame_rows(inputs.cases):
        differences.append("The frame is not sorted, or holds more than the format allows.")
    if certificate["frame_sha256"] != frame_sha256(certificate["frame"]):
        differences.append("The frame does not match its SHA-256: it has been changed since it was frozen.")
    if certificate["auditors"] != auditor_rows(inputs.auditors):
        differences.append("The auditors are not sorted, or hold more than the format allows.")
    return differences


def _result_differences(certificate: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Each part that the statement fixes, named with its first difference."""
    differences = [
        *_list_differences("list, place", _pairs(certificate["result"]), _pairs(expected["result"])),
        *_list_differences("cases passed over, number", certificate["passed_over"], expected["passed_over"]),
        *_list_differences("second pass, number", certificate["second_pass"], expected["second_pass"]),
    ]
    for stratum in sorted(certificate["reserves"].keys() | expected["reserves"].keys()):
        recorded, found = (rows["reserves"].get(stratum, []) for rows in (certificate, expected))
        differences += _list_differences(f"reserves of {stratum}, number", recorded, found)
    if certificate["short"] != expected["short"] or certificate["short_confirmed"] != expected["short_confirmed"]:
        differences.append(f"A full list: the certificate says {certificate['short']!r}, the replay {expected['short']!r}.")
    return differences


def _list_differences(name: str, recorded: list[Any], expected: list[Any]) -> list[str]:
    if recorded == expected:
        return []
    number = next((i for i, pair in enumerate(zip(recorded, expected)) if pair[0] != pair[1]), None)
    if number is None:
        number = min(len(recorded), len(expected))
    return [f"In the {name} {number + 1}: the certificate says {_at(recorded, number)}, the replay {_at(expected, number)}."]


def _at(rows: list[Any], number: int) -> str:
    if number >= len(rows):
        return "nothing"
    row = rows[number]
    return f"{row['reference']} ({row.get('reason')})" if isinstance(row, dict) and "reference" in row else str(row)


def _pairs(rows: list[Any]) -> list[str]:
    """Each row as "case to auditor"; a row of another form stays visible as it is."""
    return [
        f"{row['case']} to {row['auditor']}" if isinstance(row, dict) and row.keys() == {"case", "auditor"} else repr(row)
        for row in rows
    ]


def _record_differences(certificate: dict[str, Any], inputs: DrawInput) -> list[str]:
    """An excluded case is not in the frame, and an overridden pair is not forbidden in it."""
    forbidden = {case.reference: case.forbidden for case in inputs.cases}
    excluded = [row.get("reference") for row in certificate["exclusions"] if row.get("reference") in forbidden]
    overridden = [
        row for row in certificate["overrides"] if row.get("auditor") in forbidden.get(row.get("case"), frozenset())
    ]
    return [
        *(f"Case {reference} is listed as excluded, but is in the frame." for reference in excluded),
        *(f"The override of {row['case']} for {row['auditor']} was not applied in the frame." for row in overridden),
    ]


def _substitution_differences(certificate: dict[str, Any], inputs: DrawInput, result: DrawResult) -> list[str]:
    """Each substitution took the reserve that was next, given those before it and those unavailable."""
    earlier: list[Substitution] = []
    for number, row in enumerate(certificate["substitutions"], start=1):
        try:
            expected = _substitute_again(row, inputs, result, earlier)
        except (AttributeError, DrawError, KeyError, TypeError, ValueError) as error:
            return [f"Substitution {number} cannot be replayed. {error}"]
        if row != substitution_row(expected):
            return [f"Substitution {number} for {expected.out}: the certificate says {row['taken']}, the replay {expected.taken}."]
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
