"""What was challenged in an audit, as a section of its record: part of how it came to be final (S1-49)."""

from audits.record import PQ, Record
from audits.registry import Section
from challenges.models import Challenge
from challenges.points import points_of


def challenges_section(record: Record) -> Section | None:
    """Each challenge that was settled, and how; one that was withdrawn stands for nothing."""
    rows = record.audit.challenges.filter(status=Challenge.Status.SETTLED).select_related("raised_by", "settled_by")
    if not rows:
        return None
    titles = {point.key: point.title for point in points_of(record.content)}
    return Section("documents/record/challenges.html", {"challenges": [
        (row, titles.get(row.point, row.point), record.name(row.raised_by), record.name(row.settled_by, PQ))
        for row in rows
    ]})
