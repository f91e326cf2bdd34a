"""Verbs of P&Q on what waits: ask again, give to somebody else, many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from calendars.rules import london_date
from duties import registry
from duties.holders import who_may_know, with_cover
from duties.models import Duty, Notice
from duties.notices import NUDGE, duty_rows, write
from duties.outstanding import nudge_key
from duties.workflow import hand_on_all
from people.lines import Lines
from people.models import Staff
from people.permissions import check_is_pq
from people.refusals import Refused
from trail.writing import record

FEW = 3  # how many a sentence names


@dataclass(frozen=True)
class Nudged:
    """How many duties were asked for, of how many people, and how many had been asked for today already."""

    duties: int
    people: int
    already: int


@transaction.atomic
def nudge(*, duties: QuerySet[Duty], by: Staff, at: datetime) -> Nudged:
    """Send a reminder to whoever holds each of these duties, and who covers for them; once a day for each duty."""
    check_is_pq(by)
    open_ones = list(_locked(duties))
    lines, today = Lines(london_date(at), whole=True), london_date(at)
    keys = {duty.pk: nudge_key(duty, today) for duty in open_ones}
    asked = set(Notice.objects.filter(event_key__in=keys.values()).values_list("event_key", flat=True))
    fresh = [duty for duty in open_ones if keys[duty.pk] not in asked]
    known = registry.known((person, *_subject(duty)) for duty in fresh for person in with_cover([duty.holder], lines))
    write(_rows(duty, keys[duty.pk], who_may_know([duty.holder], _subject(duty), known, lines), at) for duty in fresh)
    if fresh:
        record("duties.nudged", target=by, by=by, at=at, changes={"duties": sorted(duty.pk for duty in fresh)})
    return Nudged(len(fresh), len({duty.holder_id for duty in fresh}), len(open_ones) - len(fresh))


def _locked(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    return duties.open().order_by("pk").select_related("holder", "owner", "unit").select_for_update(of=("self",))


def _subject(duty: Duty) -> tuple[str, int]:
    return duty.subject_type, duty.subject_id


def _rows(duty: Duty, key: str, told: list[Staff], at: datetime) -> list[Notice]:
    title = f"Please do this now: {duty.title[0].lower()}{duty.title[1:]}"
    return duty_rows(duty, key, told, event=NUDGE, title=title, at=at)


@transaction.atomic
def hand_over(*, duties: QuerySet[Duty], to: Staff, because: str, by: Staff, at: datetime) -> int:
    """Give these duties to somebody who may know of them and can do them; all of them, or none and it says which.

    What is one person's own (an auditor's audit, a reader's answer) has its own way to somebody else.
    """
    check_is_pq(by)
    rows = list(_locked(duties))
    if not rows:
        raise Refused("These are done already, so there is nothing to hand over.")
    if own := [duty for duty in rows if not _can_move(duty)]:
        raise Refused(f"{_named(own)} cannot be handed over here: it belongs to one person. Give an audit to another "
                      "auditor from its own page.", "to")
    if wrong := [duty for duty in rows if not registry.may_hold(to, duty.kind, *_subject(duty))]:
        raise Refused(f"{to} cannot do this: {_named(wrong)}. Nothing was handed over. Name somebody who may see it "
                      "and do it.", "to")
    hand_on_all(Duty.objects.filter(pk__in=[duty.pk for duty in rows]), owner=to, at=at)
    for duty in rows:
        record("duty.handed_over", target=duty, by=by, at=at,
               changes={"holder": [str(duty.holder), str(to)], "because": because})
    return len(rows)


def _can_move(duty: Duty) -> bool:
    return registry.kind(duty.kind).can_hand_over


def _named(duties: Iterable[Duty]) -> str:
    """The first few, so that one finds them in the list."""
    duties = list(duties)
    said = [f"{registry.label_of(duty.kind)} {duty.audit_number}".strip() for duty in duties[:FEW]]
    more = len(duties) - len(said)
    return f"“{'”, “'.join(said)}”{f' and {more} more' if more else ''}"
