"""Who has an audit, and the ways to hand it on (`{% load handing_words %}`)."""

from django import template
from django.utils.safestring import SafeString

from allocations.models import Exemption
from audits.models import Audit
from audits.templatetags.audit_words import tag
from audits.workflow.handing_on import BEGUN, can_change_hands
from people.models import Staff

register = template.Library()


@register.filter
def handing_tag(audit: Audit) -> SafeString | str:
    """Asked to be exempt and not decided, or waiting for another auditor; of audits read `with_request`."""
    if audit.awaits_auditor_since:
        return tag("Waits for an auditor", "yellow")
    return tag("Awaiting decision", "yellow") if getattr(audit, "awaits_decision", False) else ""


@register.inclusion_tag("audits/_handing_on.html")
def handing_on(audit: Audit, staff: Staff) -> dict:
    """The panel: the auditor asks for an exemption; P&Q do it for them, or give the audit to somebody else."""
    is_pq, is_own = staff.hats().is_pq, audit.auditor_id == staff.pk and not audit.awaits_auditor_since
    if not (is_pq or is_own) or not can_change_hands(audit):
        return {}
    title = "If you cannot do this audit" if is_own else "Auditor"
    return {"title": title, "lines": _lines(audit, is_own), "links": list(_links(audit, is_pq, is_own))}


def _lines(audit: Audit, is_own: bool) -> list[str]:
    if audit.awaits_auditor_since:
        return [f"{audit.auditor} is exempted. Nobody has this audit."]
    if not audit.auditor.is_active:
        return [f"{audit.auditor} has left."]
    if is_own and audit.status in BEGUN:
        return ["Say so soon: whoever takes it over needs the time."]
    return []


def _links(audit: Audit, is_pq: bool, is_own: bool):
    if audit.status in BEGUN and not audit.awaits_auditor_since:
        waiting = Exemption.objects.pending().filter(allocation=audit.allocation_id).first()
        if waiting:
            yield waiting.get_absolute_url(), "See the request for exemption"
        else:
            yield f"/rounds/exemptions/ask/{audit.number}/", f"Ask for an exemption{'' if is_own else ' for them'}"
    if is_pq:
        yield f"/audits/{audit.number}/reallocate/", "Give it to another auditor"
