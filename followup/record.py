"""The answer to an audit (Part B) as a section of its record, once it is returned (B14)."""

from audits.record import Record
from audits.registry import Section
from followup.models import PartB


def part_b_section(record: Record) -> Section | None:
    """Supervision, looking back, and each action with what shows that it is done."""
    rows = PartB.objects.filter(audit=record.audit, status=PartB.Status.CLOSED)
    part_b = rows.select_related("manager", "returned_by").first()
    if part_b is None:
        return None
    actions = part_b.actions.select_related("owner", "confirmed_by")
    return Section("documents/record/part_b.html", {
        "part_b": part_b, "returned_by": record.name(part_b.returned_by),
        "actions": [(row, record.owner(row.owner, row.owner_outside), record.name(row.confirmed_by))
                    for row in actions],
    })
