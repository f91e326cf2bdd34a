"""The append-only record: who did what (Event, Detail) and who looked at what (AccessEvent).

No foreign keys to other apps: the record outlives what it describes and never blocks it.
"""

import pgtrigger
from django.db import models
from django.db.models.functions import Now

APPEND_ONLY = [
    pgtrigger.Protect(name="no_update", operation=pgtrigger.Update),
    pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
]


class AppendOnly(models.Model):
    """A row that is written once. The database refuses changes too: triggers and grants."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Only ever inserts."""
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Refused: the record stays."""
        raise TypeError("The trail is append-only.")


class Event(AppendOnly):
    """One thing somebody did: ids, field names and a digest, never names or free text."""

    verb = models.CharField(max_length=60)
    actor_id = models.BigIntegerField()
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    fields = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["target_type", "target_id"], name="event_target"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id}"


class Detail(models.Model):
    """What an event changed, in words. Retention may redact it; the event's digest stays true."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="detail")
    salt = models.CharField(max_length=32)
    content = models.JSONField()
    redacted_at = models.DateTimeField(null=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Detail of event {self.event_id}"


class AccessEvent(AppendOnly):
    """One reading of content: who opened which record, on which page."""

    actor_id = models.BigIntegerField()
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=60)
    page = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["target_type", "target_id", "recorded_at"], name="access_target"),
            models.Index(fields=["actor_id", "recorded_at"], name="access_actor"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.actor_id} read {self.target_type} {self.target_id}"


class Submission(models.Model):
    """A form that was received: the same post again does nothing and leads to the same page."""

    id = models.UUIDField(primary_key=True)
    actor_id = models.BigIntegerField()
    address = models.CharField(max_length=200)
    outcome = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.id}"
