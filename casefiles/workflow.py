"""Imports: read, previewed, then confirmed as a whole, overtaken or thrown away. Nothing else writes from lists."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.db import transaction

from calendars.rules import london_date
from casefiles.kinds import Plan, kind_of
from casefiles.models import Import, Upload
from casefiles.permissions import check_can_import
from casefiles.reading.apart import open_tables
from casefiles.reading.results import BadFile, ColumnsNeeded, Reading
from jobs.models import Job
from jobs.progress import tell
from jobs.workflow import ask
from people.models import Staff
from people.turns import take_turn
from trail.writing import record
from workflows import move, register

Kind, Status = Import.Kind, Import.Status
MOST_REFUSED = 5_000
READ_AT_ONCE = 400 * 1024
WRITE_AT_ONCE = 500
READ_JOB, REWORK_JOB, CONFIRM_JOB = "casefiles.read", "casefiles.rework", "casefiles.confirm"
FILES_WAIT = timedelta(days=1)
PREVIEWS_WAIT = timedelta(days=30)
FOLLOWED = {
    Kind.CASE_FILES: (Kind.CASE_FILES, Kind.PEOPLE), Kind.PEOPLE: (Kind.PEOPLE,),
    Kind.PAST_AUDITS: (Kind.PAST_AUDITS, Kind.CASE_FILES, Kind.PEOPLE),
}

TRANSITIONS = {
    Status.COLUMNS: frozenset({Status.PREVIEWED, Status.DISCARDED}),
    Status.PREVIEWED: frozenset({Status.PREVIEWED, Status.CONFIRMED, Status.STALE, Status.DISCARDED}),
    Status.CONFIRMED: frozenset(),
    Status.STALE: frozenset({Status.PREVIEWED, Status.DISCARDED}),
    Status.DISCARDED: frozenset(),
}
register(Import, TRANSITIONS, title="import")


@dataclass(frozen=True)
class Asked:
    """What came of a wish: an import at once, or a job that will lead to it."""

    imported: Import | None = None
    job: Job | None = None


@transaction.atomic
def take_in(*, kind: str, file_name: str, content: bytes, by: Staff, at: datetime, asks: bool = False) -> Asked:
    """Preview a small file at once; a large one waits in the database for a job, which deletes it when read."""
    check_can_import(by, kind)
    if len(content) <= READ_AT_ONCE:
        return Asked(imported=preview(kind=kind, file_name=file_name, content=content, by=by, at=at, asks=asks))
    upload = Upload.objects.create(kind=kind, file_name=plain_name(file_name), content=content, given_by=by,
                                   given_at=at, asks_columns=asks)
    return Asked(job=_ask_to_read(upload, by, at))


def _ask_to_read(upload: Upload, by: Staff, at: datetime) -> Job:
    return ask(kind=READ_JOB, title=f"Reading {upload.file_name}", arguments={"upload": upload.pk}, by=by, at=at)


def preview(*, kind: str, file_name: str, content: bytes, by: Staff, at: datetime, asks: bool = False) -> Import:
    """Read a list and keep what it would do; where nobody knows its columns, the file waits for their names.

    Raises BadFile, with a sentence, for a file that cannot be read. Case files and people stay as they are.
    """
    check_can_import(by, kind)
    imported = Import(kind=kind, file_name=plain_name(file_name), digest=hashlib.sha256(content).hexdigest(),
                      previewed_at=at, previewed_by=by)
    try:
        reading = read(kind, content, at, asks=asks)
    except ColumnsNeeded as needed:
        return _wait_for_columns(imported, needed, content)
    return _show(imported, reading, by, at)


def read(kind: str, content: bytes, at: datetime, asks: bool = False) -> Reading:
    """The file, opened in a process apart, as rows of facts. Raises BadFile or ColumnsNeeded."""
    tell(0, 3, "Opening the file")
    known = kind_of(kind)
    options = {"asks": True} if asks and known.asks_columns else {}
    with open_tables(content) as tables:
        tell(1, 3, "Reading the rows")
        return known.read(tables, london_date(at), **options)


@transaction.atomic
def _wait_for_columns(imported: Import, needed: ColumnsNeeded, content: bytes) -> Import:
    imported.status = Status.COLUMNS
    imported.headings = [heading.as_json() for heading in needed.headings]
    imported.counts = {"table": needed.table, "digest": needed.digest}
    imported.save()
    Upload.objects.create(kind=imported.kind, file_name=imported.file_name, content=content, waits_for=imported,
                          given_by=imported.previewed_by, given_at=imported.previewed_at)
    record("import.columns_asked", target=imported, by=imported.previewed_by, at=imported.previewed_at)
    return imported


@transaction.atomic
def read_waiting(*, upload: Upload, by: Staff, at: datetime) -> Import:
    """Read a file that waits, then delete it: for a job, or once its columns are named. Raises BadFile."""
    upload = Upload.objects.select_for_update(of=("self",)).select_related("waits_for").get(pk=upload.pk)
    content, waiting = bytes(upload.content), upload.waits_for
    if waiting is None:
        imported = preview(kind=upload.kind, file_name=upload.file_name, content=content, by=by, at=at,
                           asks=upload.asks_columns)
    else:
        imported = _show(waiting, read(upload.kind, content, at), by, at)
    upload.delete()
    return imported


@transaction.atomic
def ask_to_read_waiting(*, imported: Import, by: Staff, at: datetime) -> Asked:
    """Once the columns are named: read a small file at once, a large one by a job."""
    check_can_import(by, imported.kind)
    upload = Upload.objects.filter(waits_for=imported).first()
    if upload is None:
        return Asked(imported=Import.objects.get(pk=imported.pk))
    if len(upload.content) <= READ_AT_ONCE:
        return Asked(imported=read_waiting(upload=upload, by=by, at=at))
    return Asked(job=_ask_to_read(upload, by, at))


@transaction.atomic
def _show(imported: Import, reading: Reading, by: Staff, at: datetime) -> Import:
    """Work out what the list would do and keep it as a preview."""
    tell(2, 3, "Working out what changes")
    plan = kind_of(imported.kind).plan(reading, london_date(at))
    move(imported, Status.PREVIEWED)
    imported.reading, imported.plan_digest, imported.headings = reading.as_json(), digest_of(plan), []
    imported.counts, imported.plan = plan.counts(), {"parts": [asdict(part) for part in plan.parts()]}
    imported.refused = [refusal.as_json() for refusal in plan.refused[:MOST_REFUSED]]
    imported.notes = [note.as_json() for note in plan.notes()]
    imported.follows, imported.previewed_at, imported.previewed_by = newest(Kind(imported.kind)), at, by
    imported.save()
    record("import.previewed", target=imported, by=by, at=at)
    return imported


def digest_of(plan: Plan) -> str:
    """Two plans with the same digest would write the same."""
    content = [plan.as_json(), [refusal.reason for refusal in plan.refused]]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def plain_name(file_name: str) -> str:
    """The last part of a file's name, without folders and signs that no name needs."""
    name = PurePosixPath(file_name.replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())[-120:] or "list"


