"""The improvement plan while it is written: actions added, changed, removed, brought back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from audits.models import Audit, ProposedAction
from audits.permissions import check_can_write
from audits.workflow.life import locked
from people.models import Staff
from trail.writing import record


@transaction.atomic
def add_action(
    *,
    audit: Audit,
    by: Staff,
    at: datetime,
    what: str,
    owner: Staff | None = None,
    owner_outside: str = "",
    due_on: date | None = None,
    measure: str = "",
    change_for_child: str = "",
) -> ProposedAction:
    """Add an action at the end of the plan; what is missing is asked before sharing (S1-44)."""
    audit = locked(audit)
    check_can_write(by, audit)
    last = audit.proposed_actions.aggregate(last=Max("position"))["last"] or 0
    action = ProposedAction.objects.create(
        audit=audit,
        position=last + 1,
        what=what,
        owner=owner,
        owner_outside=owner_outside,
        due_on=due_on,
        measure=measure,
        change_for_child=change_for_child,
    )
    record("audit.action_added", target=action, subject=audit, by=by, at=at)
    return action


@transaction.atomic
def change_action(*, action: ProposedAction, by: Staff, at: datetime, **fields) -> ProposedAction:
    """Change an action; the old text stays on the trail."""
    audit = locked(action.audit)
    check_can_write(by, audit)
    before = {name: str(getattr(action, name) or "") for name in fields}
    for name, value in fields.items():
        setattr(action, name, value)
    action.save(update_fields=list(fields))
    record("audit.action_changed", target=action, subject=audit, by=by, at=at, changes={"before": before})
    return action


@transaction.atomic
def move_action(*, action: ProposedAction, up: bool, by: Staff, at: datetime) -> None:
    """Let an action change places with its neighbour in the plan; the first stays first, the last stays last."""
    audit = locked(action.audit)
    check_can_write(by, audit)
    rows = list(audit.proposed_actions.filter(removed_at=None).order_by("position", "pk"))
    place = rows.index(action)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, start=1):
        row.position = position
    ProposedAction.objects.bulk_update(rows, ["position"])
    record("audit.action_moved", target=action, subject=audit, by=by, at=at, changes={"to": other + 1})


@transaction.atomic
def remove_action(*, action: ProposedAction, by: Staff, at: datetime) -> None:
    """Take an action out of the plan; it can be brought back until the audit is shared."""
    audit = locked(action.audit)
    check_can_write(by, audit)
    action.removed_at = at
    action.save(update_fields=["removed_at"])
    record("audit.action_removed", target=action, subject=audit, by=by, at=at)


@transaction.atomic
def restore_action(*, action: ProposedAction, by: Staff, at: datetime) -> None:
    """Bring a removed action back to its place."""
    audit = locked(action.audit)
    check_can_write(by, audit)
    action.removed_at = None
    action.save(update_fields=["removed_at"])
    record("audit.action_restored", target=action, subject=audit, by=by, at=at)
