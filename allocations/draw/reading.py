"""Reading a certificate back, and refusing one that is not in the form of its format."""

import json
from datetime import datetime
from types import NoneType
from typing import Any

from allocations.draw.drawing import DrawResult
from allocations.draw.inputs import FORMAT, Auditor, Case, DrawError, DrawInput
from allocations.draw.reasons import PassedOver
from allocations.draw.reserves import Substitution

PARTS = {
    "seed": str,
    "frame_sha256": str,
    "quotas": dict,
    "short": str,
    "short_confirmed": bool,
    "second_pass": list,
    "reserves": dict,
    "who": str,
    "when": str,
}
ROWS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "frame": {"reference": str, "stratum": str, "siblings": list, "forbidden": list},
    "auditors": {"reference": str, "capacity": int},
    "exclusions": {"reference": str, "reason": str},
    "overrides": {"case": str, "auditor": str, "reason": str, "by": str},
    "passed_over": {"reference": str, "reason": str, "auditors": list, "strata": list},
    "result": {"case": str, "auditor": str},
    "substitutions": {
        "out": str,
        "taken": (str, NoneType),
        "auditor": str,
        "stratum": str,
        "reason": str,
        "by": str,
        "at": str,
        "unavailable": list,
        "siblings": list,
    },
    "earlier_draws": {"seed": str, "frame_sha256": str, "who": str, "when": str, "reason": str},
}


def parse(content: bytes) -> Any:
    """The JSON of a file. Raises DrawError with a sentence for whatever is not plain JSON."""
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_each_key_once)
    except DrawError:
        raise
    except RecursionError:
        raise DrawError("It is nested too deeply to be a certificate.") from None
    except ValueError:
        raise DrawError("It is not JSON, the form in which certificates are downloaded.") from None


def _no_number(name: str) -> None:
    raise DrawError(f"It holds {name}, which is no number that JSON knows.")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DrawError("It names a part twice in one place, so nobody can say which one counts.")
    return found


def read(certificate: dict[str, Any]) -> DrawInput:
    """The inputs of the draw that the certificate records; parts that the format does not know are left alone."""
    _check_form(certificate)
    return DrawInput(
        seed=certificate["seed"],
        cases=tuple(_case(row) for row in certificate["frame"]),
        quotas=dict(certificate["quotas"]),
        auditors=tuple(Auditor(row["reference"], row["capacity"]) for row in certificate["auditors"]),
    )


def recorded(certificate: dict[str, Any]) -> DrawResult:
    """The list, its reserves and what else was decided, as the certificate records them: nothing is drawn again."""
    passed_over = [PassedOver(**row | {"auditors": tuple(row["auditors"]), "strata": tuple(row["strata"])})
                   for row in certificate["passed_over"]]
    return DrawResult(
        assigned=tuple((row["case"], row["auditor"]) for row in certificate["result"]),
        passed_over=tuple(passed_over),
        second_pass=tuple(certificate["second_pass"]),
        reserves={stratum: tuple(cases) for stratum, cases in certificate["reserves"].items()},
        short=certificate["short"],
        short_confirmed=certificate["short_confirmed"],
        possible=len(certificate["result"]),
    )


def recorded_substitutions(certificate: dict[str, Any]) -> list[Substitution]:
    """The substitutions so far, oldest first."""
    return [
        Substitution(**row | {
            "at": datetime.fromisoformat(row["at"]),
            "unavailable": tuple((each["reference"], each["reason"]) for each in row["unavailable"]),
            "siblings": tuple(row["siblings"]),
        })
        for row in certificate["substitutions"]
    ]


def _case(row: dict[str, Any]) -> Case:
    return Case(row["reference"], row["stratum"], frozenset(row["siblings"]), frozenset(row["forbidden"]))


def _check_form(certificate: dict[str, Any]) -> None:
    """Every part is there and of its type, and every row has exactly the fields of the format."""
    if not isinstance(certificate, dict) or certificate.get("format") != FORMAT:
        raise DrawError(f"It is not in the format {FORMAT}.")
    for part, kind in [*PARTS.items(), *dict.fromkeys(ROWS, list).items()]:
        if not isinstance(certificate.get(part), kind):
            raise DrawError(f"Its part {part!r} is missing, or not of the right form.")
    for part, fields in ROWS.items():
        for number, row in enumerate(certificate[part], start=1):
            if not _has_form(row, fields):
                raise DrawError(f"Row {number} of its part {part!r} is not of the right form.")
    _check_names(certificate)


def _check_names(certificate: dict[str, Any]) -> None:
    """Lists of references hold references; all text can be written as UTF-8, which tickets and digests need."""
    lists = [("second_pass", certificate["second_pass"]), *(("reserves", each) for each in
                                                          certificate["reserves"].values())]
    lists += [(part, row[name]) for part, fields in ROWS.items() for name, kind in fields.items() if kind is list
              for row in certificate[part] if name != "unavailable"]
    for part, names in lists:
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise DrawError(f"A list in its part {part!r} does not hold references only.")
    for row in certificate["substitutions"]:
        if not all(_has_form(each, {"reference": str, "reason": str}) for each in row["unavailable"]):
            raise DrawError("A list in its part 'substitutions' does not hold references with reasons only.")
    try:
        json.dumps(certificate, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        raise DrawError("It holds signs that are no text.") from None


def _has_form(row: Any, fields: dict[str, type | tuple[type, ...]]) -> bool:
    if not isinstance(row, dict) or row.keys() != fields.keys():
        return False
    return all(isinstance(row[name], kind) for name, kind in fields.items())
