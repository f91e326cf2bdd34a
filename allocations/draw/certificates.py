"""The certificate: a draw written down as JSON, so that anyone can replay it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from allocations.draw.drawing import DrawResult
from allocations.draw.inputs import FORMAT, Auditor, Case, DrawError, DrawInput
from allocations.draw.reserves import Substitution

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An open case that was kept out of the frame, and why."""

    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class Override:
    """A same-team pair that was allowed before the draw, by whom and why."""

    case: str
    auditor: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class EarlierDraw:
    """A draw of the same round that a refreezing has replaced, and the reason for refreezing."""

    seed: str
    frame_sha256: str
    who: str
    when: datetime
    reason: str


def certificate(
    inputs: DrawInput,
    result: DrawResult,
    *,
    who: str,
    when: datetime,
    exclusions: Iterable[Exclusion] = (),
    overrides: Iterable[Override] = (),
    substitutions: Sequence[Substitution] = (),
    earlier_draws: Sequence[EarlierDraw] = (),
) -> dict[str, Any]:
    """Everything that decided the draw and everything it decided, ready for `json.dumps`.

    Frame, auditors, exclusions and overrides are sorted by reference, by code point; the result is in
    slot order; the rest is in the order in which it happened. Moments are in UTC.
    """
    frame = frame_rows(inputs.cases)
    frozen = frozen_part(
        inputs.seed, frame, fingerprint(frame), inputs.quotas, auditor_rows(inputs.auditors),
        exclusion_rows(exclusions), override_rows(overrides))
    return frozen | drawn_part(result, who=who, when=when, substitutions=substitutions, earlier_draws=earlier_draws)


def frozen_part(
    seed: str, frame: Rows, digest: str, quotas: Mapping[str, int], auditors: Rows, exclusions: Rows, overrides: Rows
) -> dict[str, Any]:
    """What is fixed when the frame is frozen, before anybody knows what the seed will draw."""
    return {
        "format": FORMAT,
        "seed": seed,
        "frame": frame,
        "frame_sha256": digest,
        "quotas": {stratum: quotas[stratum] for stratum in sorted(quotas)},
        "auditors": auditors,
        "exclusions": exclusions,
        "overrides": overrides,
    }


def drawn_part(
    result: DrawResult, *, who: str, when: datetime, substitutions: Sequence[Substitution] = (),
    earlier_draws: Sequence[EarlierDraw] = ()
) -> dict[str, Any]:
    """What the draw decided, who drew when, and what came before and after it."""
    if not result.is_drawn:
        raise DrawError(f"There is no list to certify until the shorter one is confirmed. {result.short}")
    return {
        **result_rows(result),
        "substitutions": [substitution_row(each) for each in substitutions],
        "who": who,
        "when": moment(when),
        "earlier_draws": [asdict(each) | {"when": moment(each.when)} for each in earlier_draws],
    }


def exclusion_rows(exclusions: Iterable[Exclusion]) -> Rows:
    """Exclusions by reference."""
    return sorted((asdict(each) for each in exclusions), key=lambda row: row["reference"])


def override_rows(overrides: Iterable[Override]) -> Rows:
    """Overrides by case, then auditor."""
    return sorted((asdict(each) for each in overrides), key=lambda row: (row["case"], row["auditor"]))


def frame_rows(cases: Iterable[Case]) -> Rows:
    """The frame as the certificate lists it: sorted, with sorted siblings and forbidden auditors."""
    return [
        {
            "reference": case.reference,
            "stratum": case.stratum,
            "siblings": sorted(case.siblings),
            "forbidden": sorted(case.forbidden),
        }
        for case in sorted(cases, key=lambda case: case.reference)
    ]


def frame_sha256(cases: Iterable[Case]) -> str:
    """The fingerprint of a frame, the same in whatever order its cases are given."""
    return fingerprint(frame_rows(cases))


def fingerprint(part: Any) -> str:
    """The hexadecimal SHA-256 of the canonical JSON of a certificate, or of a part of it.

    Canonical: as the certificate has it, the keys of each object in alphabetical order, no spaces or
    line breaks outside strings, characters written as themselves (only `"`, `\\` and control characters
    escaped, as JSON demands), in UTF-8.
    """
    text = json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def auditor_rows(auditors: Iterable[Auditor]) -> Rows:
    """Auditors by reference, as the certificate lists them."""
    return [asdict(auditor) for auditor in sorted(auditors, key=lambda auditor: auditor.reference)]


def result_rows(result: DrawResult) -> dict[str, Any]:
    """What the draw decided: the part of a certificate that a replay must find again."""
    return {
        "short": result.short,
        "short_confirmed": result.short_confirmed,
        "passed_over": [
            asdict(each) | {"auditors": list(each.auditors), "strata": list(each.strata)} for each in result.passed_over
        ],
        "result": [{"case": case, "auditor": auditor} for case, auditor in result.assigned],
        "second_pass": list(result.second_pass),
        "reserves": {stratum: list(result.reserves[stratum]) for stratum in sorted(result.reserves)},
    }


def substitution_row(substitution: Substitution) -> dict[str, Any]:
    """A substitution as the certificate lists it."""
    return asdict(substitution) | {
        "at": moment(substitution.at),
        "unavailable": [{"reference": each, "reason": reason} for each, reason in substitution.unavailable],
        "siblings": list(substitution.siblings),
    }


def moment(at: datetime) -> str:
    """A moment in UTC, to the second, such as 2026-12-01T08:14:00Z."""
    if at.tzinfo is None:
        raise DrawError("A moment on a certificate must say its time zone.")
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
