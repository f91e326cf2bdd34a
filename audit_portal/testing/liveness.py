"""Liveness: every record that needs a duty has exactly that duty open, held by somebody living."""

from duties.models import Duty
from duties.registry import kinds


def missing_duties() -> list[str]:
    """Each duty that should be open and is not, is open and should not be, or has no living holder."""
    problems = []
    for kind in kinds():
        label = kind.model._meta.label_lower
        for record in kind.model.objects.all():
            wanted = set(kind.must_be_open(record))
            found = set(Duty.objects.open().of(record, kind.name).values_list("slot", flat=True))
            problems += [f"{kind.name} is not open for {label} {record.pk}, slot “{slot}”" for slot in wanted - found]
            problems += [f"{kind.name} is open for {label} {record.pk}, slot “{slot}”" for slot in found - wanted]
    dead = Duty.objects.open().exclude(holder__is_active=True)
    return problems + [f"{duty} is held by somebody who left" for duty in dead]
