"""Audits not completed in time: computed from dates and requests, never stored (S1-65, S1-67).

An allocation that stands when its due time has passed, whose audit was not complete then, is a non-completion. It
stays to be done, and counts as missed also when it is done later. While a request for exemption is pending it is
"awaiting decision", apart; an exemption agreed later clears it, for the allocation has ended then.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Case, CharField, F, Q, QuerySet, TextChoices, Value, When

from allocations.models import Allocation, Exemption
from audits.models import Audit
from audits.querysets import AuditQuerySet
from calendars.rules import add_months_clamped
from people.models import Staff
from people.querysets import under_paths

A_SECOND = timedelta(seconds=1)  # within the second in which it is due is in time (calendars.rules.is_late)


class State(TextChoices):
    """What became of an audit that was not complete when it was due."""

    NOT_COMPLETED = "not_completed", "Not completed"
    AWAITING = "awaiting", "Awaiting decision"
    LATE = "late", "Completed late"


DONE_LATE = Q(first_shared_at__gte=F("allocation__due_at") + A_SECOND)
OWED = Q(first_shared_at=None)


def due_by(now: datetime) -> Q:
    """Audits whose due time is over and that still count: neither ended nor exempted, nor from before the portal.

    Where the auditor has reported a connection it is P&Q who have to act.
    """
    return Q(allocation__due_at__lt=now.replace(microsecond=0), allocation__status=Allocation.Status.ALLOCATED,
             is_past=False, connection_at=None)


def is_pending() -> Q:
    """A request for exemption that nobody has decided yet, where the programme keeps those apart."""
    apart = Q(version__policy__non_completion__pending_request_shown_apart=True)
    return apart & Q(allocation__in=Exemption.objects.pending().values("allocation"))


def missed_q(now: datetime) -> Q:
    """Not completed in time: open, or done since. Without those that await a decision."""
    return due_by(now) & (DONE_LATE | OWED & ~is_pending())


def awaiting_q(now: datetime) -> Q:
    """Not completed in time, and a request for exemption is pending."""
    return due_by(now) & OWED & is_pending()


def missed(now: datetime) -> AuditQuerySet:
    """Every audit that was not complete when it was due, with its `state`."""
    state = Case(When(DONE_LATE, then=Value(State.LATE)), When(is_pending(), then=Value(State.AWAITING)),
                 default=Value(State.NOT_COMPLETED), output_field=CharField())
    return Audit.objects.filter(due_by(now) & (DONE_LATE | OWED)).annotate(state=state)


def counted(now: datetime) -> AuditQuerySet:
    """Those that count as not completed."""
    return Audit.objects.filter(missed_q(now))


def is_repeated(day: date, days: Sequence[date], times: int, months: int) -> bool:
    """Whether so many misses, this one among them, were due within the rolling months (S2-32).

    A miss counts until the same day so many months later, or the last day of a shorter month, and on it no more:
    of monthly audits six months hold six.
    """
    ordered = sorted(days)
    groups = (ordered[start:start + times] for start in range(len(ordered) - times + 1))
    return any(group[0] <= day <= group[-1] < add_months_clamped(group[0], months) for group in groups)


def in_line_of(staff: Staff) -> Q:
    """The audits of the auditors under a manager: by unit, or named as their line manager or that one's own."""
    line = under_paths("auditor__unit__path", staff.hats().unit_paths)
    return line | Q(auditor__line_manager=staff) | Q(auditor__line_manager__line_manager=staff)


def allocations_known_to(staff: Staff) -> QuerySet[Allocation]:
    """Those of the auditor, also once somebody else has it; of the auditors for whom one answers, and hears of it when
    it is not completed (S2-31); all for P&Q.
    """
    own = Allocation.objects.visible_to(staff).values("pk")
    line = Audit.objects.filter(in_line_of(staff)).values("allocation")
    return Allocation.objects.filter(Q(pk__in=own) | Q(pk__in=line))


def misses_of(auditors: Iterable[int], now: datetime) -> dict[int, list[datetime]]:
    """When the audits were due that some auditors did not complete in time. One query."""
    found: dict[int, list[datetime]] = {}
    rows = counted(now).filter(auditor__in=auditors).order_by("allocation__due_at")
    for auditor, due_at in rows.values_list("auditor_id", "allocation__due_at"):
        found.setdefault(auditor, []).append(due_at)
    return found
