"""What stands on My work and on a manager's view of the team: groups by due time, and what will happen next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from allocations.models import Exemption
from audits.models import Audit
from calendars.rules import end_of_day, is_late, london_date
from calendars.words import Moment, group_of
from duties import coming
from duties.models import Duty
from duties.registry import known, label_of
from people.models import Absence, Staff

GROUPS = {"overdue": "Overdue", "today": "Today", "week": "This week", "later": "Later"}
OF_AN_AUDITOR = ("audit.respond", "audit.check", "audit.dispute", "audit.reallocate", "audit.substitute")
OF_PART_B = ("followup.supervision", "followup.action", "followup.confirm")
FEW = 20


@dataclass(frozen=True)
class Group:
    """The duties of one page that belong under one heading, and how many there are in all."""

    key: str
    title: str
    total: int
    duties: list[Duty]


def counts(duties: QuerySet[Duty], now: datetime) -> dict[str, int]:
    """How many duties stand under each heading. One query; the same reckoning as `group_of`."""
    second, tonight = now.replace(microsecond=0), end_of_day(london_date(now))
    sunday = end_of_day(london_date(now) + timedelta(days=6 - london_date(now).weekday()))
    overdue = Q(due_at__lt=second)
    return duties.order_by().aggregate(
        overdue=Count("pk", filter=overdue),
        today=Count("pk", filter=~overdue & Q(due_at__lte=tonight)),
        week=Count("pk", filter=Q(due_at__gt=tonight, due_at__lte=sunday)),
        later=Count("pk", filter=Q(due_at__gt=tonight) & Q(due_at__gt=sunday)),
    )


def grouped(duties: Iterable[Duty], totals: dict[str, int], moment: Moment) -> list[Group]:
    """Duties under Overdue, Today, This week, Later, each with what happens if it is not done; empty groups left out.
    """
    found: dict[str, list[Duty]] = {key: [] for key in GROUPS}
    for duty in duties:
        duty.next = coming.in_words(duty, moment)
        found[group_of(duty.due_at, moment.now)].append(duty)
    return [Group(key, title, totals[key], found[key]) for key, title in GROUPS.items() if found[key]]


def with_requests(duties: Iterable[Duty], staff: Staff) -> list[Duty]:
    """Marks the audits from which the person asked to be exempt, while that is not decided (B6)."""
    duties = list(duties)
    asked = Exemption.objects.pending().filter(allocation__auditor=staff)
    numbers = set(asked.values_list("allocation__number", flat=True))
    for duty in duties:
        duty.awaits_decision = duty.kind == "audit.complete" and duty.audit_number in numbers
    return duties


def waiting_for_others(staff: Staff) -> list[Duty]:
    """What others owe before the person can go on: to the audits they audit, to the Part Bs they complete, to their
    request for exemption. One query, each part of it by an index of its own.
    """
    others = Duty.objects.open().exclude(holder=staff).select_related("holder")
    audits = Audit.objects.filter(auditor=staff).with_auditor().values("number")
    part_bs = Duty.objects.open().filter(holder=staff, kind__in=OF_PART_B).values("audit_number")
    requests = Exemption.objects.pending().filter(allocation__auditor=staff).values("pk")
    found = others.filter(audit_number__in=audits, kind__in=OF_AN_AUDITOR).union(
        others.filter(audit_number__in=part_bs, kind="followup.action"),
        others.filter(subject_type="allocations.exemption", subject_id__in=requests),
    )
    return list(found.order_by("due_at", "id")[:FEW])


@dataclass(frozen=True)
class Covered:
    """Somebody who is away, until when, and what of theirs the person who covers may know of."""

    absence: Absence
    duties: list[Duty]


def covered_by(staff: Staff, today: date) -> list[Covered]:
    """Whom somebody covers for today. What they may not know of is not shown."""
    absences = Absence.objects.filter(cover=staff, starts_on__lte=today, ends_on__gte=today, staff__is_active=True)
    absences = list(absences.select_related("staff").order_by("ends_on", "pk"))
    held = Duty.objects.open().filter(holder__in=[absence.staff_id for absence in absences])
    duties = list(held.order_by("due_at", "id")[: FEW * 5]) if absences else []
    may = known((staff, duty.subject_type, duty.subject_id) for duty in duties)
    return [
        Covered(absence, [duty for duty in duties if duty.holder_id == absence.staff_id
                          and (staff.pk, duty.subject_type, duty.subject_id) in may][:FEW])
        for absence in absences
    ]


def of_team(staff: Staff) -> QuerySet[Duty]:
    """What waits for the people under a manager; nothing of an audit without notice before its day (S0-14)."""
    found = Duty.objects.visible_to(staff).open().exclude(holder=staff)
    if not staff.hats().is_pq:
        found = found.exclude(audit_number__in=Audit.objects.secret(timezone.now()).values("number"))
    return found


def by_person(duties: QuerySet[Duty], now: datetime) -> list[dict]:
    """Who has how much, most overdue first."""
    overdue = Count("pk", filter=Q(due_at__lt=now.replace(microsecond=0)))
    rows = duties.order_by().values("holder__name").annotate(open=Count("pk"), overdue=overdue)
    return sorted(rows, key=lambda row: (-row["overdue"], -row["open"], row["holder__name"]))


def with_ways(duties: Iterable[Duty], staff: Staff, moment: Moment) -> list[Duty]:
    """Each with the page it leads to (none where the manager may not see the audit) and with what happens next."""
    duties = list(duties)
    numbers = {duty.audit_number for duty in duties}
    seen = set(Audit.objects.visible_to(staff).filter(number__in=numbers).values_list("number", flat=True))
    for duty in duties:
        duty.is_hidden = bool(duty.audit_number) and duty.audit_number not in seen
        duty.way = reverse("audits:audit-detail", args=[duty.audit_number]) if duty.audit_number else duty.url
        duty.next, duty.label = coming.in_words(duty, moment, is_mine=False), label_of(duty.kind)
        duty.is_overdue = is_late(moment.now, duty.due_at)
    return duties
