"""Who works on a case file now and since when, and what its history shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from calendars.rules import london_date
from casefiles.models import CaseFile, Correction, Involvement
from people.lines import managers_upwards
from people.models import Staff

Capacity, Fact = Involvement.Capacity, Correction.Fact
CAPACITY_OF: dict[str, str] = {
    Fact.WORKER: Capacity.WORKER,
    Fact.PERSONAL_ADVISER: Capacity.PERSONAL_ADVISER,
    Fact.MANAGER: Capacity.TEAM_MANAGER,
    Fact.IRO: Capacity.IRO,
    Fact.CP_ADVISER: Capacity.CP_ADVISER,
}


@dataclass(frozen=True)
class PersonNow:
    """One line of the people table: who, nobody where nobody is known; with the correction that put them there."""

    staff: Staff | None
    fact: str
    capacity: str
    since: date | None
    correction: Correction | None = None


@dataclass(frozen=True)
class Happening:
    """One entry of the timeline; `byline` says how it came about, where that was not an import."""

    on: date
    title: str
    byline: str = ""


def involvements_of(case_file: CaseFile) -> list[Involvement]:
    """All of them, newest first. One query."""
    return list(case_file.involvements.select_related("staff").order_by("-from_on", "-pk"))


def people_now(
    case_file: CaseFile, involvements: list[Involvement], corrections: dict[str, Correction] | None = None
) -> list[PersonNow]:
    """Worker, team manager, reviewing officer and advisers of today, each once, also where there is nobody."""
    since = {(row.staff_id, row.capacity): row.from_on for row in involvements if row.until_on is None}
    people = {Fact.WORKER: case_file.worker, Fact.PERSONAL_ADVISER: case_file.personal_adviser,
              Fact.MANAGER: case_file.team_manager, Fact.IRO: case_file.iro, Fact.CP_ADVISER: case_file.cp_adviser}
    return [PersonNow(staff, fact, Capacity(CAPACITY_OF[fact]).label,
                      since.get((staff.pk, CAPACITY_OF[fact])) if staff else None, (corrections or {}).get(fact))
            for fact, staff in people.items()]


def previous_team_manager(case_file: CaseFile) -> Staff | None:
    """Who answers for a closed case (S2-83): the living manager who last had it, else the one of its team, or above."""
    if case_file.manager and case_file.manager.is_active:
        return case_file.manager
    had_it = case_file.involvements.filter(capacity=Capacity.TEAM_MANAGER, staff__is_active=True)
    last = had_it.order_by(F("until_on").desc(nulls_first=True), "-from_on", "-pk").select_related("staff").first()
    if last:
        return last.staff
    return next(iter(managers_upwards(case_file.team)), None) if case_file.team else None


def timeline(
    case_file: CaseFile, involvements: list[Involvement], corrections: Iterable[Correction] = ()
) -> list[Happening]:
    """Newest first: who took over from whom, when the case was first seen and closed."""
    found = [Happening(case_file.opened_on, "First seen")]
    ended = [row for row in involvements if row.until_on]
    for row in reversed(involvements):
        before = next((old for old in ended if (old.capacity, old.until_on) == (row.capacity, row.from_on)), None)
        if before:
            ended.remove(before)
        instead = f" instead of {before.staff.name}" if before else ""
        title = f"{row.get_capacity_display()}: {row.staff.name}{instead}"
        found.append(Happening(row.from_on, title, how(row, corrections)))
    for row in ended:
        found.append(Happening(row.until_on, f"No longer {row.get_capacity_display().lower()}: {row.staff.name}"))
    if case_file.closed_on:
        found.append(Happening(case_file.closed_on, "Closed: no longer on the council’s list"))
    return sorted(reversed(found), key=lambda happening: happening.on, reverse=True)


def how(row: Involvement, corrections: Iterable[Correction]) -> str:
    """What a line of the history began with, where that was not the list."""
    if row.is_by_hand:
        return "by hand"
    made = (one for one in corrections if london_date(one.made_at) == row.from_on and _brought(one, row))
    return next((f"by correction of {one.made_by.name}" for one in made), "")


def _brought(correction: Correction, row: Involvement) -> bool:
    """Whether a correction of that day put this person there; one of the team brings its manager."""
    if correction.fact == Fact.TEAM:
        return row.capacity == Capacity.TEAM_MANAGER
    return (CAPACITY_OF[correction.fact], correction.staff_id) == (row.capacity, row.staff_id)
