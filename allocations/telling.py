"""Who hears of a list when it goes out: counted before publishing, as `audits` will tell them."""

from dataclasses import dataclass

from allocations.models import Allocation, Round
from people.models import Staff


@dataclass(frozen=True)
class Told:
    """How many people of each kind hear of how many audits."""

    audits: int
    auditors: int
    workers: int
    managed_teams: int
    advisers: int


def who_is_told(round: Round) -> Told:
    """The people of the list, each counted once. Two queries."""
    rows = list(round.allocations.filter(status__in=[Allocation.Status.DRAFT, Allocation.Status.ALLOCATED]).values_list(
        "auditor_id", "case_file__worker_id", "case_file__team_id", "case_file__iro_id", "case_file__cp_adviser_id"))
    columns = list(zip(*rows, strict=True)) or [()] * 5
    auditors, workers, teams, iros, advisers = ({pk for pk in column if pk} for column in columns)
    living = set(Staff.objects.filter(pk__in=workers | iros | advisers, is_active=True).values_list("pk", flat=True))
    return Told(len(rows), len(auditors), len(workers & living), len(teams), len((iros | advisers) & living))
