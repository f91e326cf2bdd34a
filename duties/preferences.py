"""How people want to be e-mailed: at once, or once a day together; immediate concerns always at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction

from calendars.rules import at_london, london_date
from duties.emails import URGENT
from duties.models import Notice, Preference
from duties.permissions import check_is_oneself
from people.models import Staff
from trail.writing import record

Group, How = Preference.Group, Preference.How
# London time. Reminders are written at 8: five minutes later they are there, and nobody reads of "today" tomorrow.
DIGEST_AT = time(8, 5)
LATE = "duty.overdue"

# The first words of kinds of duties and of events; the longest that fits counts.
WORDS = {
    Group.AUDITING: ("audit.complete", "audit.finalise", "audit.amend", "audit.taken_over", "audit.given_away",
                     "audit.no_reserve", "challenge.settle", "audit.contact", "contact.escalate", "contact.resolved"),
    Group.CASES: ("audit", "challenge", "contact"),
    Group.FOLLOW_UP: ("followup",),
    Group.LISTS: ("round", "break", "exemption", "auditor", "audit.substitute", "audit.reallocate",
                  "audit.auditor_works_on_it"),
    Group.CHECKS: ("audit.check", "audit.dispute", "audit.file", "duties.swept"),
    Group.LATE: ("audit.not_completed", "audit.not_completed_again", "digest.made"),
}
GROUP_OF = {word: group for group, words in WORDS.items() for word in words}


class Asked(NamedTuple):
    """One thing that one person is told: a kind of duty or an event, and whether it is overdue."""

    staff_id: int
    word: str
    late: bool = False


def asked_of(notice: Notice, person: Staff) -> Asked:
    """What to ask before a notice goes to somebody; whatever is told of a duty belongs to its kind."""
    return Asked(person.pk, notice.duty.kind if notice.duty else notice.event, notice.event == LATE)


def group_of(word: str, *, late: bool = False) -> Group | None:
    """The group of a kind of duty or of an event; None for an immediate concern, and for what no group names."""
    if word.startswith(URGENT):
        return None
    if late:
        return Group.LATE
    parts = word.split(".")
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


def set_send_after(notices: Sequence[Notice]) -> None:
    """Say when each may be e-mailed to its recipient: now, or in the next morning's e-mail. One query.

    What falls due before that morning is not kept back: it would be read too late.
    """
    asked = {id(notice): asked_of(notice, notice.recipient) for notice in notices}
    wanted = how_each(asked.values())
    for notice in notices:
        morning = next_digest(notice.created_at)
        presses = notice.duty is not None and notice.created_at < notice.duty.due_at < morning
        waits = wanted[asked[id(notice)]] == How.DAILY and not presses
        notice.send_after = morning if waits else notice.created_at


def next_digest(after: datetime) -> datetime:
    """The first morning's e-mail later than a moment; right on the days on which the clocks change."""
    today = london_date(after)
    mornings = (at_london(day, DIGEST_AT) for day in (today, today + timedelta(days=1)))
    return next(morning for morning in mornings if morning > after)


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
