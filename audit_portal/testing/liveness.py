"""Liveness: every record that needs a duty has exactly that duty open, held by somebody living who may know.

The comparison is the one that the nightly check uses (duties.comparing).
"""

from calendars.rules import today_in_london
from duties.comparing import findings
from duties.models import Duty
from duties.registry import kinds


def missing_duties() -> list[str]:
    """Each duty that should be open and is not, is open and should not be, or has no living holder who may know."""
    problems = [str(finding) for finding in findings(today_in_london())]
    dead = Duty.objects.open().exclude(holder__is_active=True)
    return problems + [f"{duty} is held by somebody who left" for duty in dead] + overlooked()


def overlooked() -> list[str]:
    """Records that owe a duty although the kind's own `records` leaves them out."""
    return [
        f"{kind.name} is owed by {record._meta.label_lower} {record.pk}, which nobody would look at"
        for kind in kinds()
        for record in kind.model._default_manager.exclude(pk__in=kind.owing().order_by().values("pk"))
        if kind.must_be_open(record)
    ]
