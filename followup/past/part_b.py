"""The open actions of past audits: Part B for these actions alone (B13)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from audits.models import Audit
from calendars.rules import london_date
from followup.models import Action, PartB
from followup.workflow import owe_action
from people.lines import managers_upwards, pq_lead
from people.models import Staff, Unit

FOUR_WEEKS = timedelta(days=28)
BEFORE = "From before the portal: see the council’s earlier records."
UNWRITTEN = "An action that was open when this audit was taken over. The council’s earlier records say what it is."


@transaction.atomic
def take_over_part_bs(*, found: list[tuple[Audit, list[dict[str, Any]]]], by: Staff, at: datetime) -> list[PartB]:
    """Past audits whose actions are still open go to the managers of their teams.

    Supervision was a matter of that time: it counts as held, and no report counts whether it was in time.
    """
    today = london_date(at)
    managers = {team: manager_now(team, today) for team in {audit.team for audit, _ in found}}
    part_bs = PartB.objects.bulk_create(
        PartB(audit=audit, manager=managers[audit.team], opened_at=audit.finalised_at, discussion=BEFORE,
              supervision_due_at=audit.finalised_at, supervision_on=london_date(audit.finalised_at),
              supervision_recorded_at=at, supervision_recorded_by=by)
        for audit, _ in found)
    actions = Action.objects.bulk_create(
        Action(part_b=part_b, position=position, what=facts["what"] or UNWRITTEN, owner_id=facts["owner_id"],
               owner_outside=facts["owner_outside"], measure=BEFORE, change_for_child=BEFORE,
               due_on=date.fromisoformat(facts["due_on"]) if facts["due_on"] else today + FOUR_WEEKS)
        for part_b, (_, rows) in zip(part_bs, found, strict=True) for position, facts in enumerate(rows, start=1))
    for action in actions:
        owe_action(action, at)
    return part_bs


def manager_now(team: Unit | None, today: date) -> Staff:
    """Who answers for a team: its manager, the next one above, at last P&Q."""
    return ((managers_upwards(team) if team else [])[:1] or [pq_lead(today)])[0]
