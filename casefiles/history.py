"""Who works on a case file now and since when, and what its history shows."""

from dataclasses import dataclass
from datetime import date

from casefiles.models import CaseFile, Involvement
from people.models import Staff

Capacity = Involvement.Capacity


@dataclass(frozen=True)
class PersonNow:
    """One line of the people table."""

    staff: Staff
    capacity: str
    since: date | None


@dataclass(frozen=True)
class Happening:
    """One entry of the timeline."""

    on: date
    title: str


def involvements_of(case_file: CaseFile) -> list[Involvement]:
    """All of them, newest first. One query."""
    return list(case_file.involvements.select_related("staff").order_by("-from_on", "-pk"))


def people_now(case_file: CaseFile, involvements: list[Involvement]) -> list[PersonNow]:
    """Worker, team manager, reviewing officer and adviser of today."""
    since = {(row.staff_id, row.capacity): row.from_on for row in involvements if row.until_on is None}
    people = ((case_file.worker, Capacity.WORKER), (case_file.personal_adviser, Capacity.PERSONAL_ADVISER),
              (case_file.team_manager, Capacity.TEAM_MANAGER), (case_file.iro, Capacity.IRO),
              (case_file.cp_adviser, Capacity.CP_ADVISER))
    return [PersonNow(staff, capacity.label, since.get((staff.pk, capacity))) for staff, capacity in people if staff]


def timeline(case_file: CaseFile, involvements: list[Involvement]) -> list[Happening]:
    """Newest first: who began and ended, when the case was first seen and closed."""
    found = []
    if case_file.closed_on:
        found.append(Happening(case_file.closed_on, "Closed: no longer on the council’s list"))
    for row in involvements:
        word = row.get_capacity_display()
        found.append(Happening(row.from_on, f"{word}: {row.staff.name}"))
        if row.until_on:
            found.append(Happening(row.until_on, f"No longer {word.lower()}: {row.staff.name}"))
    found.append(Happening(case_file.opened_on, "First seen"))
    return sorted(found, key=lambda happening: happening.on, reverse=True)
