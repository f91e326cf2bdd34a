"""Named queries on rounds, draws and allocations. Rounds are P&Q's room; a draft is seen by nobody else."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q

if TYPE_CHECKING:
    from people.models import Staff

DOCUMENTS = ("frame", "exclusions", "overrides", "certificate")


class RoundQuerySet(models.QuerySet):
    """Rounds."""

    def visible_to(self, staff: "Staff") -> "RoundQuerySet":
        """P&Q plan, draw and follow the months; nobody else sees their pages (S1-01)."""
        return self if staff.hats().is_pq else self.none()

    def published(self) -> "RoundQuerySet":
        """Their list has gone out."""
        return self.filter(published_at__isnull=False)

    def with_counts(self) -> "RoundQuerySet":
        """How many audits the list of each round has, and whether it was taken over from before the portal."""
        given = Count("allocations", filter=Q(allocations__status__in=["draft", "allocated"]))
        return self.annotate(audits=given, is_taken_over=Q(published_at__isnull=False) & ~Exists(self._draws()))

    def drawn_here(self) -> "RoundQuerySet":
        """Not taken over from before the portal: those were published without a draw (B13)."""
        return self.filter(Q(published_at=None) | Exists(self._draws()))

    def _draws(self) -> models.QuerySet:
        return self.model.draws.rel.related_model.objects.filter(round=OuterRef("pk"))


class DrawQuerySet(models.QuerySet):
    """Draws."""

    def without_documents(self) -> "DrawQuerySet":
        """Without frame and certificate, which are large, but with how many cases and auditors are in the frame."""
        return self.defer(*DOCUMENTS).annotate(
            cases=_length(F("frame__cases")), auditors=_length(F("frame__auditors")),
        )


def _length(part: F) -> Func:
    return Func(part, function="jsonb_array_length", output_field=models.IntegerField())


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
