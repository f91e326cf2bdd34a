"""Named queries on case files and imports."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from casefiles.registry import through_doors
from people.querysets import under_paths
from people.roles import Role

if TYPE_CHECKING:
    from casefiles.models import CaseFile
    from people.models import Staff


class CaseFileQuerySet(models.QuerySet):
    """Case files."""

    def open(self) -> "CaseFileQuerySet":
        """Still on the council's list."""
        return self.filter(closed_on=None)

    def with_people(self) -> "CaseFileQuerySet":
        """With team and workers loaded."""
        return self.select_related("team", "worker", "iro", "cp_adviser", "personal_adviser", "manager")

    def siblings_of(self, case_file: "CaseFile") -> "CaseFileQuerySet":
        """The other case files of its sibling group (A48)."""
        if not case_file.sibling_group:
            return self.none()
        return self.filter(sibling_group=case_file.sibling_group).exclude(pk=case_file.pk)

    def visible_to(self, staff: "Staff") -> "CaseFileQuerySet":
        """P&Q see all; managers those of their units; a worker, IRO or adviser their own;
        whoever takes part in an audit of it, for as long as they do."""
        hats = staff.hats()
        if hats.is_pq:
            return self
        own = (Q(worker=staff) | Q(iro=staff) | Q(cp_adviser=staff) | Q(personal_adviser=staff) | Q(manager=staff))
        return self.filter(own | through_doors(staff) | under_paths("team__path", hats.unit_paths))


class CorrectionQuerySet(models.QuerySet):
    """Corrections of what the source has wrong."""

    def open(self) -> "CorrectionQuerySet":
        """Which the source does not agree with yet."""
        return self.filter(settled_at=None)

    def with_names(self) -> "CorrectionQuerySet":
        """With whoever is right, was wrong, and corrected."""
        return self.select_related("staff", "unit", "instead_of_staff", "instead_of_unit", "made_by")

    def visible_to(self, staff: "Staff") -> "CorrectionQuerySet":
        """With the case file."""
        from_files = self.model._meta.get_field("case_file").related_model.objects
        return self.filter(case_file__in=from_files.visible_to(staff))


class ImportQuerySet(models.QuerySet):
    """Imports."""

    def with_people(self) -> "ImportQuerySet":
        """With who previewed and confirmed."""
        return self.select_related("previewed_by", "confirmed_by")

    def recent(self) -> "ImportQuerySet":
        """Newest first, without their plans, which may be large."""
        return self.with_people().defer("plan", "reading", "refused", "notes").order_by("-previewed_at", "-pk")

    def visible_to(self, staff: "Staff") -> "ImportQuerySet":
        """Lists of case files are for P&Q; lists of people for whoever keeps people."""
        hats = staff.hats()
        kinds = []
        if hats.is_pq:
            kinds += ["case_files", "past_audits"]
        if hats.wears(Role.QA_LEAD, Role.SYSTEM_ADMIN):
            kinds.append("people")
        return self.filter(kind__in=kinds)


class LearnedQuerySet(models.QuerySet):
    """What was asked once about lists: sources with their columns, words with their meaning."""

    def visible_to(self, staff: "Staff") -> "LearnedQuerySet":
        """For whoever imports lists of case files."""
        return self if staff.hats().is_pq else self.none()
