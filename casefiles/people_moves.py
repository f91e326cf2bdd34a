"""What a change of people means for case files: who is on them from today, and who holds which duty about them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from calendars.rules import london_date
from casefiles.involvements import keep_history
from casefiles.models import CaseFile, Involvement
from casefiles.registry import people_changed
from duties import workflow as duties_workflow
from duties.models import Duty, Heartbeat
from people.models import Absence, RoleGrant, Staff, Unit
from people.querysets import under_paths
from people.registry import Moved, people_moved


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


@transaction.atomic
def follow_the_calendar(now: datetime, by: Staff) -> int:
    """Roles and absences begin and end with a day, though nobody presses anything: once a day their duties find
    holders anew.
    """
    today = london_date(now)
    beat, is_first = Heartbeat.objects.select_for_update().get_or_create(name="roles", defaults={"beat_at": now})
    since = today - timedelta(days=1) if is_first else london_date(beat.beat_at)
    if since >= today:
        return 0
    began, ended = Q(starts_on__gt=since, starts_on__lte=today), Q(ends_on__gte=since, ends_on__lt=today)
    grants = list(RoleGrant.objects.filter(began | ended).select_related("staff").order_by("pk"))
    for grant in grants:
        people_moved(Moved(staff=(grant.staff,), roles=(grant.role,)), by=by, at=now)
    absences = list(Absence.objects.filter(began | ended).select_related("staff", "cover").order_by("pk"))
    for absence in absences:
        people = (absence.staff, absence.cover) if absence.cover else (absence.staff,)
        people_moved(Moved(staff=people), by=by, at=now)
    beat.beat_at = now
    beat.save(update_fields=["beat_at"])
    return len(grants) + len(absences)


def open_files_of(unit: Unit) -> tuple[int, str, str]:
    """How many open case files a unit has, with the words for it."""
    return CaseFile.objects.open().filter(team=unit).count(), "open case file", "open case files"
