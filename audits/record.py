"""The record of one audit for the child's file: what stands in the PDF, with the names of staff or without (A28)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from audits.models import Audit, AuditVersion, Participation, ProposedAction
from audits.registry import Section, sections_of
from jobs.documents import pdf_of
from people.models import Staff

PARTS = {"auditor": "the auditor", "co_auditor": "the second auditor", "worker": "the worker",
         "team_manager": "the team manager", "iro": "the reviewing officer",
         "cp_adviser": "the child protection adviser"}
OUTSIDE, PQ, ANYBODY = "somebody outside the council", "Performance and Quality", "a member of staff"
OTHERS = "others"


@dataclass
class Record:
    """An audit that is final, and whether its record names the staff."""

    audit: Audit
    names: bool = True

    @cached_property
    def version(self) -> AuditVersion:
        """What was made final last; nothing that was only shared."""
        final = self.audit.versions.exclude(reason=AuditVersion.Reason.SHARED)
        return final.select_related("grade").order_by("-number").first()

    @property
    def content(self) -> dict[str, Any]:
        """The text of that version, as it was frozen."""
        return self.version.content

    @cached_property
    def people(self) -> list[Participation]:
        """Who took part, also earlier; in the order in which they came."""
        return list(self.audit.participations.select_related("staff").order_by("from_at", "pk"))

    @cached_property
    def _parts(self) -> dict[int, str]:
        return {row.staff_id: PARTS.get(row.capacity, ANYBODY) for row in self.people}

    def name(self, staff: Staff | None, otherwise: str = ANYBODY) -> str:
        """A person by name, or by the part that they took; `otherwise` for whoever took none."""
        if staff is None:
            return ""
        return staff.name if self.names else self._parts.get(staff.pk, otherwise)

    def owner(self, owner: Staff | None, outside: str) -> str:
        """Who does an action, in the portal or outside."""
        if owner is None and not self.names:
            return OUTSIDE
        return self.name(owner) if owner else outside

    @cached_property
    def owners(self) -> dict[int, str]:
        """Who does each action of the frozen plan."""
        rows = ProposedAction.objects.filter(audit=self.audit).select_related("owner")
        return {row.pk: self.owner(row.owner, row.owner_outside) for row in rows}

    @cached_property
    def contact(self) -> dict[str, Any]:
        """Who was met, as it was frozen; without names everybody is called by their part."""
        contact = self.content["contact"]
        if self.names:
            return contact
        return {**contact, "sessions": [_unnamed(row) for row in contact["sessions"]]}

    def sections(self) -> list[Section]:
        """Everything that stands in it, in order."""
        return sections_of(self)

    def pdf(self) -> bytes:
        """Tagged, and readable by a screen reader (PDF/UA)."""
        context = {"record": self, "audit": self.audit, "sections": self.sections(), "pq": PQ}
        return pdf_of("documents/record.html", context)


def _unnamed(session: dict[str, Any]) -> dict[str, Any]:
    people = [{**one, "name": PARTS.get(one["capacity"], ANYBODY)} for one in session["people"]]
    return {**session, "others": OTHERS if session["others"] else "", "people": people}


def file_name(audit: Audit, *, names: bool = True) -> str:
    """By case reference and audit number (B14); only signs that every system takes."""
    reference = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in audit.case_file.reference)
    return f"{reference} {audit.number}{'' if names else ' without names'}.pdf"
