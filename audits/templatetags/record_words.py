"""The way to the record of an audit for the child's file (`{% load record_words %}`)."""

from django import template

from audits.models import Audit
from audits.permissions import check_can_add, check_has_record
from people.models import Staff
from people.permissions import allowed

register = template.Library()


@register.inclusion_tag("audits/_record_panel.html")
def record_panel(audit: Audit, staff: Staff) -> dict:
    """The panel: whether it is copied to the child's record, the way to the PDF, and to add something."""
    if not allowed(check_has_record, audit):
        return {}
    return {"audit": audit, "filings": filings_shown(audit), "can_add": allowed(check_can_add, staff, audit)}


def filings_shown(audit: Audit) -> list:
    """What was copied and what waits, in order; not what was replaced. One query."""
    return list(audit.filings.filter(replaced_at=None).select_related("filed_by"))
