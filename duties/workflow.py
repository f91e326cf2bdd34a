"""Verbs on duties: open, close, reschedule, hand on, leave. Called inside the verb that causes them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import models, transaction

from calendars.calendar import local_extra_days
from calendars.rules import london_date
from duties import registry
from duties.feed_addresses import revoke_all
from duties.holders import Held, resolve, resolve_holder
from duties.ladders import next_moment, rungs_of
from duties.models import Duty, Ladder, Notice
from duties.notices import notify_holder
from people import registry as people_registry
from people import workflow as people_workflow
from people.lines import Lines
from people.models import Auditor, Staff, Unit
from trail.writing import record


def publish_ladder(*, kind: str, rungs: list[dict], at: datetime, programme: str = "") -> Ladder:
    """Write a new version of a ladder where it differs from the newest; running duties keep theirs."""
    newest = Ladder.objects.filter(programme=programme, kind=kind).order_by("-version").first()
    if newest and newest.rungs == rungs:
        return newest
    version = newest.version + 1 if newest else 1
    return Ladder.objects.create(programme=programme, kind=kind, version=version, rungs=rungs, published_at=at)


@transaction.atomic
def open_duty(
    kind: str,
    subject: models.Model,
    *,
    due_at: datetime,
    at: datetime,
    role: str,
    owner: Staff | None = None,
    unit: Unit | None = None,
    slot: str = "",
    audit_number: str = "",
    title: str = "",
    tell: bool = True,
) -> Duty:
    """Open the duty of `kind` for `subject`: one open per slot; its holder is resolved now and told.

    `title` says more than the kind's own, where its slots differ.
    """
    duty = _about(kind, subject)
    duty.slot, duty.audit_number, duty.title = slot, audit_number, title or duty.title
    duty.owner, duty.role, duty.unit = owner, role, unit
    duty.due_at, duty.opened_at = due_at, at
    _give(duty, resolve_holder(duty, london_date(at)))
    duty.next_rung_at = _next_rung(duty, at)
    duty.save(force_insert=True)
    if tell:
        notify_holder(duty, at=at)
    return duty


def _about(kind: str, subject: models.Model) -> Duty:
    """What the kind says of the record: title, place, and the ladder it climbs by from now on."""
    known = registry.kind(kind)
    return Duty(
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        title=known.title(subject),
        meta=known.meta(subject),
        url=known.url(subject),
        ladder=Ladder.objects.newest(known.programme(subject), kind),
    )


def _give(duty: Duty, held: Held) -> None:
    duty.holder, duty.is_unowned = held.holder, held.is_unowned


def _next_rung(duty: Duty, after: datetime) -> datetime | None:
    if duty.ladder is None:
        return None
    return next_moment(rungs_of(duty.ladder.rungs), duty.due_at, after, local_extra_days())


@transaction.atomic
def close_duty(
    kind: str, subject: models.Model, *, by: Staff, at: datetime, slot: str | None = None, outcome: str = "done"
) -> int:
    """Close the open duties of `kind` for `subject` (of one slot, or all); unsent notices are cancelled."""
    found = Duty.objects.open().of(subject, kind).select_for_update(of=("self",))
    if slot is not None:
        found = found.filter(slot=slot)
    return _close(found, by=by, at=at, outcome=outcome)


@transaction.atomic
def close_all(subject: models.Model, *, by: Staff, at: datetime, outcome: str) -> int:
    """Close every open duty about `subject`."""
    return _close(Duty.objects.open().of(subject).select_for_update(of=("self",)), by=by, at=at, outcome=outcome)


def _close(found: Iterable[Duty], *, by: Staff, at: datetime, outcome: str) -> int:
    duties = list(found)
    for duty in duties:
        duty.closed_at, duty.closed_by, duty.outcome = max(at, duty.opened_at), by, outcome
        duty.next_rung_at = None
    Duty.objects.bulk_update(duties, ["closed_at", "closed_by", "outcome", "next_rung_at"])
    cancel_unsent(duties)
    return len(duties)


def cancel_unsent(duties: list[Duty]) -> None:
    """What is no longer true is not sent."""
    Notice.objects.filter(duty__in=duties, state=Notice.State.PENDING).update(state=Notice.State.CANCELLED)


@transaction.atomic
def reschedule(kind: str, subject: models.Model, *, due_at: datetime, at: datetime, slot: str = "") -> None:
    """Move a due time: a new revision, whose ladder starts again; what was not sent is cancelled."""
    for duty in Duty.objects.open().of(subject, kind).filter(slot=slot).select_for_update(of=("self",)):
        duty.due_at = due_at
        _revise(duty, at)


@transaction.atomic
def hand_on_all(duties: models.QuerySet[Duty], *, owner: Staff | None, at: datetime, tell: bool = True) -> None:
    """Give each of these duties to somebody else. `tell` is false where they were told of all of them at once."""
    for duty in duties.select_for_update(of=("self",)):
        duty.owner = owner
        _give(duty, resolve_holder(duty, london_date(at)))
        _revise(duty, at)
        if tell or duty.holder != owner:
            notify_holder(duty, at=at)


def _revise(duty: Duty, at: datetime) -> None:
    duty.revision += 1
    duty.next_rung_at = _next_rung(duty, at)
    duty.save(update_fields=["due_at", "owner", "holder", "is_unowned", "revision", "next_rung_at"])
    cancel_unsent([duty])


@transaction.atomic
def resolve_again(duties: models.QuerySet[Duty], *, at: datetime) -> int:
    """Find the holder of each duty anew; those that move are revised and their new holder told."""
    lines, moved = Lines(london_date(at), whole=True), 0
    rows = list(duties.order_by("pk").select_related("owner", "holder", "unit").select_for_update(of=("self",)))
    settled = _with_their_owner(rows)
    for duty in rows:
        held = Held(duty.holder) if duty.pk in settled else resolve(duty, lines)
        if held != Held(duty.holder, duty.is_unowned):
            moved += _move(duty, held, at)
    return moved


def _with_their_owner(duties: list[Duty]) -> set[int]:
    """Those that stay where they are: their owner holds them, lives, may know of the record and can do it."""
    own = [duty for duty in duties if duty.owner_id and duty.owner_id == duty.holder_id and not duty.is_unowned]
    known = registry.known((duty.owner, duty.subject_type, duty.subject_id) for duty in own)
    return {duty.pk for duty in own if (duty.owner_id, duty.subject_type, duty.subject_id) in known
            and registry.can_do(duty.owner, duty.kind, duty.subject_id)}


def _move(duty: Duty, held: Held, at: datetime) -> bool:
    """A new holder is told and the ladder begins again; where only the reason changed nobody hears of it."""
    is_other = held.holder.pk != duty.holder_id
    _give(duty, held)
    if not is_other:
        duty.save(update_fields=["is_unowned"])
        return False
    _revise(duty, at)
    notify_holder(duty, at=at)
    return True


@transaction.atomic
def staff_left(*, staff: Staff, by: Staff, at: datetime, on: date | None = None) -> int:
    """Somebody leaves: the account ends and each open duty goes to the next in its rule; gives how many moved.

    An auditor's audits go to P&Q to reallocate, a case worker's duties to the team manager. The address of their
    calendar opens nothing any more, also when they come back. A second time does nothing. Case files are handed on
    before, by casefiles.leaving.
    """
    if not people_workflow.end_account(staff=staff, by=by, at=at, on=on or london_date(at)):
        return 0
    if entry := Auditor.objects.filter(staff=staff).first():
        close_all(entry, by=by, at=at, outcome="left")  # a volunteer who leaves waits for no answer
    revoke_all(staff=staff, by=by, at=at)
    moved = resolve_again(Duty.objects.open().touching(staff=(staff,)), at=at)
    record("duties.handed_on", target=staff, by=by, at=at, changes={"duties": moved})
    return moved


def holdings(staff: Staff) -> Iterator[people_registry.Held]:
    """Open duties, by kind."""
    kinds = Counter(Duty.objects.held_by(staff).order_by().values_list("kind", flat=True))
    for name, count in sorted(kinds.items()):
        yield people_registry.Held(registry.label_of(name), count, "to the next in line")
