"""How the audits of a round go on: counts by service and state, and the cards of the board."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, DateTimeField, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from allocations.models import Allocation, Round
from audits.knowing import BEFORE_SHARING
from audits.models import Answer, Audit, Concern, Response
from audits.noncompletion import DONE_LATE, awaiting_q, due_by, missed_q
from calendars.rules import is_late, london_date, working_days_between
from calendars.words import Moment, clock, count, day_and_month, due_in_words
from duties.models import Duty

Status = Audit.Status
COLUMNS = {
    "not-opened": ("Not opened", [Status.ALLOCATED]),
    "in-progress": ("In progress", [Status.IN_PROGRESS, Status.RETURNED]),
    "shared": ("Shared", [Status.SHARED]),
    "in-dispute": ("In dispute", [Status.IN_DISPUTE]),
    "after": ("Checking and after", [Status.FINALISED, Status.QUALITY_CHECK, Status.WITH_TEAM_MANAGER, Status.CLOSED]),
}
STATES = {
    "Not opened": [Status.ALLOCATED], "In progress": [Status.IN_PROGRESS, Status.RETURNED], "Shared": [Status.SHARED],
    "In dispute": [Status.IN_DISPUTE], "Being checked": [Status.FINALISED, Status.QUALITY_CHECK],
    "With team manager": [Status.WITH_TEAM_MANAGER], "Closed": [Status.CLOSED],
}
A_COLUMN = 5


@dataclass(frozen=True)
class Row:
    """One service, or all: how many audits in each state."""

    service: str
    counts: list[int]

    @property
    def all(self) -> int:
        """All states together."""
        return sum(self.counts)


@dataclass(frozen=True)
class Tile:
    """One figure at a glance, with a comparison in words."""

    name: str
    value: int
    words: str
    is_bad: bool = False


@dataclass(frozen=True)
class Column:
    """One column of the board; `cards` are the first, `total` is all."""

    slug: str
    title: str
    total: int
    cards: list[Audit]


def with_progress(audits: QuerySet[Audit], now: datetime) -> QuerySet[Audit]:
    """Audits with what their card shows, the latest step first: days late, then due date, then number."""
    duties = Duty.objects.open().filter(audit_number=OuterRef("number")).order_by("due_at", "pk")
    judged = Answer.objects.filter(audit=OuterRef("pk"), field="judgement").exclude(value="")
    asked = Response.objects.filter(audit=OuterRef("pk"), sharing=Subquery(
        Response.objects.filter(audit=OuterRef("audit")).order_by("-sharing").values("sharing")[:1]))
    concern = Concern.objects.filter(audit=OuterRef("pk")).exclude(status="confirmed").order_by("raised_at")
    return audits.with_people().annotate(
        step_due=Subquery(duties.values("due_at")[:1], output_field=DateTimeField()),
        judged=_number(judged), asked=_number(asked), answered=_number(asked.exclude(verdict="waiting")),
        concern_at=Subquery(concern.values("raised_at")[:1]),
        late_first=Case(When(concern_at__isnull=False, then=0), When(step_due__lt=now, then=1), default=2),
    ).order_by("late_first", Coalesce("step_due", "due_at"), "number")


def _number(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def by_service(audits: QuerySet[Audit]) -> list[Row]:
    """The table "Where the audits are". One query."""
    sums = {title: Count("pk", filter=Q(status__in=states)) for title, states in _named().items()}
    rows = audits.order_by().values("service_name").annotate(**sums).order_by("service_name")
    table = [Row(row["service_name"] or "No service", [row[key] for key in sums]) for row in rows]
    return [*table, Row("All", [sum(column) for column in zip(*(row.counts for row in table), strict=True)])]


def _named() -> dict[str, list[str]]:
    return {f"state_{number}": states for number, states in enumerate(STATES.values())}


def tiles(round: Round, audits: QuerySet[Audit], table: list[Row], moment: Moment) -> list[Tile]:
    """The round at a glance. Two queries."""
    given = Counter(round.allocations.values_list("status", flat=True))
    found = audits.aggregate(
        shared=Count("pk", filter=Q(first_shared_at__isnull=False)),
        done_late=Count("pk", filter=due_by(moment.now) & DONE_LATE),
        missed=Count("pk", filter=missed_q(moment.now)), awaiting=Count("pk", filter=awaiting_q(moment.now)),
        overdue=Count("pk", filter=Q(step_due__lt=moment.now)), pending=Count("pk", filter=Q(awaits_decision=True)),
    )
    total, over = table[-1].all, is_late(moment.now, round.due_at)
    days_left = working_days_between(london_date(moment.now), london_date(round.due_at), moment.extra)
    share = f"{round_half(found['shared'], total)}%" if total else ""
    gone = given[Allocation.Status.SUBSTITUTED] + given[Allocation.Status.CANCELLED]
    return [
        Tile("Allocated", total, f"{gone} more substituted or cancelled" if gone else "none substituted or cancelled"),
        Tile("Shared or further", found["shared"], f"{share} of {total}" if over or not total
             else f"{share} with {count(days_left, 'working day')} left"),
        Tile("Not opened", table[-1].counts[0] if total else 0, "by their auditor"),
        Tile("Overdue steps", found["overdue"], "see the red cards" if found["overdue"] else "nothing is late",
             bool(found["overdue"])),
        Tile("Exempt", given[Allocation.Status.EXEMPTED], f"agreed; {awaiting(found['pending'])}"),
        Tile("Not completed", found["missed"], not_completed_words(found) if over
             else f"counted after {day_and_month(round.due_at).partition(' ')[2]}", bool(found["missed"])),
    ]


def awaiting(requests: int) -> str:
    """How many requests for exemption nobody has decided: neither exempt nor not completed yet (B6)."""
    return f"{requests} await{'s' if requests == 1 else ''} a decision"


def not_completed_words(found: dict[str, int]) -> str:
    """How many were done since, and how many requests for exemption wait, which are counted apart."""
    apart = f", {found['awaiting']} awaiting decision" if found["awaiting"] else ""
    return f"in time; {found['done_late']} done since{apart}"


def to_substitute(audits: QuerySet[Audit]) -> list[Audit]:
    """Not shared yet, and another case is needed: a connection, a closed or a restricted case (B4). One query."""
    why = Q(connection_at__isnull=False) | Q(case_file__closed_on__isnull=False) | Q(case_file__is_restricted=True)
    return list(audits.filter(why, status__in=BEFORE_SHARING).select_related("case_file", "auditor").order_by("number"))


def round_half(part: int, whole: int) -> int:
    """A percentage as a whole number, halves up."""
    return (200 * part + whole) // (2 * whole)


def columns(audits: list[Audit], shown: str, moment: Moment) -> list[Column]:
    """The board; `shown` names the column of which every card is wanted."""
    found = []
    for slug, (title, states) in COLUMNS.items():
        cards = [audit for audit in audits if audit.status in states]
        few = cards if shown == slug else cards[:A_COLUMN]
        for audit in few:
            audit.words, audit.is_late = words_of(audit, moment), is_overdue(audit, moment.now)
        found.append(Column(slug, title, len(cards), few))
    return found


def is_overdue(audit: Audit, now: datetime) -> bool:
    """A step of this audit is late, or a concern is open."""
    return bool(audit.concern_at or (audit.step_due and is_late(now, audit.step_due)))


def words_of(audit: Audit, moment: Moment) -> str:
    """One line on a card: how far the audit is, and until when."""
    if audit.concern_at:
        today = london_date(audit.concern_at) == london_date(moment.now)
        return f"Concern open since {clock(audit.concern_at) if today else day_and_month(audit.concern_at)}"
    due = due_in_words(audit.step_due, *moment) if audit.step_due else ""
    if audit.awaits_auditor_since:
        return f"Without an auditor since {day_and_month(audit.awaits_auditor_since)}. {due}".strip()
    if audit.connection_at and audit.status in BEFORE_SHARING:
        return f"The auditor has a connection. {due}"
    if audit.status == Status.SHARED and audit.answered == audit.asked:
        return f"All answered, can be made final. {due}".strip()
    if audit.awaits_decision:
        due = f"Asked to be exempt. {due}".strip()
    facts = {
        Status.IN_PROGRESS: f"{count(audit.judged, 'domain')} judged",
        Status.RETURNED: "Returned to its auditor",
        Status.SHARED: f"{audit.answered} of {audit.asked} answered",
        Status.IN_DISPUTE: "Moderation to be arranged",
        Status.QUALITY_CHECK: "Check to be done",
        Status.WITH_TEAM_MANAGER: "Actions to confirm" if audit.is_past else "Actions and supervision to confirm",
        Status.CLOSED: "Closed",
    }
    return ". ".join(part for part in (facts.get(audit.status, ""), due) if part)
