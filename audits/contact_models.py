"""Contact with the people of the case, escalations to the group manager, and what a worker confirms before the day."""

from django.db import models
from django.db.models import Q

from audits.querysets import EscalationQuerySet


class ContactAttempt(models.Model):
    """The auditor tried to reach one person of the case; on which day, by what, and whether they answered (S1-20)."""

    class Method(models.TextChoices):
        PHONE = "phone", "Phone"
        EMAIL = "email", "E-mail"
        VIDEO = "video", "Video call"
        IN_PERSON = "in_person", "In person"

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "They answered"
        NO_ANSWER = "no_answer", "No answer"
        LEFT_MESSAGE = "left_message", "I left a message"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="contact_attempts")
    person = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=12, help_text="In which they took part then")
    made_on = models.DateField()
    method = models.CharField(max_length=10, choices=Method.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_on", "pk"]

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_outcome_display()}"

    @property
    def is_answered(self) -> bool:
        """They were reached; a message left is no answer."""
        return self.outcome == self.Outcome.ANSWERED


class Escalation(models.Model):
    """Somebody did not answer the auditor: the group manager's matter, open until they say what came of it (S1-22)."""

    class Status(models.TextChoices):
        OPEN = "open", "With the group manager"
        RESOLVED = "resolved", "Resolved"
        WITHDRAWN = "withdrawn", "Not needed any more"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="escalations")
    person = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    sent_to = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+",
                                help_text="To whom it went when it was opened; who holds it now, its duty says")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "person"], condition=Q(status="open"), name="escalation_one_open"),
            models.CheckConstraint(
                condition=Q(status="open", ended_at=None, ended_by=None)
                | (~Q(status="open") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="escalation_ended_has_who_and_when",
            ),
            models.CheckConstraint(condition=~Q(status="resolved", outcome=""), name="escalation_resolved_says_how"),
        ]

    def __str__(self) -> str:
        return f"Escalation in {self.audit}"

    def get_absolute_url(self) -> str:
        """Where it is read and resolved."""
        return f"/audits/{self.audit.number}/escalations/{self.pk}/"


class Preparation(models.Model):
    """Before an audit day the worker has the record up to date and says that they will be there (S4-05)."""

    class What(models.TextChoices):
        RECORDING = "recording", "The record is up to date"
        ATTENDANCE = "attendance", "The worker will be there"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="preparations")
    what = models.CharField(max_length=10, choices=What.choices)
    worker = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+",
                               help_text="Whose case it was then; nobody where no worker was named")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["confirmed_at"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "what", "worker"], nulls_distinct=False, name="preparation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_what_display()}"
