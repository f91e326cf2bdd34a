"""The audit's own sections of its record, at the tens from 10 (audits/registry.py, `register_record_section`).

In the order of templates/audits/_document.html. An audit from before the portal has only its facts.
"""

from collections.abc import Callable
from typing import Any

from audits.asked_beside import Beside, beside_in
from audits.models import AuditVersion, QualityCheck
from audits.record import PQ, Record
from audits.registry import Section, register_record_section
from programmes.models import Judgement

FOLDER = "documents/record"
Reason = AuditVersion.Reason


def register_sections() -> None:
    """Each at its position."""
    found = (about, contact, family, domains, judgement, learning, plan, responses, checks, versions, addenda)
    register_record_section(35, enquiry)
    register_record_section(45, timescales)
    for place, section in enumerate(found, start=1):
        register_record_section(place * 10, section)


def _of_the_portal(section: Callable[[Record], Section]) -> Callable[[Record], Section | None]:
    def made(record: Record) -> Section | None:
        return None if record.audit.is_past else section(record)

    return made


def about(record: Record) -> Section:
    """What was audited, by whom, in which period, with which result."""
    people = [(row.get_capacity_display(), record.name(row.staff), row.until_at) for row in record.people]
    return Section(f"{FOLDER}/about.html", {"people": people if record.names else []})


@_of_the_portal
def contact(record: Record) -> Section:
    """What was done together, what was said, attempts to reach people. Their notes are for the audit's own use."""
    attempts = record.audit.contact_attempts.select_related("person")
    rows = [(row, record.name(row.person)) for row in attempts]
    return Section(f"{FOLDER}/contact.html", {"attempts": rows, "contact": record.contact})


@_of_the_portal
def family(record: Record) -> Section:
    """What the family said, or why it was not asked."""
    return Section(f"{FOLDER}/family.html")


@_of_the_portal
def enquiry(record: Record) -> Section | None:
    """What the pair wanted to explore, and what came of it (S4-12, S4-15)."""
    more = _beside(record)
    return Section(f"{FOLDER}/enquiry.html", {"more": more}) if more.enquiry else None


@_of_the_portal
def timescales(record: Record) -> Section | None:
    """Timescales of practice, where the auditor noted what was found (S2-53 to S2-79)."""
    more = _beside(record)
    return Section(f"{FOLDER}/timescales.html", {"more": more}) if more.timescales else None


def _beside(record: Record) -> Beside:
    return beside_in(record.audit.version, record.content)


@_of_the_portal
def domains(record: Record) -> Section:
    """Each domain with its judgement and evidence."""
    rows = [{**row, "label": _label(row.get("judgement", ""))} for row in record.content["domains"]]
    return Section(f"{FOLDER}/domains.html", {"domains": rows})


def _label(judgement: str) -> str:
    return Judgement(judgement).label if judgement else "Not judged"


@_of_the_portal
def judgement(record: Record) -> Section:
    """The grade and what it rests on."""
    grade = record.version.grade or record.audit.grade
    return Section(f"{FOLDER}/judgement.html", {"grade": grade, "more": _beside(record)})


@_of_the_portal
def learning(record: Record) -> Section:
    """Strengths, good practice, learning for the organisation (S1-42, S1-43)."""
    return Section(f"{FOLDER}/learning.html", {"more": _beside(record)})


@_of_the_portal
def plan(record: Record) -> Section:
    """Each action as it was agreed, or why none is needed."""
    return Section(f"{FOLDER}/plan.html", {"actions": [
        {**row, "owner": record.owners.get(row.get("id"), row["owner"] if record.names else "")}
        for row in record.content["actions"]
    ]})


@_of_the_portal
def responses(record: Record) -> Section:
    """What each reader said each time that it was shared with them (S1-45)."""
    rows = record.audit.responses.select_related("staff").prefetch_related("remarks").order_by("sharing", "pk")
    titles = _points(record.content)
    return Section(f"{FOLDER}/responses.html", {"responses": [
        {"row": row, "name": record.name(row.staff),
         "remarks": [(titles.get(remark.point, remark.point), remark.text) for remark in row.remarks.all()]}
        for row in rows
    ]})


def _points(content: dict[str, Any]) -> dict[str, str]:
    """How the points are called on which somebody may remark."""
    domains = {f"domain:{row['slug']}": f"{n} {row['title']}" for n, row in enumerate(content["domains"], start=1)}
    actions = {f"action:{n}": f"Action {n}" for n in range(1, len(content["actions"]) + 1)}
    return {"grade": "Overall judgement", **domains, **actions}


@_of_the_portal
def checks(record: Record) -> Section | None:
    """That P&Q checked it, and when (S1-47)."""
    rows = record.audit.quality_checks.select_related("checked_by").filter(outcome=QualityCheck.Outcome.ACCEPTED)
    found = [(row.checked_at, record.name(row.checked_by, PQ)) for row in rows]
    return Section(f"{FOLDER}/checks.html", {"checks": found}) if found else None


@_of_the_portal
def versions(record: Record) -> Section:
    """Every version that was frozen, with the digest of its text (S1-46)."""
    rows = record.audit.versions.select_related("frozen_by")
    return Section(f"{FOLDER}/versions.html", {"versions": [(row, record.name(row.frozen_by)) for row in rows]})


@_of_the_portal
def addenda(record: Record) -> Section | None:
    """What was added since it was final (S1-17)."""
    rows = [(row, record.name(row.added_by, PQ)) for row in record.audit.addenda.select_related("added_by")]
    return Section(f"{FOLDER}/addenda.html", {"addenda": rows}) if rows else None
