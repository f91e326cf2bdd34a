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


def found_council(teams: int, *, month: date, at: datetime, seed: str, months: int = 1,
                  rungs: list[dict] | None = None) -> Council:
    """Build it with the real verbs; the list of `month` is out. There are cases for so many `months`.

    `rungs` are the reminders of an audit in the place of the programme's.
    """
    from audit_portal.testing.factories import load_s1, make_auditor, make_case, make_cast, make_staff, make_unit
    from duties.workflow import publish_ladder
    from people.models import Auditor

    version, cast = load_s1(), make_cast()
    auditing = make_unit("Auditing", "team", cast.quality)
    Auditor.objects.all().delete()
    for number in range(teams):
        team = make_unit(f"Team {number}", "team", cast.group, make_staff(f"Manager {number}"))
        team.manager.unit = team
        team.manager.save(update_fields=["unit"])
        make_auditor(f"Auditor {number}", auditing)
        worker = make_staff(f"Worker {number}", team, roles=(Role.WORKER,))
        for case in range(months):
            make_case(f"3{case}{number:05}", team, worker)
    if rungs:
        publish_ladder(kind="audit.complete", programme=version.programme.slug, rungs=rungs, at=at)
    send_out(draw_list(version, month=month, by=cast.pq_lead, at=at, seed=seed), by=cast.pq_lead, at=at)
    return council()


def draw_list(version, *, month: date, by, at: datetime, seed: str):
    """The list of a month, ready to go out."""
    from allocations import workflow as rounds

    round = rounds.plan_round(version=version, month=month, by=by, at=at)
    chance = md5(f"{seed} {month}".encode(), usedforsecurity=False).hexdigest()
    rounds.freeze_frame(round=round, by=by, at=at, seed=chance)
    rounds.draw_round(round=round, by=by, at=at)
    return rounds.review(round=round, by=by, at=at)


def send_out(round, *, by, at: datetime) -> None:
    """The list goes out."""
    from allocations import workflow as rounds

    rounds.publish(round=round, by=by, at=at)


def council() -> Council:
    """The council that the database holds already."""
    from audits.models import Audit
    from people.models import Staff

    people = {person.reference: person for person in Staff.objects.all()}
    audits = Audit.objects.select_related("team__manager").order_by("number")
    managers = {audit.number: audit.team.manager for audit in audits}
    return Council(people["naomi.clarke"], people["chidi.eze"], managers)
