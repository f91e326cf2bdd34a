"""Exemptions: an allocated audit that its auditor cannot do, asked for, decided by whom the rules name (S1-09)."""

from django.db import models
from django.db.models import Q

from allocations.querysets import ExemptionQuerySet


class Exemption(models.Model):
    """One request about one allocation. Where the programme says so the line manager speaks first (S2-33)."""

    class Status(models.TextChoices):
        WITH_LINE_MANAGER = "with_line_manager", "With the line manager"
        AWAITING_DECISION = "awaiting_decision", "Awaiting decision"
        AGREED = "agreed", "Agreed"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Reason(models.TextChoices):
        SICKNESS = "sickness", "Sickness"
        BEREAVEMENT = "bereavement", "Bereavement"
        LEFT_POST = "left_post", "Leaving or left the post"
        EMERGENCY_COVER = "emergency_cover", "Emergency cover"
        LATE_BREAK = "late_break", "A break asked for too late"
        OTHER = "other", "Another reason"

    allocation = models.ForeignKey("allocations.Allocation", on_delete=models.PROTECT, related_name="exemptions")
    reason = models.CharField(max_length=16, choices=Reason.choices)
    explanation = models.CharField(max_length=1000)
    status = models.CharField(max_length=18, choices=Status.choices)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    manager_supports = models.BooleanField(null=True)
    manager_note = models.CharField(max_length=1000, blank=True)
    manager_at = models.DateTimeField(null=True)
    manager_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    decision_note = models.CharField(max_length=1000, blank=True)

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["allocation"], name="exemption_one_open",
                                    condition=Q(status__in=["with_line_manager", "awaiting_decision"])),
            models.UniqueConstraint(fields=["allocation"], name="exemption_agreed_once", condition=Q(status="agreed")),
            models.CheckConstraint(condition=~Q(explanation=""), name="exemption_is_explained"),
            models.CheckConstraint(
                condition=Q(manager_supports=None, manager_at=None, manager_by=None)
                | Q(manager_supports__isnull=False, manager_at__isnull=False, manager_by__isnull=False),
                name="exemption_manager_has_who_and_when"),
            models.CheckConstraint(
                condition=Q(status__in=["with_line_manager", "awaiting_decision"], decided_at=None, decided_by=None)
                | (~Q(status__in=["with_line_manager", "awaiting_decision"])
                   & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="exemption_decided_has_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"Exemption {self.pk}, {self.allocation}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/rounds/exemptions/{self.pk}/"

    @property
    def is_pending(self) -> bool:
        """Nobody has decided yet: shown apart, and neither exempt nor not completed (B6)."""
        return self.status in {self.Status.WITH_LINE_MANAGER, self.Status.AWAITING_DECISION}
