"""Rounds, draws and allocations: who audits which case file in which month, and why that one."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q

from allocations.break_models import Break, BreakMonth
from allocations.draw.certificates import frozen_part
from allocations.exemption_models import Exemption
from allocations.months import RoundKey
from allocations.querysets import AllocationQuerySet, DrawQuerySet, RoundQuerySet

__all__ = [
    "Allocation", "Break", "BreakMonth", "Draw", "Exemption", "MonthCounter", "Round", "TeamOverride", "Theme",
]


class Round(models.Model):
    """One month of one programme, pinned to a programme version; or its cases that nobody hears of before the day."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        FROZEN = "frozen", "Frozen"
        DRAWN = "drawn", "Drawn"
        REVIEWED = "reviewed", "Reviewed"
        PUBLISHED = "published", "Published"
        CLOSED = "closed", "Closed"

    version = models.ForeignKey("programmes.ProgrammeVersion", on_delete=models.PROTECT, related_name="rounds")
    month = models.DateField(help_text="The first day of the month")
    is_no_notice = models.BooleanField(default=False, help_text="No team knows before the day (S0-14)")
    audit_day = models.DateField(null=True, help_text="The day on which the audits are done, where it is one day")
    wanted = models.PositiveIntegerField(null=True, help_text="Cases to draw; empty: what the auditors can take")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    due_at = models.DateTimeField()
    publish_by = models.DateField()
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["version", "month", "is_no_notice"], name="round_once_a_month"),
            models.CheckConstraint(condition=Q(is_no_notice=False) | Q(audit_day__isnull=False),
                                   name="round_no_notice_has_its_day"),
            models.CheckConstraint(condition=Q(wanted=None) | Q(wanted__gte=1), name="round_wants_a_case"),
            models.CheckConstraint(condition=Q(month__day=1), name="round_month_is_first_day"),
            models.CheckConstraint(
                condition=Q(status__in=["published", "closed"], published_at__isnull=False, published_by__isnull=False)
                | (~Q(status__in=["published", "closed"]) & Q(published_at=None, published_by=None)),
                name="round_published_has_who_and_when"),
            models.CheckConstraint(condition=Q(closed_at=None, closed_by=None)
                                   | Q(closed_at__isnull=False, closed_by__isnull=False),
                                   name="round_closed_has_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}, no notice" if self.is_no_notice else f"{self.month:%B %Y}"

    @property
    def slug(self) -> str:
        """The round in addresses: 2026-12, or 2026-12-no-notice."""
        return str(RoundKey(self.month, self.is_no_notice))


class TeamOverride(models.Model):
    """Before the draw: an auditor may have a case of their own team or group, or all of them, and why (S2-05, A37)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="team_overrides")
    auditor = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    case_file = models.ForeignKey("casefiles.CaseFile", on_delete=models.PROTECT, null=True, related_name="+",
                                  help_text="Empty: every case of their own team and group")
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "auditor", "case_file"], nulls_distinct=False,
                                    name="override_once_a_round"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.auditor}, {self.case_file or 'own team'}"


class Theme(models.Model):
    """Cases on a theme that top up a random sample: so many of those named are drawn, in their own stratum (S4-07)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="themes")
    name = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    wanted = models.PositiveIntegerField()
    case_files = models.ManyToManyField("casefiles.CaseFile", related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="theme_once_a_round"),
            models.CheckConstraint(condition=Q(wanted__gte=1), name="theme_wants_a_case"),
        ]

    def __str__(self) -> str:
        return self.name


class Draw(models.Model):
    """A frozen frame with its committed seed, and, once drawn, the certificate. One draw per frame."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveIntegerField()
    seed = models.CharField(max_length=32)
    reason = models.CharField(max_length=300, blank=True, help_text="Why the frame was frozen again")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    frame = models.JSONField(help_text="What the draw may see: cases, strata, forbidden auditors, capacities")
    exclusions = models.JSONField(default=list)
    overrides = models.JSONField(default=list)
    quotas = models.JSONField()
    frame_digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    certificate = models.JSONField(null=True, help_text="What was drawn; with what was frozen it is the certificate")

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="draw_number_once"),
            models.CheckConstraint(
                condition=Q(drawn_at=None, drawn_by=None, certificate=None)
                | Q(drawn_at__isnull=False, drawn_by__isnull=False, certificate__isnull=False),
                name="draw_drawn_has_who_and_when"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="draw_again_needs_reason"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="frame_is_frozen", fields=[
                "round", "number", "seed", "frame", "exclusions", "overrides", "quotas", "frame_digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.round}, draw {self.number}"

    @property
    def whole_certificate(self) -> dict[str, Any]:
        """Everything that decided the draw and everything it decided, to be replayed by anyone."""
        frozen = frozen_part(self.seed, self.frame["cases"], self.frame_digest, self.quotas, self.frame["auditors"],
                             self.exclusions, self.overrides)
        return frozen | self.certificate


class Allocation(models.Model):
    """One case file given to one auditor in one round."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ALLOCATED = "allocated", "Allocated"
        SUBSTITUTED = "substituted", "Substituted"
        EXEMPTED = "exempted", "Exempted"
        REALLOCATED = "reallocated", "Reallocated"
        CANCELLED = "cancelled", "Cancelled"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="allocations")
    case_file = models.ForeignKey("casefiles.CaseFile", on_delete=models.PROTECT, related_name="allocations")
    auditor = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="allocations")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    position = models.PositiveIntegerField()
    stratum = models.CharField(max_length=80)
    is_second_pass = models.BooleanField(default=False)
    number = models.CharField(  # noqa: DJ001  unique once it is given, which is at publishing
        max_length=20, null=True, help_text="The audit number, given at publishing; whoever takes it over keeps it"
    )
    due_at = models.DateTimeField()
    allocated_at = models.DateTimeField(null=True)
    allocated_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by",
                                    help_text="The allocation that it came in the place of (S1-13, B4)")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    ended_because = models.CharField(max_length=300, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "case_file"], condition=Q(status__in=["draft", "allocated"]),
                                    name="allocation_case_once_a_round"),
            models.CheckConstraint(
                condition=Q(status="draft", number=None, allocated_at=None, allocated_by=None)
                | (~Q(status="draft") & Q(number__isnull=False, allocated_at__isnull=False,
                                          allocated_by__isnull=False)),
                name="allocation_allocated_has_number"),
            models.UniqueConstraint(fields=["number"], name="allocation_number_once",
                                    condition=~Q(status__in=["exempted", "reallocated"])),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "allocated"], ended_at=None, ended_by=None, ended_because="")
                | (~Q(status__in=["draft", "allocated"]) & Q(ended_at__isnull=False, ended_by__isnull=False)
                   & ~Q(ended_because="")),
                name="allocation_ended_says_why"),
        ]
        indexes = [models.Index(fields=["auditor", "due_at"], name="allocation_auditor")]

    def __str__(self) -> str:
        return self.number or f"{self.round}, {self.position}"


class MonthCounter(models.Model):
    """The last audit number given in a month; locked while the next ones are taken."""

    month = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.last}"
