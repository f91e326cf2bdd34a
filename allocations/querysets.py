"""Named queries on rounds, draws, allocations and breaks. Rounds are P&Q's room; a draft is seen by nobody else."""

from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from calendars.rules import today_in_london
from people.querysets import under_paths

if TYPE_CHECKING:
    from people.models import Staff

DOCUMENTS = ("frame", "exclusions", "overrides", "certificate")


class RoundQuerySet(models.QuerySet):
    """Rounds."""

    def visible_to(self, staff: "Staff") -> "RoundQuerySet":
        """P&Q plan, draw and follow the months; nobody else sees their pages (S1-01)."""
        return self if staff.hats().is_pq else self.none()

    def published(self) -> "RoundQuerySet":
        """Their list has gone out."""
        return self.filter(published_at__isnull=False)

    def known_by(self, day: date) -> "RoundQuerySet":
        """Those of which everybody may know on a day: not one without notice before its own (S0-14)."""
        return self.filter(Q(is_no_notice=False) | Q(audit_day__lte=day))

    def with_counts(self) -> "RoundQuerySet":
        """How many audits the list of each round has, and whether it was taken over from before the portal."""
        waiting = Q(status="exempted", replaced_by=None)
        listed = apps.get_model("allocations", "Allocation").objects.filter(
            Q(status__in=["draft", "allocated"]) | waiting, round=OuterRef("pk")).order_by()
        given = _counted(listed, by="round")
        taken_over = Q(published_at__isnull=False) & ~Exists(self._draws())
        return self.with_breaks().annotate(audits=given, is_taken_over=taken_over)

    def with_breaks(self) -> "RoundQuerySet":
        """How many breaks are granted, and how many wait, in the month of each round."""
        from_month = apps.get_model("allocations", "Break").objects.filter(month=OuterRef("month")).order_by()
        granted, waiting = (_counted(from_month.filter(status=status)) for status in ("granted", "waiting"))
        return self.annotate(granted=granted, waiting=waiting)

    def drawn_here(self) -> "RoundQuerySet":
        """Not taken over from before the portal: those were published without a draw (B13)."""
        return self.filter(Q(published_at=None) | Exists(self._draws()))

    def _draws(self) -> models.QuerySet:
        return self.model.draws.rel.related_model.objects.filter(round=OuterRef("pk"))


def _counted(rows: models.QuerySet, by: str = "month") -> Coalesce:
    """How many rows there are, within a query of something else."""
    return Coalesce(Subquery(rows.values(by).annotate(n=Count("pk")).values("n")), 0)


class DrawQuerySet(models.QuerySet):
    """Draws."""

    def without_documents(self) -> "DrawQuerySet":
        """Without frame and certificate, which are large, but with how many cases and auditors are in the frame."""
        return self.defer(*DOCUMENTS).annotate(
            cases=_length(F("frame__cases")), auditors=_length(F("frame__auditors")),
        )


def _length(part: F) -> Func:
    return Func(part, function="jsonb_array_length", output_field=models.IntegerField())


class AllocationQuerySet(models.QuerySet):
    """Allocations."""

    def live(self) -> "AllocationQuerySet":
        """Published and neither substituted, exempted nor cancelled."""
        return self.filter(status="allocated")

    def on_a_list(self) -> "AllocationQuerySet":
        """Drawn or published, and not ended: what its auditor has to do."""
        return self.filter(status__in=["draft", "allocated"])

    def holding_a_case(self) -> "AllocationQuerySet":
        """On a list, or handed back and not given to another yet (S1-13): nobody else draws the case meanwhile."""
        return self.filter(Q(status__in=["draft", "allocated"]) | Q(status="exempted", replaced_by=None))

    def owed(self) -> "AllocationQuerySet":
        """Live, and the audit still to be completed: its duty is open."""
        duty = apps.get_model("duties", "Duty").objects.open().filter(
            kind="audit.complete", audit_number=OuterRef("number"))
        return self.live().filter(Exists(duty))

    def of_people_of(self, staff: "Staff") -> "AllocationQuerySet":
        """Those for which `staff` may ask for an exemption: their own, those of the people under them, all for P&Q
        (B6). Of one without notice a manager hears on its day, whoever audits it (S0-14).
        """
        hats = staff.hats()
        if hats.is_pq:
            return self.exclude(status="draft")
        line = under_paths("auditor__unit__path", hats.unit_paths) | Q(auditor__line_manager=staff)
        known = Q(round__is_no_notice=False) | Q(round__audit_day__lte=today_in_london())
        return self.filter(Q(auditor=staff) | (line & known)).exclude(status="draft")

    def counted(self) -> "AllocationQuerySet":
        """What counts to the ten a year: allocated, also when not completed, late or taken over (A2)."""
        return self.filter(status="allocated")

    def visible_to(self, staff: "Staff") -> "AllocationQuerySet":
        """P&Q see all; an auditor their own once published."""
        if staff.hats().is_pq:
            return self
        return self.filter(auditor=staff).exclude(status="draft")


class BreakQuerySet(models.QuerySet):
    """Breaks."""

    def granted(self) -> "BreakQuerySet":
        """Given, and not withdrawn."""
        return self.filter(status="granted")

    def in_line(self) -> "BreakQuerySet":
        """The waiting list, first in line first (A7)."""
        return self.filter(status="waiting").order_by("month", "position")

    def counted(self, today: date) -> "BreakQuerySet":
        """What counts to the two a year: granted, or waiting for a month that has not begun (S1-04)."""
        return self.filter(Q(status="granted") | Q(status="waiting", month__gt=today))

    def visible_to(self, staff: "Staff") -> "BreakQuerySet":
        """One's own; those of the people under one (S1-05); all for P&Q (S1-08)."""
        hats = staff.hats()
        if hats.is_pq:
            return self
        return self.filter(Q(auditor=staff) | under_paths("auditor__unit__path", hats.unit_paths))


class ExemptionQuerySet(models.QuerySet):
    """Requests for exemption."""

    def pending(self) -> "ExemptionQuerySet":
        """Not decided yet."""
        return self.filter(status__in=["with_line_manager", "awaiting_decision"])

    def visible_to(self, staff: "Staff") -> "ExemptionQuerySet":
        """One's own and those one asked for; those of the people under one, or whose line manager one is; P&Q all.

        Whoever a duty about one came to, or who wears the role it asks for, may see it: the decider may stand in no
        line with the auditor (A9).
        """
        hats = staff.hats()
        if hats.is_pq:
            return self
        duty = apps.get_model("duties", "Duty").objects.open().filter(
            Q(holder=staff) | Q(role__in=hats.roles), subject_type="allocations.exemption", subject_id=OuterRef("pk"))
        own = Q(allocation__auditor=staff) | Q(asked_by=staff) | Q(decided_by=staff) | Q(manager_by=staff)
        line = under_paths("allocation__auditor__unit__path", hats.unit_paths)
        return self.filter(own | line | Q(allocation__auditor__line_manager=staff) | Exists(duty))
