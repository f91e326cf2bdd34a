"""How the audit was done together: sessions and who was there, appointments, and why a worker could not take part."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from audits.consultation_querysets import AppointmentQuerySet


class Mode(models.TextChoices):
    """How people meet."""

    IN_PERSON = "in_person", "In the same room"
    VIDEO = "video", "Video call"
    PHONE = "phone", "Phone"


class Session(models.Model):
    """The auditor and people of the case read or talked, on a day (S1-23)."""

    class Purpose(models.TextChoices):
        READING = "reading", "We read the file together"
        DISCUSSION = "discussion", "We talked about the work"
        FEEDBACK = "feedback", "We went through the findings"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField()
    mode = models.CharField(max_length=10, choices=Mode.choices)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    others = models.CharField(max_length=200, blank=True, help_text="Who else was there")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_purpose_display()}"


class Presence(models.Model):
    """Somebody of the case was there, in the capacity they had then."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="presences")
    person = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=12)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.session}"


class WithoutWorker(models.Model):
    """The worker cannot take part, and the audit says why: then it rests on the file alone (S1-18, S2-11, B1)."""

    class Why(models.TextChoices):
        AWAY = "away", "The worker is away from work until the audit is due"
        NO_WORKER = "no_worker", "No worker is allocated"
        NO_ANSWER = "no_answer", "The worker does not answer, and the group manager said what came of it"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="without_worker")
    why = models.CharField(max_length=10, choices=Why.choices)
    worker = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+",
                               help_text="Whose case it was then; nobody where no worker was named")
    away_from = models.DateField(null=True)
    away_until = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit"], condition=Q(removed_at=None), name="without_worker_one_stands"),
            models.CheckConstraint(
                condition=Q(why="away", away_from__isnull=False, away_until__gte=models.F("away_from"))
                | (~Q(why="away") & Q(away_from=None, away_until=None)),
                name="without_worker_away_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(why="no_worker", worker=None) | (~Q(why="no_worker") & Q(worker__isnull=False)),
                name="without_worker_says_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_why_display()}"


class Appointment(models.Model):
    """The auditor and people of the case agreed when to meet; a later time raises `sequence` (RFC 5545)."""

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    place = models.CharField(max_length=120, blank=True)
    people = models.ManyToManyField("people.Staff", related_name="appointments")
    sequence = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    changed_because = models.CharField(max_length=300, blank=True, help_text="Why it was moved last, or cancelled")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | (Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(changed_because="")),
                name="appointment_cancelled_has_who_when_and_why",
            ),
            models.CheckConstraint(condition=~Q(sequence__gt=0, changed_because=""), name="appointment_moved_says_why"),
        ]
        indexes = [models.Index(fields=["starts_at"], condition=Q(cancelled_at=None), name="appointment_coming")]

    def __str__(self) -> str:
        return f"Appointment for {self.audit}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/audits/{self.audit.number}/appointments/{self.pk}/"

    @property
    def ends_at(self) -> datetime:
        """So many minutes later, whatever the clocks do."""
        return self.starts_at + timedelta(minutes=self.minutes)
