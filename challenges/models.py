"""A challenge to one point of a shared audit, and how it was settled (S1-49)."""

from django.db import models
from django.db.models import Q

from challenges.querysets import ChallengeQuerySet


class Challenge(models.Model):
    """A reader says that a judgement, the grade or an action does not reflect the work."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        SETTLED = "settled", "Settled"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Outcome(models.TextChoices):
        CHANGED = "changed", "The audit was changed"
        KEPT = "kept", "The audit stays as it is, and both agree"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="challenges")
    point = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    text = models.TextField()
    raised_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True)
    settled_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "point", "raised_by"], condition=Q(status="open"), name="challenge_one_open_a_point"
            ),
            models.CheckConstraint(
                condition=Q(status="open", settled_at=None, settled_by=None, outcome="")
                | Q(status="withdrawn", settled_at__isnull=False, settled_by__isnull=False, outcome="")
                | (Q(status="settled", settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome="")),
                name="challenge_settled_all_or_none",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="challenge_has_text"),
        ]

    def __str__(self) -> str:
        return f"Challenge in {self.audit}: {self.point}"
