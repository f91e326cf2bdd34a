"""What follows when an audit is final: the check by P&Q, its copy on the child's record, additions by date."""

import pgtrigger
from django.db import models
from django.db.models import Q

from audits.record_querysets import FilingQuerySet


class QualityCheck(models.Model):
    """One check of a final version by P&Q, item by item, and what came of it (S1-47)."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        RETURNED = "returned", "Returned"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="quality_checks")
    version = models.ForeignKey("audits.AuditVersion", on_delete=models.PROTECT, related_name="+")
    items = models.JSONField(help_text="For each item as it was called then: whether in order, and a note")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["checked_at", "pk"]

    def __str__(self) -> str:
        return f"Check of {self.audit}: {self.get_outcome_display().lower()}"


class Filing(models.Model):
    """Something that P&Q copy to the child's record by hand, for the portal cannot write there (A28, B14).

    Replaced by another where the audit was added to before anybody copied it: what was downloaded is not all.
    """

    class What(models.TextChoices):
        AUDIT = "audit", "Audit"
        PART_B = "part_b", "Answer to the audit (Part B)"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="filings")
    what = models.CharField(max_length=10, choices=What.choices)
    opened_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    filed_on = models.DateField(null=True, help_text="The day on which it was copied")
    place = models.CharField(max_length=120, blank=True, help_text="Where on the record it stands")
    filed_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = FilingQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "what"], condition=Q(filed_at=None, replaced_at=None), name="filing_one_open"
            ),
            models.CheckConstraint(
                condition=Q(filed_on=None, filed_at=None, filed_by=None, place="")
                | Q(filed_on__isnull=False, filed_at__isnull=False, filed_by__isnull=False, replaced_at=None),
                name="filing_filed_has_who_and_when",
            ),
        ]
        indexes = [models.Index(fields=["opened_at"], condition=Q(filed_at=None, replaced_at=None), name="filing_open")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} of {self.audit}"

    @property
    def is_open(self) -> bool:
        """Not copied yet, nor replaced."""
        return self.filed_at is None and self.replaced_at is None


class Addendum(models.Model):
    """A dated correction or addition to an audit that stays as it was made final (S1-17)."""

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="addenda")
    about = models.CharField(max_length=150, help_text="The part of the audit, as it is called there")
    text = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "addenda"
        ordering = ["added_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text="") & ~Q(about=""), name="addendum_says_something")]
        triggers = [
            pgtrigger.Protect(name="addendum_no_update", operation=pgtrigger.Update),
            pgtrigger.Protect(name="addendum_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Addendum to {self.audit}"
