"""Writing past audits as real rows, so that every rule and figure holds for them without exceptions.

The caller's transaction holds all of it: rounds and allocations, audits, then what is still open.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from allocations import past as rounds
from allocations.models import Allocation
from audits import workflow as audits
from audits.models import Audit
from calendars.rules import last_day_of_month
from casefiles.models import CaseFile
from followup.chains import close_chains, open_chain
from followup.past.matching import subject_of
from followup.past.part_b import take_over_part_bs
from followup.past.plan import PastPlan
from people.lines import system_actor
from people.models import Staff, Unit
from programmes.models import Grade, ProgrammeVersion

New = dict[str, Any]


def write(plan: PastPlan, by: Staff, at: datetime) -> None:
    """Everything of a plan, in the caller's transaction."""
    if not plan.new:
        return
    files = case_files(plan.new)
    given = allocate(plan.new, files, by, at)
    taken = audits.take_over(found=with_facts(plan.new, given), by=by, at=at)
    open_what_is_open(plan.new, taken, by, at)
    close_chains({file.pk for file in files.values()}, by=by, at=at)


def case_files(new: list[New]) -> dict[str, CaseFile]:
    """The files of the audited cases; those that the portal does not know, closed when they were last audited."""
    known = CaseFile.objects.in_bulk({row["reference"] for row in new}, field_name="reference")
    months: dict[str, list[date]] = defaultdict(list)
    categories: dict[str, str] = {}
    for row in new:
        if row["reference"] not in known:
            months[row["reference"]].append(date.fromisoformat(row["month"]))
            categories[row["reference"]] = row["category"]
    created = CaseFile.objects.bulk_create(
        CaseFile(reference=reference, category=categories[reference], subject_kind=subject_of(categories[reference]),
                 opened_on=min(found), closed_on=last_day_of_month(max(found).year, max(found).month))
        for reference, found in months.items())
    return known | {file.reference: file for file in created}


def allocate(new: list[New], files: dict[str, CaseFile], by: Staff, at: datetime) -> list[Allocation]:
    """The allocations in the order of the rows: one round for each month and programme version."""
    system = system_actor()
    auditors = Staff.objects.in_bulk({row["auditor_id"] for row in new} - {None})
    versions = ProgrammeVersion.objects.select_related("programme").in_bulk({row["version_id"] for row in new})
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, row in enumerate(new):
        groups[row["month"], row["version_id"]].append(place)
    found: dict[int, Allocation] = {}
    for (month, version), places in sorted(groups.items()):
        pairs = [(files[new[place]["reference"]], auditors.get(new[place]["auditor_id"], system)) for place in places]
        taken = rounds.take_over(version=versions[version], month=date.fromisoformat(month), given=pairs, by=by, at=at)
        found |= dict(zip(places, taken, strict=True))
    return [found[place] for place in range(len(new))]


def with_facts(new: list[New], given: list[Allocation]) -> list[audits.TakenOver]:
    """Each allocation with the facts of its row."""
    units = Unit.objects.in_bulk({row["team_id"] for row in new} - {None})
    grades = Grade.objects.in_bulk({row["grade_id"] for row in new})
    return [audits.TakenOver(allocation, row["category"], grades[row["grade_id"]], units.get(row["team_id"]),
                             row["open_round"], bool(row["actions"]))
            for row, allocation in zip(new, given, strict=True)]


def open_what_is_open(new: list[New], taken: list[Audit], by: Staff, at: datetime) -> None:
    """Part B with the open actions; the duty to arrange a re-audit."""
    pairs = list(zip(taken, new, strict=True))
    take_over_part_bs(found=[(audit, row["actions"]) for audit, row in pairs if row["actions"]], by=by, at=at)
    for audit, row in pairs:
        if row["open_round"]:
            open_chain(audit, at=at)
