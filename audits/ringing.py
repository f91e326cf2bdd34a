"""Whom to ring about an immediate concern, nearest first (B3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from audits.models import Audit, Concern
from audits.workflow.taking_part import team_manager_of
from calendars.rules import today_in_london
from people.lines import Lines
from people.models import Staff


@dataclass(frozen=True)
class Number:
    """A role, who has it, and the telephone."""

    role: str
    person: Staff | None
    phone: str

    @property
    def name(self) -> str:
        """Of the person; nothing for an office."""
        return self.person.name if self.person else ""


def numbers_to_ring(audit: Audit) -> list[Number]:
    """Team manager and group manager, each with who covers while they are away, then out of hours; those with a
    number. About five queries.
    """
    lines = Lines(today_in_london())
    group = lines.manager_of_kind(audit.team, "group") if audit.team else None
    rows: list[Number] = []
    for role, manager in (("Team manager", team_manager_of(audit)), ("Group manager", group)):
        if manager is None or manager in (row.person for row in rows):
            continue
        away = ", away today" if lines.is_away(manager) else ""
        rows.append(Number(f"{manager.job_title or role}{away}", manager, manager.phone))
        if cover := lines.cover_for(manager):
            rows.append(Number(f"Covers for {manager.name}", cover, cover.phone))
    if audit.team and audit.team.out_of_hours_phone:
        rows.append(Number("Out of hours", None, audit.team.out_of_hours_phone))
    return [row for row in rows if row.phone]


def climb_of(concern: Concern) -> list[tuple[datetime, str]]:
    """When the portal tells whom, while no manager answers (S1-27)."""
    hours = concern.audit.version.rules.timescales.concern_hours
    steps = ((hours.group_manager, "group manager"), (hours.head_of_service, "head of service"),
             (hours.assistant_director, "assistant director"))
    return [(concern.raised_at + timedelta(hours=count), role) for count, role in steps]
