"""The people of a case changed: its unfinished audits follow (B12). What somebody already answered stays."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Greatest

from audits.models import Audit, Participation, Response
from audits.permissions import READERS
from audits.registry import manager_changed
from audits.workflow.life import Status, open_finalising
from audits.workflow.people_duties import bring_people_up_to_date
from audits.workflow.sharing import ask, ask_of, readers_of
from audits.workflow.taking_part import people_of_case
from calendars.rules import is_late, london_date
from duties.models import Duty
from duties.notices import notify
from duties.workflow import close_duty, hand_on_all, resolve_again
from people.lines import pq_lead
from people.models import Staff, Unit
from trail.writing import record

PEOPLE = (
    "auditor", "team", "version", "case_file__team", "case_file__worker", "case_file__iro", "case_file__cp_adviser",
    "case_file__manager",
)  # fmt: skip
Capacity, Verdict = Participation.Capacity, Response.Verdict


@dataclass(frozen=True)
class Change:
    """In one capacity somebody takes the place of somebody; either may be nobody."""

    capacity: str
    old: Staff | None
    new: Staff | None

    def __str__(self) -> str:
        word, instead = Capacity(self.capacity).label, f" instead of {self.old.name}" if self.old else ""
        return f"{word}: {self.new.name if self.new else 'nobody'}{instead}"


@transaction.atomic
def follow(case_file_ids: Iterable[int], by: Staff, at: datetime) -> None:
    """Bring the people of every unfinished audit of these case files up to date.

    One from before the portal stays as it is: nobody takes part in it, and its open actions stay with their team.
    """
    _follow_lines()
    ours = Audit.objects.unfinished().filter(case_file__in=case_file_ids, is_past=False)
    rows = ours.select_related(*PEOPLE)
    audits = list(rows.select_for_update(of=("self",)).order_by("pk"))
    taking_part = defaultdict(dict)
    for row in Participation.objects.filter(audit__in=audits, until_at=None).select_related("staff"):
        taking_part[row.audit_id][row.capacity] = row.staff
    managers: dict[int, Staff | None] = {}
    for audit in audits:
        wanted = people_of_case(audit.case_file, managers)
        if changes := list(_changes(audit, taking_part[audit.pk], wanted, at)):
            _change(audit, changes, taking_part[audit.pk], by, at)


def _follow_lines() -> None:
    """Where units moved, whoever stands above them now sees their audits; figures keep the service of the time."""
    path = Unit.objects.filter(pk=OuterRef("team")).values("path")
    Audit.objects.exclude(team=None).exclude(unit_path=F("team__path")).update(unit_path=Subquery(path))


def _changes(audit: Audit, now: dict[str, Staff], wanted: dict[str, Staff | None], at: datetime) -> Iterator[Change]:
    """Who comes and goes. Whoever left stays until somebody takes over; the auditor never reads their own audit."""
    for capacity in READERS:
        old, new = now.get(capacity), wanted[capacity]
        if old == new or (new and not new.is_active):
            continue
        if new == audit.auditor and audit.awaits_auditor_since is None:
            _tell_pq(audit, at)
        else:
            yield Change(capacity, old, new)


def _tell_pq(audit: Audit, at: datetime) -> None:
    notify(
        f"audit:{audit.pk}:auditor-works-on-it",
        [pq_lead(london_date(at))],
        event="audit.auditor_works_on_it",
        subject=audit,
        at=at,
        meta=audit.number,
        url=f"/audits/{audit.number}/",
        title="An auditor now works on the case they audit: substitute the case",
    )


def _change(audit: Audit, changes: list[Change], before: dict[str, Staff], by: Staff, at: datetime) -> None:
    """End and begin, move what waits for an answer, hand on the duties, tell whoever is new."""
    gone = audit.participations.filter(capacity__in=[change.capacity for change in changes], until_at=None)
    gone.update(until_at=Greatest("from_at", Value(at)))
    began = Participation.objects.bulk_create(
        Participation(audit=audit, staff=change.new, capacity=change.capacity, from_at=at)
        for change in changes if change.new
    )
    told = _tell(audit, began, set(before.values()), at)
    for change in changes:
        record("audit.people_changed", target=audit, by=by, at=at, changes={"part": str(change)})
    _move_answers(audit, changes, told, by, at)
    for change in changes:
        if change.capacity == Capacity.TEAM_MANAGER:
            _hand_on_concerns(audit, change, told, at)
            manager_changed(audit, change.new not in told, by, at)
    bring_people_up_to_date(audit, by=by, at=at, outcome="the people of the case changed")
    holders = [change.old for change in changes if change.old]
    resolve_again(Duty.objects.open().filter(audit_number=audit.number, holder__in=holders), at=at)


def _tell(audit: Audit, began: list[Participation], before: set[Staff], at: datetime) -> set[Staff]:
    """Each new person once; nobody of a no-notice case before its day."""
    if audit.visible_from > at:
        return set()
    new = {row.staff: row for row in reversed(began) if row.staff not in before}
    for person, row in new.items():
        notify(
            f"participation:{row.pk}:joined",
            [person],
            event="audit.joined",
            subject=audit,
            at=at,
            meta=audit.number,
            url=f"/audits/{audit.number}/",
            title=f"You now take part in the audit {audit.number}",
        )
    return set(new)


def _hand_on_concerns(audit: Audit, change: Change, told: set[Staff], at: datetime) -> None:
    """A concern that waits for its first answer goes to the new manager, and what the old one had taken on."""
    theirs = Q(kind="concern.acknowledge") | Q(kind="concern.confirm", owner=change.old)
    concerns = Duty.objects.open().filter(theirs, audit_number=audit.number)
    hand_on_all(concerns, owner=change.new, at=at, tell=change.new not in told)


def _move_answers(audit: Audit, changes: list[Change], told: set[Staff], by: Staff, at: datetime) -> None:
    """Whoever comes owes the answer that was not given yet; where nobody comes, or they are asked already, it ends.

    Once the time to answer is over nothing moves: the silence is recorded, and the audit goes on.
    """
    asks_now = audit.status == Status.SHARED and not is_late(at, audit.respond_by)
    if not (asks_now or audit.status == Status.IN_DISPUTE):
        return
    readers = {row.staff_id: row for row in readers_of(audit)}
    sharing = audit.versions.order_by("-number").values_list("number", flat=True).first()
    asked = {row.staff_id: row for row in audit.responses.filter(sharing=sharing)}
    for change in changes:
        row = asked.get(change.old.pk) if change.old else None
        if row and row.verdict == Verdict.WAITING and row.capacity == change.capacity:
            _leave(audit, row, readers, by, at)
            asked = {row.staff_id: row for row in audit.responses.filter(sharing=sharing)}
        answered = any(row.capacity == change.capacity for row in asked.values())
        if change.new and change.new.pk not in asked and not answered:
            asked[change.new.pk] = _join(audit, sharing, change, change.new not in told, by, at)
    _step_on(audit, at)


def _leave(audit: Audit, row: Response, readers: dict[int, Participation], by: Staff, at: datetime) -> None:
    """Nothing was said, so nothing is kept; who still takes part in another capacity answers in that one."""
    if remaining := readers.get(row.staff_id):
        row.capacity = remaining.capacity
        row.save(update_fields=["capacity"])
        return
    close_duty("audit.respond", audit, slot=str(row.staff_id), by=by, at=at, outcome="somebody else takes part")
    row.delete()


def _join(audit: Audit, sharing: int, change: Change, tell: bool, by: Staff, at: datetime) -> Response:
    row = ask_of(audit, sharing, change.new, change.capacity, at)
    if audit.status == Status.SHARED:
        close_duty("audit.finalise", audit, by=by, at=at, outcome="somebody else is asked")
        ask(audit, row, at, tell=tell)
    return row


def _step_on(audit: Audit, at: datetime) -> None:
    """Nobody is left to answer: the auditor goes on."""
    waiting = audit.responses.filter(verdict=Verdict.WAITING).exists()
    finalising = Duty.objects.open().of(audit, "audit.finalise").exists()
    if audit.status == Status.SHARED and not waiting and not finalising:
        open_finalising(audit, at)
