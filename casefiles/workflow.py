"""Imports: previewed, then confirmed as a whole or overtaken. Nothing else writes case files from lists."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.db import connection, transaction

from calendars.rules import london_date
from casefiles.models import Import, Upload
from casefiles.people_moves import bring_up_to_date
from casefiles.people_plans import PeoplePlan
from casefiles.permissions import check_can_import
from casefiles.plans import CasePlan
from casefiles.reading.cases import read_cases
from casefiles.reading.people import read_people
from casefiles.writing import write_case_files
from duties.models import Duty
from jobs.models import Job
from jobs.workflow import ask
from people.loading import load_people
from people.models import Staff
from trail.writing import record
from workflows import move, register

Kind, Status = Import.Kind, Import.Status
MOST_REFUSED = 5_000
READ_AT_ONCE = 400 * 1024
WRITE_AT_ONCE = 3_000
READ_JOB, CONFIRM_JOB = "casefiles.read", "casefiles.confirm"
FOLLOWED = {Kind.CASE_FILES: (Kind.CASE_FILES, Kind.PEOPLE), Kind.PEOPLE: (Kind.PEOPLE,)}

TRANSITIONS = {
    Status.COLUMNS: frozenset({Status.PREVIEWED, Status.DISCARDED}),
    Status.PREVIEWED: frozenset({Status.CONFIRMED, Status.STALE, Status.DISCARDED}),
    Status.CONFIRMED: frozenset(),
    Status.STALE: frozenset({Status.PREVIEWED, Status.DISCARDED}),
    Status.DISCARDED: frozenset(),
}
register(Import, TRANSITIONS, title="import")


def preview(*, kind: str, file_name: str, content: bytes, by: Staff, at: datetime) -> Import:
    """Read a list and keep what it would do. Raises BadFile, with a sentence, for a file that cannot be read."""
    return PREVIEWS[Kind(kind)](file_name=file_name, content=content, by=by, at=at)


def preview_case_files(*, file_name: str, content: bytes, by: Staff, at: datetime) -> Import:
    """What is new, changed, moved, closed because missing, and refused. Case files stay as they are."""
    check_can_import(by, Kind.CASE_FILES)
    reading = read_cases(content, london_date(at))
    return _keep(Kind.CASE_FILES, CasePlan(reading, london_date(at)), file_name, content, by, at)


def preview_people(*, file_name: str, content: bytes, by: Staff, at: datetime) -> Import:
    """Which units and staff are new, changed and refused. Nobody is changed yet."""
    check_can_import(by, Kind.PEOPLE)
    reading = read_people(content)
    return _keep(Kind.PEOPLE, PeoplePlan(reading, london_date(at)), file_name, content, by, at)


PREVIEWS: dict[Kind, Callable[..., Import]] = {Kind.CASE_FILES: preview_case_files, Kind.PEOPLE: preview_people}


@transaction.atomic
def _keep(kind: Kind, plan: Any, file_name: str, content: bytes, by: Staff, at: datetime) -> Import:
    refused = [refusal.as_json() for refusal in plan.reading.refused]
    imported = Import.objects.create(
        kind=kind, file_name=plain_name(file_name), digest=hashlib.sha256(content).hexdigest(), counts=plan.counts(),
        plan=plan.as_json(), refused=refused[:MOST_REFUSED], notes=[note.as_json() for note in plan.notes()],
        follows=newest(kind), previewed_at=at, previewed_by=by,
    )
    record("import.previewed", target=imported, by=by, at=at)
    return imported


def plain_name(file_name: str) -> str:
    """The last part of a file's name, without folders and signs that no name needs."""
    name = PurePosixPath(file_name.replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())[-120:] or "list"


def newest(kind: Kind) -> Import | None:
    """The newest confirmed import on which a preview of this kind depends."""
    confirmed = Import.objects.filter(status=Status.CONFIRMED, kind__in=FOLLOWED[kind])
    return confirmed.order_by("-confirmed_at", "-pk").first()


@transaction.atomic
def confirm(*, imported: Import, by: Staff, at: datetime) -> Import:
    """Write all of a preview or nothing. A second time does nothing; an overtaken preview becomes stale."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('casefiles.import'))")
    imported = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    check_can_import(by, imported.kind)
    if imported.status == Status.CONFIRMED:
        return imported
    latest = newest(Kind(imported.kind))
    if imported.status == Status.PREVIEWED and imported.follows_id != (latest and latest.pk):
        return _overtake(imported, by, at)
    move(imported, Status.CONFIRMED)
    imported.confirmed_by, imported.confirmed_at = by, at
    imported.save(update_fields=["status", "confirmed_by", "confirmed_at"])
    WRITERS[Kind(imported.kind)](imported.plan, by, at)
    record("import.confirmed", target=imported, by=by, at=at, changes=figures(imported))
    return imported


def _overtake(imported: Import, by: Staff, at: datetime) -> Import:
    move(imported, Status.STALE)
    imported.save(update_fields=["status"])
    record("import.overtaken", target=imported, by=by, at=at)
    return imported


def figures(imported: Import) -> dict[str, int]:
    """The whole numbers among the counts of an import."""
    return {name: value for name, value in imported.counts.items() if isinstance(value, int)}


def _write_case_files(plan: dict[str, Any], by: Staff, at: datetime) -> None:
    write_case_files(plan, london_date(at))


def _write_people(plan: dict[str, Any], by: Staff, at: datetime) -> None:
    """People first; then who manages which case file, and who holds which open duty, is found anew."""
    load_people(units=plan["new"]["units"] + plan["changed"]["units"],
                people=plan["new"]["people"] + plan["changed"]["people"], by=by, at=at)
    bring_up_to_date(by=by, at=at, duties=Duty.objects.open())


WRITERS = {Kind.CASE_FILES: _write_case_files, Kind.PEOPLE: _write_people}


@dataclass(frozen=True)
class Asked:
    """What came of choosing a file or confirming: an import at once, or a job that will lead to it."""

    imported: Import | None = None
    job: Job | None = None


@transaction.atomic
def take_in(*, kind: str, file_name: str, content: bytes, by: Staff, at: datetime) -> Asked:
    """Preview a small file at once; a large one waits in the database for a job, which deletes it when read."""
    check_can_import(by, kind)
    if len(content) <= READ_AT_ONCE:
        return Asked(imported=preview(kind=kind, file_name=file_name, content=content, by=by, at=at))
    name = plain_name(file_name)
    upload = Upload.objects.create(kind=kind, file_name=name, content=content, given_by=by, given_at=at)
    job = ask(kind=READ_JOB, title=f"Reading {name}", arguments={"upload": upload.pk}, by=by, at=at)
    return Asked(job=job)


@transaction.atomic
def ask_to_confirm(*, imported: Import, by: Staff, at: datetime) -> Asked:
    """Confirm at once, or by a job where there is much to write."""
    check_can_import(by, imported.kind)
    if not imported.is_open or changes_of(imported) <= WRITE_AT_ONCE:
        return Asked(imported=confirm(imported=imported, by=by, at=at))
    job = ask(kind=CONFIRM_JOB, title=f"Importing {imported.file_name}",
              arguments={"import": imported.pk, "by": by.pk}, by=by, at=at)
    return Asked(job=job)


def changes_of(imported: Import) -> int:
    """How many rows confirming would write."""
    return sum(figures(imported).get(name, 0) for name in ("new", "changed", "moved", "closed"))
