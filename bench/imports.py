"""What every hostile file costs, one by one; then how long lists take to preview and to import, and how much memory.

Memory is the most that this process held, or the process apart that opens the files, whichever is more.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles
from threading import Event, Thread
from time import perf_counter
from typing import Any

from bench._neighbour import Neighbour

NEEDS_DATABASE = True
SIZES = ((10_000, 30.0, 300), (100_000, 300.0, None))
HOSTILE_SECONDS, HOSTILE_MEGABYTES, PAGE_MS = 10.0, 300, 100
MEGABYTE = 1024
Row = dict[str, Any]


def run() -> list[Row]:
    """The hostile files beside somebody's pages; then two shapes of list in two sizes, each of them twice."""
    cast = _council()
    rows = _hostile(cast)
    return rows + [row for count, seconds, megabytes in SIZES for row in _sized(cast, count, seconds, megabytes)]


def _council():
    from audit_portal.testing.factories import load_s1, make_cast

    load_s1()
    return make_cast()


def _sized(cast, count: int, seconds: float, megabytes: int | None) -> Iterator[Row]:
    from audit_portal.testing.exports import annex_newer, liquidlogic

    for name, write in (("Annex A workbook", annex_newer), ("CSV", liquidlogic)):
        content, title = write(count), f"{name}, {count:,} rows"
        first = yield from _import(cast, f"{title}: new", content, seconds, megabytes)
        again = yield from _import(cast, f"{title}: the same again", content, seconds, megabytes)
        yield _row(f"{title}: changes the second time", _changes(again), "", 0)
        yield from _pages(cast, title, again)
        _empty(first)


def _import(cast, title: str, content: bytes, seconds: float, megabytes: int | None):
    from django.utils import timezone

    from casefiles import workflow

    with _measured() as preview:
        imported = workflow.preview(kind="case_files", file_name="list", content=content, by=cast.pq_lead,
                                    at=timezone.now())
    yield _row(f"{title}, preview", preview.seconds, "s", seconds)
    with _measured() as commit:
        imported = workflow.confirm(imported=imported, by=cast.pq_lead, at=timezone.now())
    yield _row(f"{title}, import", commit.seconds, "s", seconds)
    yield _row(f"{title}, memory", max(preview.megabytes, commit.megabytes), "MB", megabytes)
    return imported


def _pages(cast, title: str, imported) -> Iterator[Row]:
    """Server time of the pages that show a list of that size, the middle of five."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from casefiles.models import CaseFile

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(cast.pq_lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    case = CaseFile.objects.order_by("pk").last().reference
    for path, name in ((f"/cases/import/{imported.pk}/", "preview"), ("/cases/", "list of cases"),
                       (f"/cases/{case}/", "one case"), ("/people/", "staff"), ("/people/auditors/", "auditors")):
        client.get(path)
        seconds = sorted(_seconds(lambda path=path: client.get(path)) for _ in range(5))[2]
        yield _row(f"{title}: page, {name}", 1000 * seconds, "ms", PAGE_MS)


def _seconds(work) -> float:
    start = perf_counter()
    answer = work()
    if answer.status_code != 200:
        raise RuntimeError(f"A page answered {answer.status_code}.")
    return perf_counter() - start


def _changes(imported) -> int:
    return sum(imported.counts[name] for name in ("new", "changed", "moved", "closed"))


def _empty(imported) -> None:
    from casefiles.models import CaseFile, Import, Involvement

    for model in (Involvement, CaseFile, Import):
        model.objects.all()._raw_delete("default")


def _hostile(cast) -> list[Row]:
    """Each file by the way an upload takes, while somebody else opens pages all the time."""
    from audit_portal.testing.hostile import FILES

    with Neighbour(cast.worker) as neighbour:
        quiet = neighbour.listen(5)
        found = [(file, *_taken_in(cast, file)) for file in FILES]
        busy = neighbour.heard()
    print(_table(found))
    slowest, largest = max(one.seconds for _, one, _ in found), max(one.megabytes for _, one, _ in found)
    wrong = [file.name for file, _, said in found if not said]
    before, during = _p95(quiet), _p95(busy)
    return [
        _row(f"{len(found)} hostile files, slowest", slowest, "s", HOSTILE_SECONDS),
        _row(f"{len(found)} hostile files, most memory", largest, "MB", HOSTILE_MEGABYTES),
        _row("Hostile files that were answered otherwise than they should", len(wrong), "", 0),
        _row(f"Other people's pages, 95 of 100 within, quiet ({len(quiet)} pages)", before, "ms", None),
        _row(f"Other people's pages, 95 of 100 within, meanwhile ({len(busy)} pages)", during, "ms", 2 * before),
    ]


def _taken_in(cast, file) -> tuple["Measure", str]:
    """What it cost, and the sentence or figures that came of it; nothing where that is not as it should be."""
    from django.utils import timezone

    from audit_portal.testing.hostile import CLEAN
    from casefiles import workflow
    from casefiles.models import CaseFile
    from casefiles.reading.results import BadFile

    content, said, outcome = file.make(), "", ""
    with _measured() as measure:
        try:
            imported = workflow.preview(kind="case_files", file_name=file.file_name, content=content,
                                        by=cast.pq_lead, at=timezone.now())
            outcome, said = CLEAN, "{new} new, {refused} refused".format(**imported.counts)
        except BadFile as bad:
            outcome, said = "refused", str(bad)
    return measure, said if outcome == file.outcome and not CaseFile.objects.exists() else ""


def _table(found) -> str:
    lines = [f"{'Hostile file':<36} {'Time':>7} {'Memory':>8}  Outcome"]
    lines += [f"{file.name:<36} {one.seconds:>5.2f} s {one.megabytes:>5.0f} MB  {said[:90]}"
              for file, one, said in found]
    return "\n".join(lines)


def _p95(seconds: list[float]) -> float:
    return round(1000 * quantiles(seconds, n=20)[-1], 1)


def _row(name: str, value: float, unit: str, target: float | None) -> Row:
    return {"name": name, "value": round(value, 2), "unit": unit, "target": target,
            "met": target is None or value <= target}


@dataclass
class Measure:
    """Seconds, and the most megabytes of this process or of one that it started."""

    seconds: float = 0.0
    megabytes: float = 0.0


@contextmanager
def _measured() -> Iterator[Measure]:
    measure, over = Measure(), Event()
    _forget_peak()
    watcher = Thread(target=_watch, args=(measure, over), daemon=True)
    watcher.start()
    start = perf_counter()
    try:
        yield measure
    finally:
        measure.seconds = perf_counter() - start
        over.set()
        watcher.join()
        measure.megabytes = max(measure.megabytes, _peak("self"))


def _watch(measure: Measure, over: Event) -> None:
    """Children come and go: their peaks are looked at two hundred times a second."""
    while not over.wait(0.005):
        measure.megabytes = max([measure.megabytes, *map(_peak, _children())])


def _children() -> list[str]:
    return [child for task in os.listdir("/proc/self/task") for child in
            _read(f"/proc/self/task/{task}/children").split()]


def _forget_peak() -> None:
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")


def _peak(process: str) -> float:
    lines = [line for line in _read(f"/proc/{process}/status").splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) / MEGABYTE if lines else 0.0


def _read(path: str) -> str:
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""

