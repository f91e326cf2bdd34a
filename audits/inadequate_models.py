"""The notice that an audit is inadequate: a step of its own, confirmed by a person (S2-22, A24)."""

from django.db import models
from django.db.models import Q

from audits.inadequate_querysets import InadequateNoticeQuerySet


class InadequateNotice(models.Model):
    """That worker and managers were told in writing; it stands until it is withdrawn."""

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="inadequate_notices")
    worker_told_on = models.DateField(help_text="When the auditor spoke with the worker")
    told_at = models.DateTimeField()
    told_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    is_provisional = models.BooleanField(default=False, help_text="Told before the grade was confirmed (A24)")
    recipients = models.ManyToManyField("people.Staff", related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = InadequateNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit"], condition=Q(withdrawn_at=None), name="inadequate_one_stands"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="inadequate_acknowledged_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="inadequate_withdrawn_has_who_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit} is inadequate"

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/audits/{self.audit.number}/inadequate/"
