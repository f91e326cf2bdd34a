"""The duties of Part B, registered at start."""

from collections.abc import Collection

from django.db.models import QuerySet

from audits.knowing import programme_of
from audits.models import Audit
from audits.registry import ActionState
from duties.registry import Kind, register, register_subject
from followup.chains import REAUDIT, chain_open, open_rounds
from followup.models import Action, PartB
from people.models import Staff


def part_bs_known_to(staff: Staff) -> QuerySet[PartB]:
    """Those of the audits that somebody may see."""
    return PartB.objects.filter(audit__in=Audit.objects.visible_to(staff).values("pk"))


def actions_known_to(staff: Staff) -> QuerySet[Action]:
    """Those of the audits that somebody may see."""
    return Action.objects.filter(part_b__audit__in=Audit.objects.visible_to(staff).values("pk"))


def states_of_actions(audits: Collection[int]) -> dict[int, list[ActionState]]:
    """The actions of some audits in order, with their state in words. One query."""
    found: dict[int, list[ActionState]] = {}
    rows = Action.objects.filter(part_b__audit__in=audits).select_related("part_b").order_by("part_b", "position")
    for row in rows:
        found.setdefault(row.part_b.audit_id, []).append(ActionState(row.what, row.get_status_display()))
    return found


def supervision_open(part_b: PartB) -> tuple[str, ...]:
    """Until the discussion is recorded."""
    return ("",) if part_b.supervision_recorded_at is None else ()


def confirmation_open(part_b: PartB) -> tuple[str, ...]:
    """From the last action until the return."""
    if part_b.status != PartB.Status.OPEN:
        return ()
    return () if any(action.status == Action.Status.OPEN for action in part_b.actions.all()) else ("",)


def register_duties() -> None:
    """Supervision, each action, the manager's confirmation (B8); the re-audit of an open round (S1-58)."""
    register_subject(PartB, part_bs_known_to)
    register_subject(Action, actions_known_to)
    register(
        _part_b(
            "followup.supervision",
            "Record the supervision discussion",
            "Record the supervision discussion of an audit",
            supervision_open,
            PartB.objects.filter(supervision_recorded_at=None),
        )
    )
    register(
        _part_b(
            "followup.confirm",
            "Confirm and return an audit",
            "Confirm that everything is done and return the audit",
            confirmation_open,
            PartB.objects.filter(status=PartB.Status.OPEN).prefetch_related("actions"),
        )
    )
    for kind in (_confirm_action(), _arrange_reaudit()):
        register(kind)


def _confirm_action() -> Kind:
    return Kind(
        "followup.action",
        "Confirm an action",
        Action,
        title=lambda action: f"Confirm that action {action.position} is done",
        url=lambda action: f"/follow-up/{action.part_b.audit.number}/",
        must_be_open=lambda action: ("",) if action.status == Action.Status.OPEN else (),
        meta=lambda action: action.part_b.audit.service_name,
        records=Action.objects.open,
        programme=lambda action: programme_of(action.part_b.audit),
    )


def _arrange_reaudit() -> Kind:
    return Kind(
        REAUDIT,
        "Arrange a re-audit",
        Audit,
        title=lambda audit: "Arrange a re-audit",
        url=lambda audit: audit.get_absolute_url(),
        must_be_open=chain_open,
        meta=lambda audit: audit.service_name,
        records=open_rounds,
        programme=programme_of,
    )


def _part_b(name, label, title, must_be_open, records) -> Kind:
    return Kind(
        name,
        label,
        PartB,
        lambda part_b: title,
        lambda part_b: f"/follow-up/{part_b.audit.number}/",
        must_be_open,
        lambda part_b: part_b.audit.service_name,
        records=records.all,
        programme=lambda part_b: programme_of(part_b.audit),
    )
