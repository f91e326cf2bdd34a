"""Who may not audit which case: anyone involved in it ever, its managers, its own team and group (S2-05, A37)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from allocations.draw import Override
from allocations.models import Round, TeamOverride
from casefiles.models import CaseFile, Involvement
from people.models import Auditor as Registered
from people.models import Unit

NOBODY: frozenset[str] = frozenset()
PEOPLE = ("worker_id", "iro_id", "cp_adviser_id", "personal_adviser_id", "manager_id")


class Forbidden:
    """The rules for some auditors, read once. `with_teams` is false where a programme lets teams audit their own;
    `only` names the one case that is asked about.
    """

    def __init__(self, auditors: Iterable[Registered], with_teams: bool = True, only: CaseFile | None = None) -> None:
        self.reference_of = {entry.staff_id: entry.staff.reference for entry in auditors}
        self.units = {unit.pk: unit for unit in Unit.objects.all()}
        self.with_teams = with_teams
        self.in_unit = self._in_unit(auditors)
        self.involved = self._involved(only)
        self.near: dict[int, tuple[frozenset[str], frozenset[str]]] = {}

    def _in_unit(self, auditors: Iterable[Registered]) -> dict[int, set[str]]:
        """The auditors at or under each unit."""
        found: dict[int, set[str]] = defaultdict(set)
        for entry in auditors:
            unit = self.units.get(entry.staff.unit_id)
            for pk in unit.ids_upwards() if unit else ():
                found[pk].add(entry.staff.reference)
        return found

    def _involved(self, only: CaseFile | None) -> dict[int, set[str]]:
        rows = Involvement.objects.filter(staff__in=list(self.reference_of)).values_list("case_file_id", "staff_id")
        rows = rows.filter(case_file=only) if only else rows
        involved: dict[int, set[str]] = defaultdict(set)
        for case_file, staff in rows.iterator(chunk_size=5000):
            involved[case_file].add(self.reference_of[staff])
        return involved

    def personally(self, file: CaseFile) -> set[str]:
        """Who works or worked on the case, and who manages it: never overridden."""
        people = {getattr(file, name) for name in PEOPLE}
        own = {self.reference_of[pk] for pk in people if pk in self.reference_of}
        return own | self.involved.get(file.pk, set()) | self._of_team(file.team_id)[0]

    def same_team(self, file: CaseFile) -> frozenset[str]:
        """Who is of the team or its group: forbidden unless overridden before the draw."""
        return self._of_team(file.team_id)[1] if self.with_teams else NOBODY

    def for_case(self, file: CaseFile) -> frozenset[str]:
        """References of the auditors who may not have this case."""
        return self.same_team(file) | self.personally(file)

    def _of_team(self, team_id: int | None) -> tuple[frozenset[str], frozenset[str]]:
        """The managers of the team and its group, and the auditors in both. Where there is no manager, the next one
        above, who then answers for the case.
        """
        if team_id is None:
            return NOBODY, NOBODY
        if team_id not in self.near:
            above = [self.units[pk] for pk in self.units[team_id].ids_upwards()]
            near = [unit for unit in above if unit.kind in {Unit.Kind.TEAM, Unit.Kind.GROUP}]
            answers = next((unit.manager_id for unit in above if unit.manager_id), None)
            heads = {answers, *(unit.manager_id for unit in near)}
            managers = frozenset(self.reference_of[pk] for pk in heads if pk in self.reference_of)
            home = near[-1].pk if near else team_id
            self.near[team_id] = managers, frozenset(self.in_unit.get(home, ()))
        return self.near[team_id]


def overrides_of(round: Round, files: Iterable[CaseFile], forbidden: Forbidden) -> Iterator[Override]:
    """The pairs that P&Q allowed before the draw, where nothing but the team stood between them (S2-05)."""
    made = list(TeamOverride.objects.filter(round=round).select_related("auditor", "made_by"))
    for file in files if made else ():
        for each in made:
            named = each.case_file_id in (None, file.pk) and each.auditor.reference in forbidden.same_team(file)
            if named and each.auditor.reference not in forbidden.personally(file):
                yield Override(file.reference, each.auditor.reference, each.reason, each.made_by.reference)
