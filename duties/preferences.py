"""How people want to be e-mailed: at once, or once a day together; immediate concerns always at once."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from duties.ladders import MORNING
from duties.models import Notice, Preference
from duties.permissions import check_is_oneself
from people.models import Staff
from trail.writing import record

Group, How = Preference.Group, Preference.How
DIGEST_AT = MORNING  # London time: when what is wanted once a day goes out
IMMEDIATE = "concern"

# The first words of kinds of duties and of event keys, without their numbers; the longest that fits counts.
WORDS = {
    Group.AUDITING: ("audit.complete", "audit.finalise", "audit.amend", "audit.given.new", "audit.given.old",
                     "audit.no-reserve", "challenge.settle"),
    Group.CASES: ("audit", "participation", "challenge"),
    Group.FOLLOW_UP: ("followup",),
    Group.LISTS: ("round", "break", "breaks", "exemption", "auditor", "audit.substitute", "audit.reallocate",
                  "audit.auditor-works-on-it"),
    Group.CHECKS: ("audit.check", "audit.dispute"),
    Group.LATE: ("not-completed", "not-completed-again"),
}
GROUP_OF = {word: group for group, words in WORDS.items() for word in words}
NUMBER = re.compile(r"[\d-]+")


class Asked(NamedTuple):
    """One thing that one person is told: a kind of duty or the key of an event, and whether it is overdue."""

    staff_id: int
    word: str
    late: bool = False


def asked_of(notice: Notice, person: Staff) -> Asked:
    """What to ask before a notice goes to somebody. A duty's notice is late when it was written after the due time.

    That a duty is theirs now is told under its own group, even where it is overdue already.
    """
    if notice.duty is None:
        return Asked(person.pk, notice.event_key)
    is_opening = notice.event_key.endswith(":opened")
    return Asked(person.pk, notice.duty.kind, not is_opening and notice.created_at > notice.duty.due_at)


def group_of(word: str, *, late: bool = False) -> Group | None:
    """The group of a kind of duty or of an event; None for an immediate concern, and for what no group names."""
    parts = [part for part in re.split("[.:]", word) if not NUMBER.fullmatch(part)]
    if parts[:1] == [IMMEDIATE]:
        return None
    if late:
        return Group.LATE
    firsts = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((GROUP_OF[first] for first in firsts if first in GROUP_OF), None)


def how(staff: Staff, word: str, *, late: bool = False) -> How:
    """How `staff` is e-mailed about a kind of duty or an event."""
    asked = Asked(staff.pk, word, late)
    return how_each([asked])[asked]


def how_each(asked: Iterable[Asked]) -> dict[Asked, How]:
    """The same for many things and people, in one query. What is in no group, or was never chosen, goes at once."""
    asked = set(asked)
    rows = Preference.objects.filter(staff__in={one.staff_id for one in asked})
    chosen = {(staff, group): How(how) for staff, group, how in rows.values_list("staff", "group", "how")}
    return {one: chosen.get((one.staff_id, group_of(one.word, late=one.late)), How.AT_ONCE) for one in asked}


def groups_for(staff: Staff) -> list[Group]:
    """The groups that somebody may choose for: checking is Performance and Quality's."""
    return [group for group in Group if group != Group.CHECKS or staff.hats().is_pq]


def chosen_by(staff: Staff) -> dict[str, str]:
    """How somebody is e-mailed now, for each of their groups."""
    stored = dict(Preference.objects.visible_to(staff).values_list("group", "how"))
    return {group.value: stored.get(group, How.AT_ONCE.value) for group in groups_for(staff)}


@transaction.atomic
def choose(*, staff: Staff, chosen: Mapping[str, str], by: Staff, at: datetime) -> bool:
    """Keep how somebody wants to be e-mailed, by group; gives whether anything changed."""
    Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)
    check_is_oneself(by, staff)
    before = chosen_by(staff)
    changes = {group: [before[group], how] for group, how in chosen.items() if before[group] != how}
    if changes:
        rows = [Preference(staff=staff, group=group, how=new) for group, (_, new) in changes.items()]
        Preference.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["staff", "group"], update_fields=["how"]
        )
        record("preferences.changed", target=staff, by=by, at=at, changes=changes)
    return bool(changes)
