"""What the records need against what is open: the one comparison, for the nightly check and for the tests."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

from django.db.models import QuerySet

from duties import registry
from duties.holders import resolve_holder
from duties.models import Duty
from duties.registry import Kind

BATCH = 500
MISSING, SURPLUS, HOLDER = "missing", "surplus", "holder"
SAID = {MISSING: "is not open for", SURPLUS: "is open and not needed for", HOLDER: "has the wrong holder for"}


class Finding(NamedTuple):
    """Something that is not as it must be."""

    what: str
    kind: str
    subject_id: int
    slot: str

    def __str__(self) -> str:
        model = registry.kind(self.kind).model._meta.verbose_name
        slot = f", slot “{self.slot}”" if self.slot else ""
        return f"{self.kind} {SAID[self.what]} {model} {self.subject_id}{slot}"


class Look(NamedTuple):
    """One way of looking: the ids after one, in their order, and what is wrong with some of them."""

    ids_after: Callable[[int], list[int]]
    findings: Callable[[Collection[int]], list[Finding]]


def looks(on: date) -> list[Look]:
    """All that there is to look at: for each kind the records that can owe it, and open duties of others; holders."""
    found = []
    for kind in registry.kinds():
        found.append(Look(partial(_owing_after, kind), partial(compare, kind)))
        found.append(Look(partial(_others_after, kind), partial(compare, kind)))
    return [*found, Look(_held_after, partial(wrongly_held, on=on))]


def findings(on: date) -> Iterator[Finding]:
    """Everything that is not as it must be; nothing is written."""
    for look in looks(on):
        after = 0
        while ids := look.ids_after(after):
            yield from look.findings(ids)
            after = ids[-1]


def compare(kind: Kind, ids: Collection[int]) -> list[Finding]:
    """Records that need a duty of this kind and have none, or have one and need none. Two queries for all of them."""
    records = kind.owing().filter(pk__in=ids)
    wanted = {(record.pk, slot) for record in records for slot in kind.must_be_open(record)}
    found = set(_open(kind).filter(subject_id__in=ids).values_list("subject_id", "slot"))
    missing = [Finding(MISSING, kind.name, *pair) for pair in sorted(wanted - found)]
    return missing + [Finding(SURPLUS, kind.name, *pair) for pair in sorted(found - wanted)]


def wrongly_held(ids: Collection[int], on: date) -> list[Finding]:
    """Open duties whose holder left, may not know or cannot do it, while there is somebody else by the rule."""
    duties = list(Duty.objects.open().filter(pk__in=ids).select_related("holder__unit", "unit", "owner"))
    people = {duty.holder_id: duty.holder for duty in duties}  # each once, so that their roles are read once
    for duty in duties:
        duty.holder = people[duty.holder_id]
    known = registry.known((duty.holder, duty.subject_type, duty.subject_id) for duty in duties)
    return [Finding(HOLDER, duty.kind, duty.subject_id, duty.slot) for duty in duties
            if not _is_fit(duty, known) and resolve_holder(duty, on).holder.pk != duty.holder_id]


def _is_fit(duty: Duty, known: set[tuple[int, str, int]]) -> bool:
    who = (duty.holder_id, duty.subject_type, duty.subject_id)
    return who in known and registry.can_do(duty.holder, duty.kind, duty.subject_id)


def _open(kind: Kind) -> QuerySet[Duty]:
    return Duty.objects.open().filter(kind=kind.name, subject_type=kind.model._meta.label_lower)


def _owing_after(kind: Kind, after: int) -> list[int]:
    return list(kind.owing().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _others_after(kind: Kind, after: int) -> list[int]:
    """Open duties about records that cannot owe them, such as those that have ended or are gone."""
    others = _open(kind).filter(subject_id__gt=after).exclude(subject_id__in=kind.owing().order_by().values("pk"))
    return list(others.order_by("subject_id").values_list("subject_id", flat=True).distinct()[:BATCH])


def _held_after(after: int) -> list[int]:
    kinds = [kind.name for kind in registry.kinds()]
    open_duties = Duty.objects.open().filter(kind__in=kinds, pk__gt=after)
    return list(open_duties.order_by("pk").values_list("pk", flat=True)[:BATCH])
