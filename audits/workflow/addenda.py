"""Corrections of an audit that is final: by date, beside what stands, never in its place (S1-17)."""

from datetime import datetime

from django.db import transaction

from audits.models import Addendum, Audit, Filing
from audits.permissions import READERS, check_can_add
from audits.workflow.filing import open_filing
from audits.workflow.life import locked
from duties.notices import notify
from people.models import Staff
from trail.writing import record


@transaction.atomic
def add_addendum(*, audit: Audit, about: str, text: str, by: Staff, at: datetime) -> Addendum:
    """Add to an accepted audit; its people are told, and it is copied to the child's record once more."""
    audit = locked(audit)
    check_can_add(by, audit)
    addendum = Addendum.objects.create(audit=audit, about=about, text=text, added_at=at, added_by=by)
    told = [person for person in people_told(audit) if person != by]
    notify(f"addendum:{addendum.pk}", told, event="audit.added_to", subject=audit, at=at, meta=audit.number,
           url=f"/audits/{audit.number}/read/#addenda", title="Something was added to a final audit: read it")
    record("audit.added_to", target=addendum, subject=audit, by=by, at=at, changes={"about": about, "text": text})
    open_filing(audit=audit, what=Filing.What.AUDIT, by=by, at=at)
    return addendum


def people_told(audit: Audit) -> list[Staff]:
    """Its auditor and the people of the case, as they are now."""
    rows = audit.participations.filter(capacity__in=("auditor", *READERS), until_at=None, staff__is_active=True)
    return list({row.staff_id: row.staff for row in rows.select_related("staff").order_by("pk")}.values())
