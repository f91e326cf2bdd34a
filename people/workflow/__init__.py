"""Verbs on people: staff, units, role grants, absence, the register. Others call these, never the fields."""

from people.workflow.absences import add_absence, change_absence, left_uncovered, remove_absence
from people.workflow.register import add_by_role, change_entry, register_auditor, take_volunteer, turn_down, volunteer
from people.workflow.roles import end_grant, grant_role
from people.workflow.staff import (
    add_staff,
    change_staff,
    come_back,
    end_account,
    give_people,
    plan_leaving,
    stay,
)
from people.workflow.units import add_unit, change_unit, close_unit, give_unit, place_unit, reopen_unit, still_there

__all__ = [
    "add_absence",
    "add_by_role",
    "add_staff",
    "add_unit",
    "change_absence",
    "change_entry",
    "change_staff",
    "change_unit",
    "close_unit",
    "come_back",
    "end_account",
    "end_grant",
    "give_people",
    "give_unit",
    "grant_role",
    "place_unit",
    "plan_leaving",
    "register_auditor",
    "left_uncovered",
    "remove_absence",
    "reopen_unit",
    "stay",
    "still_there",
    "take_volunteer",
    "turn_down",
    "volunteer",
]
