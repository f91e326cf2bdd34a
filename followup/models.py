"""Part B: the team manager's answer to the audit, with every action confirmed (S1-52 to S1-56, S2-80 to S2-86)."""

from django.db import models
from django.db.models import Q

from followup.querysets import ActionQuerySet, PartBQuerySet


class PartB(models.Model):
    """Supervision recorded, actions confirmed, returned to P&Q."""

    class Status(models.TextChoices):
        OPEN = "open", "With team manager"
        CLOSED = "closed", "Returned"

    audit = models.OneToOneField("audits.Audit", on_delete=models.PROTECT, related_name="part_b")
    manager = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    supervision_due_at = models.DateTimeField()
    supervision_on = models.DateField(null=True, blank=True)
    discussion = models.TextField(blank=True)
    worker_practice = models.TextField(blank=True)
    management_oversight = models.TextField(blank=True)
    went_well = models.TextField(blank=True)
    to_develop = models.TextField(blank=True)
    supervision_recorded_at = models.DateTimeField(null=True)
    supervision_recorded_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    confirm_due_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = PartBQuerySet.as_manager()

    class Meta:
        verbose_name = "Part B"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status="closed",
                    returned_at__isnull=False,
                    returned_by__isnull=False,
                    supervision_recorded_at__isnull=False,
                )
                | Q(status="open", returned_at=None, returned_by=None),
                name="partb_closed_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(supervision_recorded_at=None, supervision_recorded_by=None)
                | Q(
                    supervision_recorded_at__isnull=False,
                    supervision_recorded_by__isnull=False,
                    supervision_on__isnull=False,
                ),
                name="partb_supervision_has_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Part B of {self.audit}"


class Action(models.Model):
    """An action from the audit, confirmed with what shows that it is done."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        NOT_POSSIBLE = "not_possible", "Cannot be done as written"

    part_b = models.ForeignKey(PartB, on_delete=models.PROTECT, related_name="actions")
    position = models.PositiveSmallIntegerField()
    what = models.TextField()
    owner = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    owner_outside = models.CharField(max_length=120, blank=True)
    due_on = models.DateField()
    measure = models.TextField()
    change_for_child = models.TextField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    done_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["part_b", "position"], name="action_position_once"),
            models.CheckConstraint(
                condition=Q(status="open", confirmed_at=None, confirmed_by=None, done_on=None)
                | (
                    Q(status="done", confirmed_at__isnull=False, confirmed_by__isnull=False, done_on__isnull=False)
                    & ~Q(evidence="")
                )
                | (Q(status="not_possible", confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(evidence="")),
                name="action_confirmed_with_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_b}, action {self.position}"

    @property
    def owner_name(self) -> str:
        """Who does it, in the portal or outside."""
        return self.owner.name if self.owner else self.owner_outside
