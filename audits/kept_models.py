"""Texts that could not be written, because the answer was changed somewhere else: kept until somebody chooses."""

from django.db import models
from django.db.models import Q


class KeptTextQuerySet(models.QuerySet):
    """Kept texts."""

    def open(self) -> "KeptTextQuerySet":
        """Nobody has chosen between them and what stands."""
        return self.filter(settled_at=None)


class KeptText(models.Model):
    """What one sitting typed on top of a version that stands no more (T-R9).

    One open text an answer and sitting: it follows what is typed there, and what it said before stays as a settled
    row. Settled texts are the history of the answer.
    """

    answer = models.ForeignKey("audits.Answer", on_delete=models.PROTECT, related_name="kept_texts")
    sitting = models.UUIDField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, help_text="Rises with what is typed on in the same sitting")
    value = models.TextField(blank=True)
    base_version = models.PositiveIntegerField(help_text="The version of the answer on which it was typed")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = KeptTextQuerySet.as_manager()

    class Meta:
        ordering = ["saved_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "sitting"], condition=Q(settled_at=None), name="kept_text_one_open_a_sitting"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="kept_text_settled_has_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer}, kept on version {self.base_version}"
