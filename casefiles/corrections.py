"""What a list has wrong about a case file, put right here (B12): ours stands until the list says exactly the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from calendars.rules import london_date
from casefiles.involvements import keep_history, locked
from casefiles.models import CaseFile, Correction
from casefiles.permissions import check_can_correct
from casefiles.registry import people_changed
from people.models import Staff, Unit
from trail.writing import record

Fact, Outcome = Correction.Fact, Correction.Outcome
FIELDS: dict[str, str] = {
    Fact.TEAM: "team_id",
    Fact.WORKER: "worker_id",
    Fact.MANAGER: "manager_id",
    Fact.PERSONAL_ADVISER: "personal_adviser_id",
    Fact.IRO: "iro_id",
    Fact.CP_ADVISER: "cp_adviser_id",
}


class CannotCorrect(Exception):
    """What was named cannot be right; `str()` is fit for the page."""


def ours(correction: Correction) -> int | None:
    """The key of the unit or person that is right; none for nobody (of managers: the team's own)."""
    return correction.unit_id if correction.fact == Fact.TEAM else correction.staff_id


def theirs(correction: Correction) -> int | None:
    """The key of the unit or person that the source names."""
    return correction.instead_of_unit_id if correction.fact == Fact.TEAM else correction.instead_of_staff_id


def open_corrections(case_ids: Iterable[int]) -> dict[int, dict[str, Correction]]:
    """By case file, then by fact. One query over all that are open: they are few, case files are many."""
    ids, found = set(case_ids), defaultdict(dict)
    for correction in Correction.objects.open().with_names():
        if correction.case_file_id in ids:
            found[correction.case_file_id][correction.fact] = correction
    return dict(found)


def of_case(case_file: CaseFile) -> dict[str, Correction]:
    """The open ones of one case file, by fact."""
    return still_open(case_file.corrections.open().with_names())


def still_open(corrections: Iterable[Correction]) -> dict[str, Correction]:
    """Those that the source does not agree with yet, by fact."""
    return {row.fact: row for row in corrections if row.settled_at is None}


def apply(
    corrections: dict[str, Correction], facts: dict[str, Any]
) -> tuple[dict[str, Any], list[Correction], list[Correction]]:
    """The facts of a row with ours on top; the corrections with which the source agrees now, to be settled; and
    those where it says a third thing. A fact that is missing was not in the list and says nothing.
    """
    result, agreed, third = dict(facts), [], []
    for fact, correction in corrections.items():
        if (field := FIELDS[fact]) not in facts:
            continue
        said, unmatched = facts[field], facts.get(f"{fact}_as_given", "")
        if said == ours(correction) and not unmatched:
            agreed.append(correction)
            continue
        result[field] = ours(correction)
        if unmatched:
            result[f"{fact}_as_given"] = ""
        if said != theirs(correction):
            third.append(correction)
    return result, agreed, third


def settle(corrections: Iterable[Correction], at: datetime) -> None:
    """The source agrees: nothing is left to correct."""
    _settle(corrections, Outcome.AGREED, at)


def _settle(corrections: Iterable[Correction], outcome: str, at: datetime) -> None:
    pks = [correction.pk for correction in corrections]
    Correction.objects.open().filter(pk__in=pks).update(settled_at=at, outcome=outcome)


def note_said(said: Mapping[int, int | None]) -> None:
    """Keep what the source says now, by correction: that is what comes back when a correction is taken back."""
    rows = list(Correction.objects.open().filter(pk__in=said))
    for row in rows:
        field = "instead_of_unit_id" if row.fact == Fact.TEAM else "instead_of_staff_id"
        setattr(row, field, said[row.pk])
    Correction.objects.bulk_update(rows, ["instead_of_staff", "instead_of_unit"])


@transaction.atomic
def correct(
    *, case_file: CaseFile, fact: str, by: Staff, at: datetime, staff: Staff | None = None, unit: Unit | None = None
) -> Correction | None:
    """Put a fact right at once, whatever the source says, until it says the same (B12).

    What stands there already changes nothing. Saying again what the source says takes the correction back.
    """
    check_can_correct(by, case_file)
    case_file = locked(case_file)
    right = _right(case_file, fact, staff, unit, at)
    stands = getattr(case_file, FIELDS[fact])
    if right == stands:
        return None
    earlier = Correction.objects.open().filter(case_file=case_file, fact=fact).first()
    if earlier and right == theirs(earlier):
        return take_back(correction=earlier, by=by, at=at)
    if earlier:
        _settle([earlier], Outcome.REPLACED, at)
    correction = _opened(case_file, fact, right, theirs(earlier) if earlier else stands, by, at)
    _put(case_file, fact, right, by, at)
    record("casefile.corrected", target=case_file, by=by, at=at, changes=_words(correction))
    return correction


def _right(case_file: CaseFile, fact: str, staff: Staff | None, unit: Unit | None, at: datetime) -> int | None:
    """The key to be written. Naming the team's own manager is to name nobody else."""
    if fact == Fact.TEAM:
        if unit and not Unit.objects.open(london_date(at)).filter(pk=unit.pk, kind=Unit.Kind.TEAM).exists():
            raise CannotCorrect(f"{unit.name} is not an open team. Name a team that is open now.")
        return unit.pk if unit else None
    if staff and not Staff.objects.working().filter(pk=staff.pk).exists():
        raise CannotCorrect(f"{staff.name} has left. Name somebody who works here now.")
    if fact == Fact.MANAGER and staff and case_file.team and case_file.team.manager_id == staff.pk:
        return None
    return staff.pk if staff else None


def _opened(
    case_file: CaseFile, fact: str, right: int | None, instead_of: int | None, by: Staff, at: datetime
) -> Correction:
    kind = "unit" if fact == Fact.TEAM else "staff"
    named = {f"{kind}_id": right, f"instead_of_{kind}_id": instead_of}
    return Correction.objects.create(case_file=case_file, fact=fact, made_at=at, made_by=by, **named)


def _put(case_file: CaseFile, fact: str, value: int | None, by: Staff, at: datetime) -> None:
    """The fact, the history from today, and whoever follows."""
    written = [FIELDS[fact]]
    setattr(case_file, FIELDS[fact], value)
    if fact in {Fact.TEAM, Fact.WORKER}:
        setattr(case_file, f"{fact}_as_given", "")
        written.append(f"{fact}_as_given")
    case_file.save(update_fields=written)
    keep_history(london_date(at), only=[case_file.pk])
    people_changed([case_file.pk], by=by, at=at)


def _words(correction: Correction) -> dict[str, str]:
    """For the trail: the fact, what is right, what stood there. Names of colleagues, nothing of the child."""
    right = correction.unit or correction.staff
    wrong = correction.instead_of_unit or correction.instead_of_staff
    return {"fact": correction.fact, "to": str(right or ""), "instead_of": str(wrong or "")}


@transaction.atomic
def take_back(*, correction: Correction, by: Staff, at: datetime) -> Correction:
    """The source was right after all: what it says counts again."""
    check_can_correct(by, correction.case_file)
    case_file = locked(correction.case_file)
    correction = Correction.objects.with_names().get(pk=correction.pk)
    if correction.settled_at is not None:
        return correction
    correction.settled_at, correction.outcome = at, Outcome.WITHDRAWN
    correction.save(update_fields=["settled_at", "outcome"])
    _put(case_file, correction.fact, theirs(correction), by, at)
    record("casefile.correction_taken_back", target=case_file, by=by, at=at, changes=_words(correction))
    return correction
