"""Duties, their ladders, the rungs fired, and the notices and deliveries that follow.

Work that is not finished always has an open duty with a living holder (DESIGN section 4).
"""

import uuid

from django.db import models
from django.db.models import F, Q

from duties.digest_models import LeadersDigest
from duties.personal_models import FeedAddress, Preference
from duties.querysets import DeliveryQuerySet, DutyQuerySet, LadderQuerySet, NoticeQuerySet
from duties.sweep_models import Sweep

__all__ = [
    "Delivery", "Duty", "FeedAddress", "Heartbeat", "Ladder", "LeadersDigest", "Notice", "Preference", "RungFired",
    "Sweep",
]


class Ladder(models.Model):
    """The reminders and escalations for one kind of duty in one programme. A version never changes once used."""

    programme = models.SlugField(blank=True, help_text="Nothing for what belongs to no programme")
    kind = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    rungs = models.JSONField()
    published_at = models.DateTimeField()

    objects = LadderQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "kind", "version"], name="ladder_version_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.kind}, version {self.version}".strip()


class Duty(models.Model):
    """What somebody must do, by when, and where; `holder` is always a living person."""

    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    slot = models.CharField(max_length=60, default="", blank=True)
    audit_number = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200)
    meta = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=200)
    owner = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, help_text="Who takes over where there is no owner")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="duties")
    is_unowned = models.BooleanField(default=False, help_text="It climbed to P&Q, for nobody in its own line can do it")
    due_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    ladder = models.ForeignKey(Ladder, on_delete=models.PROTECT, null=True)
    next_rung_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=40, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "slot"], condition=Q(closed_at=None), name="duty_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
                name="duty_closing_all_or_none",
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | Q(next_rung_at=None), name="duty_closed_is_quiet"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="duty_closed_after_opening"
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder", "due_at", "audit_number", "id"], condition=Q(closed_at=None), name="duty_open_holder"
            ),
            models.Index(fields=["due_at", "audit_number", "id"], condition=Q(closed_at=None), name="duty_open_due"),
            models.Index(fields=["id"], condition=Q(closed_at=None, is_unowned=True), name="duty_open_unowned"),
            models.Index(fields=["audit_number"], condition=Q(closed_at=None), name="duty_open_audit"),
            models.Index(fields=["next_rung_at"], condition=Q(closed_at=None), name="duty_next_rung"),
            models.Index(fields=["subject_type", "subject_id"], name="duty_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    @property
    def is_open(self) -> bool:
        """Not closed yet."""
        return self.closed_at is None


class RungFired(models.Model):
    """A rung of a duty's ladder that has gone off; once for each revision."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="rungs_fired")
    revision = models.PositiveIntegerField()
    rung = models.CharField(max_length=60)
    fired_at = models.DateTimeField()
    came_at = models.DateTimeField(help_text="When it was to go off: before fired_at where the portal was down")
    tells_leaders = models.BooleanField(default=False, help_text="Counted in the next digest for senior leaders")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "revision", "rung"], name="rung_once")]
        indexes = [models.Index(fields=["came_at"], condition=Q(tells_leaders=True), name="rung_tells_leaders")]

    def __str__(self) -> str:
        return f"{self.duty}: {self.rung}"


class Delivery(models.Model):
    """One e-mail with one or many notices. Its id is the Message-ID, so that a repeat is recognised."""

    class State(models.TextChoices):
        PENDING = "pending", "Waiting to be sent"
        LEASED = "leased", "Being sent"
        SENT = "sent", "Sent"
        DEAD = "dead", "Could not be sent"
        GIVEN_UP = "given_up", "Given up"
        CANCELLED = "cancelled", "No longer true"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=200, blank=True, help_text="Written when it is sent for the first time")
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    may_be_out = models.BooleanField(default=False, help_text="An attempt whose end is not known: its words stay")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    tried_since = models.DateTimeField(help_text="After a day of tries from then on it is dead")
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="delivery_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="leased", leased_until__isnull=False) | ~Q(state="leased"),
                name="delivery_lease_has_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state__in=["pending", "leased"]), name="delivery_waiting"
            ),
            models.Index(fields=["created_at"], condition=Q(state="dead"), name="delivery_dead"),
            models.Index(fields=["sent_at"], name="delivery_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class Notice(models.Model):
    """One thing one person is told, by one channel; written in the transaction of its cause."""

    class Channel(models.TextChoices):
        INBOX = "inbox", "Inbox"
        EMAIL = "email", "E-mail"

    class State(models.TextChoices):
        PENDING = "pending", "Waiting"
        PACKED = "packed", "In an e-mail"
        SHOWN = "shown", "In the inbox"
        CANCELLED = "cancelled", "No longer true"

    event_key = models.CharField(max_length=120)
    event = models.CharField(max_length=40, help_text="What happened: the template of the e-mail")
    recipient = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    title = models.CharField(max_length=200)
    meta = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, related_name="notices")
    duty_revision = models.PositiveIntegerField(null=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="notices")
    created_at = models.DateTimeField()
    send_after = models.DateTimeField(help_text="For those who want one e-mail a day: the next morning")
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_key", "recipient", "channel"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(state="packed", delivery__isnull=False) | (~Q(state="packed") & Q(delivery=None)),
                name="notice_packed_has_delivery",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], condition=Q(channel="inbox"), name="notice_inbox"),
            models.Index(fields=["send_after"], condition=Q(state="pending"), name="notice_pending"),
            models.Index(fields=["duty"], condition=Q(state__in=["pending", "packed"]), name="notice_of_duty"),
        ]

    def __str__(self) -> str:
        return self.event_key


class Heartbeat(models.Model):
    """A sign of life, for /healthz: "worker" and "tick" by a task, "redis" and "worker:<name>" by a worker's pulse."""

    name = models.CharField(max_length=255, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
