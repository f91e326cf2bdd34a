"""Named queries on appointments."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from people.models import Staff


class AppointmentQuerySet(models.QuerySet):
    """Appointments of the auditor with people of the case."""

    def standing(self) -> "AppointmentQuerySet":
        """Not cancelled."""
        return self.filter(cancelled_at=None)

    def visible_to(self, staff: "Staff") -> "AppointmentQuerySet":
        """For the audit's auditor and whoever is invited, as long as they may know of the audit."""
        audits = apps.get_model("audits", "Audit").objects.visible_to(staff)
        invited = self.model.people.through.objects.filter(appointment=OuterRef("pk"), staff=staff)
        mine = Q(audit__in=apps.get_model("audits", "Audit").objects.written_by(staff).values("pk"))
        return self.filter(mine | Q(Exists(invited)), audit__in=audits.values("pk"))
