"""Named queries on notices that an audit is inadequate."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from people.models import Staff


class InadequateNoticeQuerySet(models.QuerySet):
    """Notices that an audit is inadequate."""

    def standing(self) -> "InadequateNoticeQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def visible_to(self, staff: "Staff") -> "InadequateNoticeQuerySet":
        """Whoever may read the audit."""
        audits = apps.get_model("audits", "Audit").objects.content_visible_to(staff)
        return self.filter(audit__in=audits.values("pk"))
