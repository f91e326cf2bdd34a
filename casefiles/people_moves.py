"""What a change of people means for case files: who is on them from today, and who holds which duty about them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from calendars.rules import london_date
from casefiles.involvements import keep_history
from casefiles.models import CaseFile, Involvement
from casefiles.registry import people_changed
from duties import workflow as duties_workflow
from duties.models import Duty
from people.models import Staff, Unit
from people.querysets import under_paths
from people.registry import Moved


def bring_up_to_date(*, by: Staff, at: datetime, duties: QuerySet[Duty], files: Iterable[int] | None = None) -> None:
    """History first, then whoever follows case files, then the holders of duties. An import names no files: all."""
    on = london_date(at)
    keep_history(on, only=files)
    people_changed(_changed_on(on) if files is None else files, by=by, at=at)
    duties_workflow.resolve_again(duties, at=at)


def _changed_on(on: date) -> list[int]:
    """Case files on which somebody began or ended on a day."""
    found = Involvement.objects.filter(Q(from_on=on) | Q(until_on=on))
    return list(found.order_by("case_file").values_list("case_file", flat=True).distinct())


def follow_people(moved: Moved, by: Staff, at: datetime) -> None:
    """A page changed people: the case files of their units, and those whose line above is another now."""
    below = under_paths("team__path", tuple(unit.path for unit in moved.lines))
    touched = CaseFile.objects.open().filter(Q(team__in=moved.units) | below)
    duties = Duty.objects.open().touching(units=moved.units, staff=moved.staff, roles=moved.roles)
    bring_up_to_date(by=by, at=at, duties=duties, files=list(touched.order_by("pk").values_list("pk", flat=True)))


def open_files_of(unit: Unit) -> tuple[int, str, str]:
    """How many open case files a unit has, with the words for it."""
    return CaseFile.objects.open().filter(team=unit).count(), "open case file", "open case files"
