"""What earlier audits of the same case found, for those who may read them."""

from dataclasses import dataclass

from audits.models import Audit, AuditVersion
from audits.registry import ActionState, states_of_actions
from people.models import Staff

AT_MOST = 3


@dataclass(frozen=True)
class Earlier:
    """One earlier audit: its judgement in a domain, and how its actions stand."""

    audit: Audit
    judgement: str
    actions: list[ActionState]


def earlier_audits(staff: Staff, audit: Audit, domain: str = "") -> list[Earlier]:
    """The newest final ones that `staff` may read. Three queries, one where there are none."""
    audits = Audit.objects.content_visible_to(staff).final().filter(case_file=audit.case_file_id)
    audits = list(audits.exclude(pk=audit.pk).select_related("grade").order_by("-month", "-number")[:AT_MOST])
    if not audits:
        return []
    found = AuditVersion.objects.filter(audit__in=audits, grade_confirmed_at__isnull=False).order_by("number")
    contents = {row.audit_id: row.content for row in found}
    actions = states_of_actions([row.pk for row in audits])
    return [Earlier(row, _judgement(contents.get(row.pk, {}), domain), actions.get(row.pk, [])) for row in audits]


def _judgement(content: dict, domain: str) -> str:
    rows = (row for row in content.get("domains", []) if row["slug"] == domain)
    return next((row.get("judgement", "") for row in rows), "")
