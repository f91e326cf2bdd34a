"""Named queries on challenges."""

from typing import TYPE_CHECKING

from django.db import models

from audits.models import Audit

if TYPE_CHECKING:
    from people.models import Staff


class ChallengeQuerySet(models.QuerySet):
    """Challenges."""

    def open(self) -> "ChallengeQuerySet":
        """Not settled and not withdrawn."""
        return self.filter(status="open")

    def visible_to(self, staff: "Staff") -> "ChallengeQuerySet":
        """Whoever may read the audit."""
        return self.filter(audit__in=Audit.objects.content_visible_to(staff).values("pk"))
