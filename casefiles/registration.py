"""The kinds of list that case files bring, and the jobs that read and write them. Registered when the app starts."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from casefiles import kinds, leaving, people_moves, permissions, workflow, working
from casefiles.columns import remembered_columns
from casefiles.models import Import
from casefiles.people_plans import PeoplePlan
from casefiles.plans import CasePlan
from casefiles.reading.apart import Table
from casefiles.reading.cases import read_cases
from casefiles.reading.people import read_people
from casefiles.reading.results import Reading
from casefiles.writing import write_case_files
from duties.models import Duty
from jobs import registry as jobs
from people.loading import load_people
from people.models import Staff, Unit
from people.permissions import check_can_load_people
from people.registry import register_follower, register_holdings, register_in_unit

Kind = Import.Kind


def register() -> None:
    """Everything that other modules look up by name, and what follows a change of people."""
    register_follower(people_moves.follow_people)
    register_in_unit(people_moves.open_files_of)
    register_holdings(leaving.holdings)
    jobs.register(workflow.READ_JOB, working.read_upload)
    jobs.register(workflow.REWORK_JOB, working.rework_plan)
    jobs.register(workflow.CONFIRM_JOB, working.write_plan)
    kinds.register(kinds.ImportKind(Kind.CASE_FILES, permissions.check_is_pq_for_lists, _read_cases, CasePlan,
                                    write_case_files, asks_columns=True))
    kinds.register(kinds.ImportKind(Kind.PEOPLE, check_can_load_people, read_people, PeoplePlan, _write_people))


def _read_cases(tables: Sequence[Table], on: date, asks: bool = False) -> Reading:
    return read_cases(tables, on, remembered=remembered_columns, asks=asks, keep_birth_year=settings.KEEP_INITIALS)


def _write_people(plan: PeoplePlan, by: Staff, at: datetime) -> None:
    """People first; then who manages which case file, and who holds the duties that this touches, is found anew."""
    units, people = plan.new["units"] + plan.changed["units"], plan.new["people"] + plan.changed["people"]
    load_people(units=units, people=people, by=by, at=at)
    touched = Duty.objects.open().touching(
        units=Unit.objects.filter(reference__in=[row["reference"] for row in units]),
        staff=Staff.objects.filter(reference__in=[row["reference"] for row in people]),
        roles={role for row in people for role in row["roles"]},
    )
    people_moves.bring_up_to_date(by=by, at=at, duties=touched)
