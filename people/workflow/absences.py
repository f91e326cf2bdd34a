"""Verbs on absence: when somebody is away and who covers."""

from datetime import date, datetime

from django.db import transaction

from calendars.rules import add_months_clamped, london_date
from calendars.words import day_and_month
from people.models import Absence, Staff
from people.permissions import check_can_record_absence
from people.refusals import Refused
from people.registry import Moved, people_moved
from people.turns import change_pool
from trail.writing import record

LONGEST_MONTHS = 24


@transaction.atomic
def add_absence(
    *, staff: Staff, starts_on: date, ends_on: date, cover: Staff | None = None, by: Staff, at: datetime
) -> Absence:
    """Somebody is away; who covers is told of their reminders too."""
    _lock(staff, cover)
    check_can_record_absence(by, staff)
    absence = Absence(staff=staff, starts_on=starts_on, ends_on=ends_on, cover=cover, recorded_by=by)
    _check(absence, london_date(at))
    absence.save(force_insert=True)
    record("absence.recorded", target=absence, subject=staff, by=by, at=at, changes=_facts(absence))
    people_moved(Moved(staff=_touched(staff, cover)), by=by, at=at)
    return absence


@transaction.atomic
def change_absence(
    *, absence: Absence, starts_on: date, ends_on: date, cover: Staff | None = None, by: Staff, at: datetime
) -> Absence:
    """Other days or another cover, while it has not ended."""
    absence = _running(absence, by, at, cover)
    before, covered = _facts(absence), absence.cover
    absence.starts_on, absence.ends_on, absence.cover = starts_on, ends_on, cover
    _check(absence, london_date(at))
    absence.save()
    after = _facts(absence)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        record("absence.changed", target=absence, subject=absence.staff, by=by, at=at, changes=changes)
        people_moved(Moved(staff=_touched(absence.staff, cover, covered)), by=by, at=at)
    return absence


@transaction.atomic
def remove_absence(*, absence: Absence, by: Staff, at: datetime) -> None:
    """Take it back while it has not ended; the trail keeps that it stood there."""
    absence = _running(absence, by, at, None)
    record("absence.taken_back", target=absence, subject=absence.staff, by=by, at=at, changes=_facts(absence))
    absence.delete()
    people_moved(Moved(staff=_touched(absence.staff, absence.cover)), by=by, at=at)


def _touched(*people: Staff | None) -> tuple[Staff, ...]:
    """Whose duties find their holders anew: in a role, who is here comes before who is away."""
    return tuple(dict.fromkeys(person for person in people if person))


def _lock(*people: Staff | None) -> None:
    """Both people, always in one order: two absences that cover each other cannot be written at once."""
    change_pool()
    ids = sorted({person.pk for person in people if person})
    list(Staff.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True))


def _running(absence: Absence, by: Staff, at: datetime, cover: Staff | None) -> Absence:
    _lock(absence.staff, cover)
    kept = Absence.objects.select_related("staff__unit", "cover").filter(pk=absence.pk).first()
    if kept is None:
        raise Refused("This absence was taken back already.")
    check_can_record_absence(by, kept.staff)
    if kept.ends_on < london_date(at):
        raise Refused("This absence is over, so it stays as it is.")
    return kept


def _facts(absence: Absence) -> dict[str, str]:
    cover = absence.cover.reference if absence.cover else ""
    return {"starts_on": str(absence.starts_on), "ends_on": str(absence.ends_on), "cover": cover}


def _check(absence: Absence, today: date) -> None:
    if absence.ends_on < absence.starts_on:
        raise Refused("The last day must not lie before the first.", "ends_on")
    if absence.ends_on < today:
        raise Refused("The last day must be today or later: an absence that is over changes nothing.", "ends_on")
    if absence.starts_on > add_months_clamped(today, LONGEST_MONTHS):
        raise Refused("This begins more than two years from now. Check the year.", "starts_on")
    if absence.ends_on > add_months_clamped(absence.starts_on, LONGEST_MONTHS):
        raise Refused("This is longer than two years. Check the year.", "ends_on")
    if other := same_days(absence.staff, absence).first():
        raise Refused(f"There is an absence in these days already: {in_words(other)}. Change that one.", "starts_on")
    _check_cover(absence)


def _check_cover(absence: Absence) -> None:
    cover = absence.cover
    if cover is None:
        return
    if cover == absence.staff:
        raise Refused("Nobody covers for themselves. Name somebody else.", "cover")
    if not cover.is_active:
        raise Refused(f"{cover} has left. Name somebody who works here.", "cover")
    last = min(filter(None, (cover.left_on, cover.access_ends_on)), default=None)
    if last and last < absence.ends_on:
        raise Refused(f"{cover} works here until {day_and_month(last)} only. Name somebody else.", "cover")
    if other := same_days(cover, absence).first():
        raise Refused(f"{cover} is away too, {in_words(other)}. Name somebody else.", "cover")


def same_days(staff: Staff, absence: Absence):
    """Absences of `staff` that share a day with `absence`."""
    others = Absence.objects.filter(staff=staff, starts_on__lte=absence.ends_on, ends_on__gte=absence.starts_on)
    return others.exclude(pk=absence.pk)


def left_uncovered(absence: Absence) -> list[Absence]:
    """Whom the person now away was to cover for in these days."""
    days = {"starts_on__lte": absence.ends_on, "ends_on__gte": absence.starts_on}
    return list(Absence.objects.filter(cover=absence.staff, **days).select_related("staff").order_by("starts_on", "pk"))


def in_words(absence: Absence) -> str:
    """Monday 2 November to Friday 6 November."""
    return f"{day_and_month(absence.starts_on)} to {day_and_month(absence.ends_on)}"
