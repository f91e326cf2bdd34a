"""The report of one nightly check of the duties against the records (duties.sweep)."""

from django.db import models
from django.db.models import F, Q

from duties.querysets import SweepQuerySet


class Sweep(models.Model):
    """What one check looked at, found and put right; `position` is how far it has come."""

    night = models.DateField(unique=True, null=True, help_text="The London day of a nightly check; once each")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    position = models.JSONField(default=list)
    checked = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    details = models.JSONField(default=list)

    objects = SweepQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")), name="sweep_ends_after_its_start"
            )
        ]

    def __str__(self) -> str:
        return f"Check of the duties, {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def repaired(self) -> int:
        """How many things were put right."""
        return self.opened + self.closed + self.moved
