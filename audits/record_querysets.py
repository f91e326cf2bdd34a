"""Named queries on what has to be copied to the child's record."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from people.models import Staff


class FilingQuerySet(models.QuerySet):
    """What is copied to the child's record."""

    def visible_to(self, staff: "Staff") -> "FilingQuerySet":
        """Whoever may read the audit."""
        audits = apps.get_model("audits", "Audit").objects.content_visible_to(staff)
        return self.filter(audit__in=audits.values("pk"))

    def open(self) -> "FilingQuerySet":
        """Not copied yet."""
        return self.filter(filed_at=None, replaced_at=None)

    def filed(self) -> "FilingQuerySet":
        """Copied, and somebody said so."""
        return self.filter(filed_at__isnull=False)
