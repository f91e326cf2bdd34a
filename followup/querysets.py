"""Named queries on Part Bs and actions."""

from typing import TYPE_CHECKING

from django.db import models

from audits.models import Audit

if TYPE_CHECKING:
    from people.models import Staff


class PartBQuerySet(models.QuerySet):
    """Part Bs."""

    def open(self) -> "PartBQuerySet":
        """Not returned yet."""
        return self.filter(status="open")

    def visible_to(self, staff: "Staff") -> "PartBQuerySet":
        """Whoever may read the audit."""
        return self.filter(audit__in=Audit.objects.content_visible_to(staff).values("pk"))


class ActionQuerySet(models.QuerySet):
    """Actions."""

    def open(self) -> "ActionQuerySet":
        """Not confirmed yet."""
        return self.filter(status="open")

    def visible_to(self, staff: "Staff") -> "ActionQuerySet":
        """Whoever may read the audit."""
        return self.filter(part_b__audit__in=Audit.objects.content_visible_to(staff).values("pk"))
