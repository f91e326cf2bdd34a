"""Named queries on rounds and allocations. Rounds are P&Q's room; a draft is seen by nobody else."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from people.models import Staff


class RoundQuerySet(models.QuerySet):
    """Rounds."""

    def visible_to(self, staff: "Staff") -> "RoundQuerySet":
        """P&Q plan, draw and follow the months; nobody else sees their pages (S1-01)."""
        return self if staff.hats().is_pq else self.none()


class AllocationQuerySet(models.QuerySet):
    """Allocations."""

    def live(self) -> "AllocationQuerySet":
        """Published and neither substituted, exempted nor cancelled."""
        return self.filter(status="allocated")

    def counted(self) -> "AllocationQuerySet":
        """What counts to the ten a year: allocated, also when not completed (A2)."""
        return self.filter(status="allocated")

    def visible_to(self, staff: "Staff") -> "AllocationQuerySet":
        """P&Q see all; an auditor their own once published."""
        if staff.hats().is_pq:
            return self
        return self.filter(auditor=staff).exclude(status="draft")
