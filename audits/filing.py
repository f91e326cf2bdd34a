"""What duties ask about copies on the child's record."""

from django.db.models import QuerySet

from audits.models import Audit, Filing
from people.models import Staff

KIND = "audit.file"
TITLES = {
    Filing.What.AUDIT: "Copy an audit to the child’s record",
    Filing.What.PART_B: "Copy the answer to an audit to the child’s record",
}


def to_file(audit: Audit) -> tuple[str, ...]:
    """What of it waits to be copied."""
    return tuple(sorted(filing.what for filing in audit.filings.all() if filing.is_open))


def owing() -> QuerySet[Audit]:
    """Audits of which something waits to be copied."""
    return Audit.objects.filter(pk__in=Filing.objects.open().values("audit")).prefetch_related("filings")


def may_file(staff: Staff, audit_id: int) -> bool:
    """P&Q; the portal knows no role of its own for business support (B14)."""
    return staff.hats().is_pq
