"""What senior leaders are told once a month: figures as they stood when they were counted (duties.digests)."""

from django.db import models
from django.db.models import Q

from duties.querysets import DigestQuerySet


class LeadersDigest(models.Model):
    """The digest of one month. Figures only: no person, no audit (S1-62, S1-63)."""

    month = models.DateField(unique=True, help_text="The first day of the month")
    made_at = models.DateTimeField()
    figures = models.JSONField()

    objects = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="digest_month_is_its_first_day")
        ]

    def __str__(self) -> str:
        return f"Digest of {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/outstanding/digests/{self.month:%Y-%m}/"