def newest(kind: Kind) -> Import | None:
    """The newest confirmed import on which a preview of this kind depends."""
    confirmed = Import.objects.filter(status=Status.CONFIRMED, kind__in=FOLLOWED[kind])
    return confirmed.order_by("-confirmed_at", "-pk").first()


def _locked(imported: Import) -> Import:
    """The import's row; one import is written at a time, and nobody changes people meanwhile."""
    take_turn()
    return Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)


@transaction.atomic
def rework(*, imported: Import, by: Staff, at: datetime) -> Import:
    """Work a preview out again against what is there now, without the file: after another import, or new words.

    An import that has ended, or whose columns are not named, has nothing that was read and stays as it is.
    """
    imported = _locked(imported)
    check_can_import(by, imported.kind)
    if not imported.reading:
        return imported
    return _show(imported, Reading.from_json(imported.reading), by, at)


@transaction.atomic
def confirm(*, imported: Import, by: Staff, at: datetime) -> Import:
    """Write all of a preview or nothing. A second time does nothing; a preview that is no longer true becomes stale."""
    imported = _locked(imported)
    check_can_import(by, imported.kind)
    if imported.status == Status.CONFIRMED:
        return imported
    kind = kind_of(imported.kind)
    tell(0, 3, "Checking that the preview is still true")
    plan = kind.plan(Reading.from_json(imported.reading), london_date(at)) if imported.is_open else None
    if plan is not None and digest_of(plan) != imported.plan_digest:
        return _overtake(imported, by, at)
    move(imported, Status.CONFIRMED)
    imported.confirmed_by, imported.confirmed_at, imported.reading = by, at, {}
    imported.save(update_fields=["status", "confirmed_by", "confirmed_at", "reading"])
    tell(1, 3, "Writing all of it, or nothing")
    kind.write(plan, by, at)
    record("import.confirmed", target=imported, by=by, at=at, changes=figures(imported))
    return imported


