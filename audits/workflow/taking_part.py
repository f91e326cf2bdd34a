"""Who takes part in an audit besides its auditor: the people of its case."""

from audits.models import Audit
from casefiles.history import previous_team_manager
from casefiles.models import CaseFile
from people.lines import manager_of_kind, managers_upwards
from people.models import Staff


def people_of_case(case_file: CaseFile, managers: dict[int, Staff | None] | None = None) -> dict[str, Staff | None]:
    """The worker, team manager, IRO and adviser of a case now. `managers` keeps the managers of teams between calls."""
    return {
        "worker": case_file.worker,
        "team_manager": manager_of_case(case_file, {} if managers is None else managers),
        "iro": case_file.iro,
        "cp_adviser": case_file.cp_adviser,
    }


def manager_of_case(case_file: CaseFile, managers: dict[int, Staff | None]) -> Staff | None:
    """The one named for this case, else the manager of its team or above; of a closed case who last had it (S2-83)."""
    if not case_file.is_open:
        return previous_team_manager(case_file)
    if case_file.manager and case_file.manager.is_active:
        return case_file.manager
    if case_file.team is None:
        return None
    if case_file.team.pk not in managers:
        managers[case_file.team.pk] = manager_of_kind(case_file.team, "team")
    return managers[case_file.team.pk]


def team_manager_of(audit: Audit) -> Staff | None:
    """Who answers for the team in this audit: concerns and Part B go to them (S1-28, S1-52).

    The team manager who takes part and is living, else the nearest above the team as it was when the audit was
    allocated. Of a closed case whoever managed it last (S2-83).
    """
    if not audit.case_file.is_open:
        previous = previous_team_manager(audit.case_file)
        if previous and previous.pk != audit.auditor_id:
            return previous
    part = audit.participations.filter(capacity="team_manager", until_at=None, staff__is_active=True)
    if found := part.select_related("staff").first():
        return found.staff
    return next(iter(managers_upwards(audit.team)), None) if audit.team else None
