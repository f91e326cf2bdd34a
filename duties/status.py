"""How the portal itself is: signs of life, e-mails, duties. For /healthz and the status page; no names, no subjects."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncHour

from calendars.rules import london_date
from calendars.words import clock, day_and_month
from duties.models import Delivery, Duty, Heartbeat, Notice
from duties.querysets import NoticeQuerySet

SILENT_AFTER = timedelta(minutes=3)


@dataclass(frozen=True)
class Sign:
    """When something last showed that it lives."""

    seen_at: datetime | None
    now: datetime

    @property
    def is_silent(self) -> bool:
        """Not heard of for three minutes, or never."""
        return self.seen_at is None or self.now - self.seen_at >= SILENT_AFTER

    @property
    def word(self) -> str:
        """For machines."""
        return "silent" if self.is_silent else "ok"

    def __str__(self) -> str:
        """ "Working", "Silent since 10:41am", with its day where that is not today."""
        if not self.is_silent:
            return "Working"
        if self.seen_at is None:
            return "Not heard of yet"
        is_today = london_date(self.seen_at) == london_date(self.now)
        day = "" if is_today else f"{day_and_month(self.seen_at)}, "
        return f"Silent since {day}{clock(self.seen_at)}"


@dataclass(frozen=True)
class Signs:
    """Redis and the workers by the pulse, work and clock by the tasks that write their rows."""

    redis: Sign
    work: Sign
    tick: Sign
    workers: int


def signs(now: datetime) -> Signs:
    """All of them, in one query. Pages never touch Redis: the workers say whether it answers."""
    beats = dict(Heartbeat.objects.values_list("name", "beat_at"))
    alive = [at for name, at in beats.items() if name.startswith("worker:") and now - at < SILENT_AFTER]
    redis, work, tick = (Sign(beats.get(name), now) for name in ("redis", "worker", "tick"))
    return Signs(redis, work, tick, len(alive))


def oldest_unsent(now: datetime) -> datetime | None:
    """Since when the e-mail that waits longest has waited: one not packed yet, or packed and not sent.

    What somebody wants in one e-mail a day does not wait before its morning.
    """
    packed = Delivery.objects.waiting().aggregate(notice=Min("notices__send_after"), mail=Min("created_at"))
    pending = _to_be_packed(now).aggregate(first=Min("send_after"))["first"]
    return min((moment for moment in (pending, packed["notice"], packed["mail"]) if moment), default=None)


def dead_emails() -> int:
    """How many could not be sent and wait for somebody to decide."""
    return Delivery.objects.dead().count()


def _to_be_packed(now: datetime) -> NoticeQuerySet:
    return Notice.objects.pending_email().order_by().filter(send_after__lte=now)


def waiting_emails(now: datetime) -> int:
    """Packed and not sent, and people for whom something waits to be packed."""
    unpacked = _to_be_packed(now).values("recipient").distinct().count()
    return Delivery.objects.waiting().count() + unpacked


def open_duties(now: datetime) -> dict[str, int]:
    """How many are open, and how many of these are overdue."""
    return Duty.objects.open().aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now)))


def sent_by_hour(now: datetime) -> list[tuple[datetime, int]]:
    """E-mails sent in each of the last 24 hours, this one last."""
    this_hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [this_hour - timedelta(hours=back) for back in reversed(range(24))]
    sent = Delivery.objects.filter(sent_at__gte=hours[0], sent_at__lte=now)
    found = dict(sent.annotate(hour=TruncHour("sent_at", tzinfo=UTC)).values_list("hour").annotate(Count("pk")))
    return [(hour, found.get(hour, 0)) for hour in hours]
