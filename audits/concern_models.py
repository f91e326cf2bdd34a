"""Who was rung about an immediate concern, and whether they answered (B3)."""

from django.db import models
from django.db.models import Q


class ConcernCall(models.Model):
    """One call: to somebody whose number the page gave, or to another; when, and whether they were spoken to."""

    concern = models.ForeignKey("audits.Concern", on_delete=models.PROTECT, related_name="calls")
    person = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    somebody_else = models.CharField(max_length=120, blank=True)
    was_spoken_to = models.BooleanField()
    rung_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["rung_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, somebody_else="") | (Q(person=None) & ~Q(somebody_else="")),
                name="concern_call_says_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.concern}: {self.who}"

    @property
    def who(self) -> str:
        """Whom it was made to."""
        return self.person.name if self.person else self.somebody_else