def _overtake(imported: Import, by: Staff, at: datetime) -> Import:
    move(imported, Status.STALE)
    imported.save(update_fields=["status"])
    record("import.overtaken", target=imported, by=by, at=at)
    return imported


@transaction.atomic
def discard(*, imported: Import, by: Staff, at: datetime) -> Import:
    """Throw a list away that is not imported: the file that waits, and what was read of it."""
    imported = _locked(imported)
    if imported.status == Status.DISCARDED:
        return imported
    move(imported, Status.DISCARDED)
    imported.reading, imported.headings, imported.plan = {}, [], {}
    imported.save(update_fields=["status", "reading", "headings", "plan"])
    Upload.objects.filter(waits_for=imported).delete()
    record("import.discarded", target=imported, by=by, at=at)
    return imported


def discard_old(*, by: Staff, now: datetime) -> int:
    """Files whose columns nobody named within a day, and previews that nobody confirmed within a month."""
    unnamed = Import.objects.filter(status=Status.COLUMNS, previewed_at__lt=now - FILES_WAIT)
    forgotten = Import.objects.filter(status__in=[Status.PREVIEWED, Status.STALE],
                                      previewed_at__lt=now - PREVIEWS_WAIT)
    old = [*unnamed, *forgotten]
    for imported in old:
        discard(imported=imported, by=by, at=now)
    return len(old)


def figures(imported: Import) -> dict[str, int]:
    """The whole numbers among the counts of an import."""
    return {name: value for name, value in imported.counts.items() if isinstance(value, int)}


@transaction.atomic
def ask_to_rework(*, imported: Import, by: Staff, at: datetime) -> Asked:
    """Work it out again at once, or by a job where there is much to compare."""
    check_can_import(by, imported.kind)
    if rows_of(imported) <= WRITE_AT_ONCE:
        return Asked(imported=rework(imported=imported, by=by, at=at))
    return Asked(job=_ask_for(REWORK_JOB, f"Working {imported.file_name} out again", imported, by, at))


@transaction.atomic
def ask_to_confirm(*, imported: Import, by: Staff, at: datetime) -> Asked:
    """Confirm at once, or by a job where there is much to write or to compare."""
    check_can_import(by, imported.kind)
    if not imported.is_open or rows_of(imported) <= WRITE_AT_ONCE:
        return Asked(imported=confirm(imported=imported, by=by, at=at))
    return Asked(job=_ask_for(CONFIRM_JOB, f"Importing {imported.file_name}", imported, by, at))


def _ask_for(kind: str, title: str, imported: Import, by: Staff, at: datetime) -> Job:
    return ask(kind=kind, title=title, arguments={"import": imported.pk, "by": by.pk}, by=by, at=at)


def rows_of(imported: Import) -> int:
    """How many rows confirming compares or writes."""
    return sum(figures(imported).get(name, 0) for name in ("new", "changed", "moved", "closed", "same"))


def check_was_read(imported: Import) -> None:
    """For callers without a page: raises BadFile where the columns have to be named first."""
    if imported.status == Status.COLUMNS:
        raise BadFile("Nobody has said yet which column of this list is which. Open Cases, Import a list, and choose "
                      f"“{imported.file_name}” there; say it once, then this list imports by itself.")
