"""Who holds a duty and who is told at a rung: always living people who may know."""

from collections.abc import Iterator
from datetime import date

from duties.models import Duty
from duties.registry import may_hold, may_know
from people.lines import cover_for, holders_of, line_manager, manager_of_kind, managers_upwards, pq_lead
from people.models import Staff
from people.roles import PQ_ROLES, Role

KIND_OF_ROLE = {
    Role.TEAM_MANAGER: "team",
    Role.GROUP_MANAGER: "group",
    Role.HEAD_OF_SERVICE: "service",
    Role.ASSISTANT_DIRECTOR: "directorate",
}


def resolve_holder(duty: Duty, on: date) -> Staff:
    """The owner; where there is none living who may hold it, the role in the unit; at last P&Q, the lead first."""
    for person in _candidates(duty, on):
        if may_hold(person, duty.kind, duty.subject_type, duty.subject_id):
            return person
    return pq_lead(on)


def _candidates(duty: Duty, on: date) -> Iterator[Staff]:
    if duty.owner:
        yield duty.owner
    yield from _in_role(duty, on)
    yield from holders_of(Role.QA_LEAD, on)
    yield from holders_of(Role.QA_OFFICER, on)


def _in_role(duty: Duty, on: date) -> list[Staff]:
    if duty.role in KIND_OF_ROLE:
        return _one(duty.unit and manager_of_kind(duty.unit, KIND_OF_ROLE[duty.role]))
    return holders_of(duty.role, on)


def told_at(duty: Duty, word: str, on: date) -> list[Staff]:
    """The people behind one word of a rung's `tell` list."""
    if word == "holder":
        cover = cover_for(duty.holder, on)
        return [duty.holder, cover] if cover else [duty.holder]
    if word == "line_manager":
        return _one(line_manager(duty.holder))
    if word == "managers_manager":
        above = line_manager(duty.holder)
        return _one(above and line_manager(above))
    if word == "pq" or word in PQ_ROLES:
        return [pq_lead(on)]
    if word == "unit_manager":
        return managers_upwards(duty.unit)[:1] if duty.unit else []
    if word in KIND_OF_ROLE:
        return _one(duty.unit and manager_of_kind(duty.unit, KIND_OF_ROLE[word]))
    return holders_of(word, on)


def recipients(duty: Duty, words: tuple[str, ...], on: date) -> list[Staff]:
    """Everyone told at a rung, each once; who may not know is replaced by the P&Q lead."""
    people: list[Staff] = []
    for word in words:
        for person in told_at(duty, word, on) or [pq_lead(on)]:
            if not may_know(person, duty.subject_type, duty.subject_id):
                person = pq_lead(on)
            if person not in people:
                people.append(person)
    return people


def _one(person: Staff | None) -> list[Staff]:
    return [person] if person else []
