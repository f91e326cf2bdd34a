"""Anyone may ask to become an auditor (S4-08): the answer is a duty of the P&Q lead."""

from datetime import datetime, time

from django.db import transaction

from calendars.calendar import local_extra_days
from calendars.rules import add_working_days, at_london, london_date
from duties.notices import notify
from duties.registry import Kind, register, register_event, register_subject
from duties.workflow import close_duty, open_duty
from people import workflow as people
from people.models import Auditor, Staff
from people.permissions import allowed, check_can_manage_people
from people.roles import Role

KIND = "auditor.answer"
DAYS_TO_ANSWER = 5
END_OF_WORK = time(17, 0)


def register_duty() -> None:
    """A volunteer waits for an answer; they themselves and whoever keeps people may know."""
    register_subject(Auditor, Auditor.objects.visible_to)
    register_event("auditor.accepted", "A volunteer joins the register")
    register_event("auditor.declined", "A volunteer does not join this time")
    register(
        Kind(
            KIND,
            "Answer a volunteer",
            Auditor,
            title=lambda entry: f"Answer {entry.staff}, who would like to audit"[:200],
            url=lambda entry: f"/people/{entry.staff_id}/auditor/",
            must_be_open=lambda entry: ("",) if entry.is_asking and entry.staff.is_active else (),
            records=lambda: Auditor.objects.filter(joined_on=None, left_on=None).select_related("staff"),
            may_hold=lambda staff, entry: allowed(check_can_manage_people, staff),
        )
    )


@transaction.atomic
def volunteer(*, staff: Staff, expertise: str, experience: str, at: datetime) -> Auditor:
    """Ask; the P&Q lead is told and has five working days to answer."""
    entry = people.volunteer(staff=staff, expertise=expertise, experience=experience, at=at)
    day = add_working_days(london_date(at), DAYS_TO_ANSWER, local_extra_days())
    open_duty(KIND, entry, due_at=at_london(day, END_OF_WORK), at=at, role=Role.QA_LEAD)
    return entry


@transaction.atomic
def accept(*, entry: Auditor, by: Staff, at: datetime) -> Auditor:
    """Into the register; the volunteer is told."""
    entry = people.take_volunteer(entry=entry, by=by, at=at)
    _answered(entry, "You are in the auditor register now", "accepted", by, at)
    return entry


@transaction.atomic
def decline(*, entry: Auditor, by: Staff, at: datetime) -> Auditor:
    """Not now; the volunteer is told and may ask again."""
    entry = people.turn_down(entry=entry, by=by, at=at)
    _answered(entry, "Thank you for volunteering: not this time", "declined", by, at)
    return entry


def _answered(entry: Auditor, title: str, outcome: str, by: Staff, at: datetime) -> None:
    close_duty(KIND, entry, by=by, at=at, outcome=outcome)
    key = f"auditor:{entry.pk}:{outcome}:{at.isoformat()}"
    notify(key, [entry.staff], event=f"auditor.{outcome}", subject=entry, title=title,
           url=f"/people/{entry.staff_id}/", at=at)

