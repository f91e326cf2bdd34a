"""Named queries on notices that an audit is inadequate."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Q

from people.querysets import under_paths

if TYPE_CHECKING:
    from people.models import Staff


class InadequateNoticeQuerySet(models.QuerySet):
    """Notices that an audit is inadequate."""

    def standing(self) -> "InadequateNoticeQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def visible_to(self, staff: "Staff") -> "InadequateNoticeQuerySet":
        """Whoever may read the audit; and, of those who may know of it, whom the notice told and the managers above:
        of a provisional one (S2-22) the text is the auditor's still.
        """
        audits = apps.get_model("audits", "Audit").objects
        told = Q(pk__in=self.model.recipients.through.objects.filter(staff=staff).values("inadequatenotice"))
        line = under_paths("audit__unit_path", staff.hats().unit_paths)
        return self.filter(
            Q(audit__in=audits.content_visible_to(staff).values("pk"))
            | (told | line) & Q(audit__in=audits.visible_to(staff).values("pk"))
        )
