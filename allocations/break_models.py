"""Breaks: a month in which an auditor has no audit, asked for in time and granted up to a fifth of the pool."""

import pgtrigger
from django.db import models
from django.db.models import Q

from allocations.querysets import BreakQuerySet

# The second net under the lock of allocations.breaks.workflow: at commit the month is counted anew, one at a time,
# with the pool as people.querysets has it. An override says its reason and is let through (A5).
WITHIN_THE_LIMIT = """
    IF NEW.status <> 'granted' OR NEW.override_reason <> '' THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('allocations.break'), to_char(NEW.month, 'YYYYMM')::int);
    SELECT percent INTO share FROM allocations_breakmonth WHERE month = NEW.month;
    SELECT array_agg(entry.staff_id) INTO pool FROM people_auditor entry JOIN people_staff person
        ON person.id = entry.staff_id AND person.is_active
        AND (person.left_on IS NULL OR person.left_on >= NEW.month)
        AND (person.access_ends_on IS NULL OR person.access_ends_on >= NEW.month)
        WHERE entry.joined_on <= NEW.month AND (entry.left_on IS NULL OR entry.left_on > NEW.month)
        AND NOT (entry.suspended_from IS NOT NULL AND entry.suspended_from <= NEW.month
            AND (entry.suspended_until IS NULL OR entry.suspended_until >= NEW.month))
        AND NOT EXISTS (SELECT FROM people_absence away WHERE away.staff_id = entry.staff_id
            AND away.starts_on <= NEW.month AND away.ends_on >= NEW.month + INTERVAL '1 month - 1 day');
    SELECT count(*) INTO taken FROM allocations_break
        WHERE month = NEW.month AND status = 'granted' AND auditor_id = ANY(pool);
    IF taken * 100 > COALESCE(share, 20) * COALESCE(array_length(pool, 1), 0) THEN
        RAISE EXCEPTION 'more breaks than the limit allows in %', NEW.month USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class BreakMonth(models.Model):
    """One row a month, locked while its places are counted and given (S1-07); when the limit was told (S1-08)."""

    month = models.DateField(unique=True)
    percent = models.PositiveSmallIntegerField(default=20, help_text="The share of the pool that may be on a break")
    limit_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="break_month_is_first_day")]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class Break(models.Model):
    """One auditor's wish for one month: in the waiting list, granted, or withdrawn (S1-04 to S1-08)."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        GRANTED = "granted", "Granted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    auditor = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="breaks")
    month = models.DateField(help_text="The first day of the month")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    position = models.PositiveIntegerField(null=True, help_text="The place in the waiting list; only while it waits")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(null=True)
    granted_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    override_reason = models.CharField(max_length=300, blank=True, help_text="Why it was granted above the limit")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = BreakQuerySet.as_manager()

    class Meta:
        ordering = ["month", "position", "granted_at", "pk"]
        triggers = [
            pgtrigger.Trigger(
                name="within_the_limit", when=pgtrigger.After, timing=pgtrigger.Deferred, func=WITHIN_THE_LIMIT,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                declare=[("share", "int"), ("pool", "bigint[]"), ("taken", "int")]),
        ]
        indexes = [models.Index(fields=["month", "status"], name="break_by_month")]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="break_starts_on_first_day"),
            models.UniqueConstraint(fields=["auditor", "month"], condition=Q(status__in=["waiting", "granted"]),
                                    name="break_once_a_month"),
            models.UniqueConstraint(fields=["month", "position"], deferrable=models.Deferrable.DEFERRED,
                                    name="break_place_in_line_once"),
            models.CheckConstraint(condition=Q(status="waiting", position__isnull=False)
                                   | (~Q(status="waiting") & Q(position=None)), name="break_waiting_has_place"),
            models.CheckConstraint(
                condition=Q(granted_at=None, granted_by=None, override_reason="")
                | Q(granted_at__isnull=False, granted_by__isnull=False),
                name="break_granted_has_who_and_when"),
            models.CheckConstraint(condition=~Q(status="granted") | Q(granted_at__isnull=False),
                                   name="break_granted_was_granted"),
            models.CheckConstraint(condition=~Q(status="waiting") | Q(granted_at=None),
                                   name="break_waiting_is_not_granted"),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at=None, withdrawn_by=None)),
                name="break_withdrawn_has_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"{self.auditor}, {self.month:%B %Y}"
