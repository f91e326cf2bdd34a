"""The council of the harness: so many teams with a manager each, one audit in every team, published this month."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import md5

from people.roles import Role


@dataclass
class Council:
    """Who takes part: P&Q, and for each audit number its team manager."""

    lead: object
    officer: object
    managers: dict[str, object] = field(default_factory=dict)


def found_council(teams: int, *, month: date, at: datetime, seed: str) -> Council:
    """Build it with the real verbs; the list of `month` is out."""
    from allocations import workflow as rounds
    from audit_portal.testing.factories import load_s1, make_auditor, make_case, make_cast, make_staff, make_unit
    from people.models import Auditor

    version, cast = load_s1(), make_cast()
    auditing = make_unit("Auditing", "team", cast.quality)
    Auditor.objects.all().delete()
    for number in range(teams):
        team = make_unit(f"Team {number}", "team", cast.group, make_staff(f"Manager {number}"))
        team.manager.unit = team
        team.manager.save(update_fields=["unit"])
        make_auditor(f"Auditor {number}", auditing)
        make_case(f"30{number:05}", team, make_staff(f"Worker {number}", team, roles=(Role.WORKER,)))
    round = rounds.plan_round(version=version, month=month, by=cast.pq_lead, at=at)
    rounds.freeze_frame(round=round, by=cast.pq_lead, at=at,
                        seed=md5(seed.encode(), usedforsecurity=False).hexdigest())
    rounds.draw_round(round=round, by=cast.pq_lead, at=at)
    rounds.review(round=round, by=cast.pq_lead, at=at)
    rounds.publish(round=round, by=cast.pq_lead, at=at)
    return council()


def council() -> Council:
    """The council that the database holds already."""
    from audits.models import Audit
    from people.models import Staff

    people = {person.reference: person for person in Staff.objects.all()}
    audits = Audit.objects.select_related("team__manager").order_by("number")
    managers = {audit.number: audit.team.manager for audit in audits}
    return Council(people["naomi.clarke"], people["chidi.eze"], managers)
