"""Named queries on audits. `visible_to` is the one door: pages, lists, search, counts and exports use it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from people.querysets import under_paths
from people.roles import Role

if TYPE_CHECKING:
    from people.models import Staff

AUDITING = ("auditor", "co_auditor")


class AuditQuerySet(models.QuerySet):
    """Audits."""

    def visible_to(self, staff: "Staff", now: datetime | None = None) -> "AuditQuerySet":
        """Taking part, or managing a unit above the case's team; the director every inadequate one.

        A no-notice case stays hidden until `visible_from`, except from P&Q and its auditor.
        """
        hats = staff.hats()
        if hats.is_pq:
            return self
        now = now or timezone.now()
        part = self._part_of(staff, now)
        seen = Exists(part) | under_paths("unit_path", hats.unit_paths)
        if hats.wears(Role.DIRECTOR):
            seen = seen | Q(grade__is_inadequate=True, finalised_at__isnull=False)
        return self.filter(seen).filter(Q(visible_from__lte=now) | Exists(part.filter(capacity__in=AUDITING)))

    def _part_of(self, staff: "Staff", now: datetime) -> models.QuerySet:
        participations = self.model.participations.rel.related_model.objects
        return participations.filter(Q(until_at=None) | Q(until_at__gt=now), audit=OuterRef("pk"), staff=staff)

    def taking_part(self, staff: "Staff", now: datetime | None = None) -> "AuditQuerySet":
        """Audits in which `staff` has a part now; a no-notice case only for its auditor until the day."""
        now = now or timezone.now()
        part = self._part_of(staff, now)
        return self.filter(Exists(part)).filter(Q(visible_from__lte=now) | Exists(part.filter(capacity__in=AUDITING)))

    def written_by(self, staff: "Staff", now: datetime | None = None) -> "AuditQuerySet":
        """Audits whose workspace is this person's: auditor now, alone or as one of two (S4-11), not taken over, not
        waiting for another (S1-13).

        Whoever audits always takes part, so roles need not be asked: autosave comes through here every two seconds.
        """
        part = self._part_of(staff, now or timezone.now()).filter(capacity__in=AUDITING, until_at=None)
        return self.filter(Exists(part), is_past=False, awaits_auditor_since=None)

    def content_visible_to(self, staff: "Staff", now: datetime | None = None) -> "AuditQuerySet":
        """Audits whose text `staff` may read: the auditor's draft is the auditor's until it is shared."""
        now = now or timezone.now()
        drafts = Q(first_shared_at=None)
        own = Exists(self._part_of(staff, now).filter(capacity__in=AUDITING)) & Q(connection_at=None)
        return self.visible_to(staff, now).filter(~drafts | own)

    def cancellable_by(self, staff: "Staff", now: datetime | None = None) -> "AuditQuerySet":
        """Those one may see, and those of the auditors under one, for whoever cancels by the programme (S1-66)."""
        line = under_paths("auditor__unit__path", staff.hats().unit_paths)
        seen = self.visible_to(staff, now).values("pk")
        return self.filter(Q(pk__in=seen) | line & Q(visible_from__lte=now or timezone.now()))

    def secret(self, now: datetime) -> "AuditQuerySet":
        """Without notice, before the day: known to P&Q and the auditor alone (S0-14)."""
        return self.filter(visible_from__gt=now)

    def live(self) -> "AuditQuerySet":
        """Not substituted and not cancelled."""
        return self.exclude(status__in=["substituted", "cancelled"])

    def unfinished(self) -> "AuditQuerySet":
        """Not closed, substituted or cancelled."""
        return self.exclude(status__in=["closed", "substituted", "cancelled"])

    def with_auditor(self) -> "AuditQuerySet":
        """Unfinished, and not waiting for another auditor (S1-13)."""
        return self.unfinished().filter(awaits_auditor_since=None)

    def with_request(self) -> "AuditQuerySet":
        """With whether an exemption from it is asked for and not decided (B6)."""
        requests = apps.get_model("allocations", "Exemption").objects.pending()
        return self.annotate(awaits_decision=Exists(requests.filter(allocation=OuterRef("allocation"))))

    def with_concern(self) -> "AuditQuerySet":
        """With whether an immediate concern is open (`has_open_concern`)."""
        concerns = apps.get_model("audits", "Concern").objects.exclude(status="confirmed")
        return self.annotate(has_open_concern=Exists(concerns.filter(audit=OuterRef("pk"))))

    def final(self) -> "AuditQuerySet":
        """With a grade that is final: what figures count."""
        graded = self.filter(grade__isnull=False, finalised_at__isnull=False)
        return graded.filter(status__in=["finalised", "quality_check", "with_team_manager", "closed"])

    def late(self, now: datetime) -> "AuditQuerySet":
        """Due and not completed; completion is the first sharing (A13)."""
        return self.live().filter(due_at__lt=now, first_shared_at=None)

    def with_people(self) -> "AuditQuerySet":
        """With what a list shows, without the documents of their rules: those would be read once for each row."""
        rows = self.select_related("case_file", "auditor", "team", "grade", "version__programme")
        return rows.defer("version__policy", "version__judgement_hints", "grade__criteria").with_request()


class EscalationQuerySet(models.QuerySet):
    """Escalations to the group manager."""

    def open(self) -> "EscalationQuerySet":
        """Nobody said yet what came of it."""
        return self.filter(status="open")

    def visible_to(self, staff: "Staff") -> "EscalationQuerySet":
        """For the audit's auditor, the managers of the team and above, and P&Q; never for whom it is about."""
        if staff.hats().is_pq:
            return self
        audits = apps.get_model("audits", "Audit").objects.visible_to(staff)
        line = under_paths("audit__unit_path", staff.hats().unit_paths)
        mine = Q(audit__auditor=staff) & Q(audit__awaits_auditor_since=None)
        return self.filter(line | mine, audit__in=audits.values("pk")).exclude(person=staff)
