"""Who holds a duty and who is told at a rung: always living people who may know."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from duties import registry
from duties.ladders import LEADERS
from duties.models import Duty
from people.lines import Lines
from people.models import Staff
from people.roles import PQ_ROLES, Role

KIND_OF_ROLE = {
    Role.TEAM_MANAGER: "team",
    Role.GROUP_MANAGER: "group",
    Role.HEAD_OF_SERVICE: "service",
    Role.ASSISTANT_DIRECTOR: "directorate",
}


@dataclass(frozen=True)
class Held:
    """Who holds a duty, and whether it only came to P&Q because its owner, or its line, cannot do it any more."""

    holder: Staff
    is_unowned: bool = False


def resolve(duty: Duty, lines: Lines) -> Held:
    """The owner; where there is none living who may hold it, the role in the unit; at last P&Q, the lead first."""
    climbed = duty.owner is not None or duty.role not in PQ_ROLES
    for person in _natural(duty, lines):
        if registry.may_hold(person, duty.kind, duty.subject_type, duty.subject_id):
            return Held(person, climbed and duty.role in PQ_ROLES and person != duty.owner)
    for person in (*lines.holders_of(Role.QA_LEAD), *lines.holders_of(Role.QA_OFFICER)):
        if registry.may_hold(person, duty.kind, duty.subject_type, duty.subject_id):
            return Held(person, climbed)
    return Held(lines.pq_lead(), climbed)


def resolve_holder(duty: Duty, on: date) -> Held:
    """Who holds a duty on a day."""
    return resolve(duty, Lines(on))


def _natural(duty: Duty, lines: Lines) -> Iterator[Staff]:
    """The owner, also while away (their cover is told). Of those in a role who is here comes first, then who covers."""
    if duty.owner:
        yield duty.owner
    people = _in_role(duty, lines)
    away = [person for person in people if lines.is_away(person)]
    yield from (person for person in people if person not in away)
    yield from filter(None, map(lines.cover_for, away))
    yield from away


def _in_role(duty: Duty, lines: Lines) -> list[Staff]:
    if duty.role in KIND_OF_ROLE:
        return _one(duty.unit and lines.manager_of_kind(duty.unit, KIND_OF_ROLE[duty.role]))
    return lines.holders_of(duty.role)


def told_at(duty: Duty, word: str, lines: Lines) -> list[Staff]:
    """The people behind one word of a rung's `tell` list, but for the words of the kind itself."""
    if word == "holder":
        return [duty.holder]
    if word == "line_manager":
        return _one(lines.line_manager(duty.holder))
    if word == "managers_manager":
        above = lines.line_manager(duty.holder)
        return _one(above and lines.line_manager(above))
    if word == "pq" or word in PQ_ROLES:
        return [lines.pq_lead()]
    if word == "unit_manager":
        return lines.managers_upwards(duty.unit)[:1] if duty.unit else []
    if word in KIND_OF_ROLE:
        return _one(duty.unit and lines.manager_of_kind(duty.unit, KIND_OF_ROLE[word]))
    return lines.holders_of(word)


Told = Mapping[tuple[str, str], Mapping[int, list[Staff]]]  # by kind and word, then by record


def told_by_kind(duties: Iterable[tuple[Duty, tuple[str, ...]]]) -> Told:
    """The people behind the words that only a kind knows, asked once for each kind and word."""
    asked: dict[tuple[str, str], set[int]] = {}
    for duty, words in duties:
        for word in words:
            if word in registry.words_of(duty.kind):
                asked.setdefault((duty.kind, word), set()).add(duty.subject_id)
    return {(kind, word): registry.words_of(kind)[word](ids) for (kind, word), ids in asked.items()}


def meant(duty: Duty, words: tuple[str, ...], lines: Lines, told: Told) -> list[Staff]:
    """Everyone whom the words mean, each once. Nobody behind a word of the line: the P&Q lead."""
    people: dict[Staff, None] = {}
    for word in words:
        if (duty.kind, word) in told:
            people |= dict.fromkeys(told[duty.kind, word].get(duty.subject_id, []))
        elif word != LEADERS:
            people |= dict.fromkeys(told_at(duty, word, lines) or [lines.pq_lead()])
    return list(people)


def with_cover(people: Iterable[Staff], lines: Lines) -> list[Staff]:
    """These, and whoever covers for one of them who is away."""
    people = list(people)
    return list(dict.fromkeys([*people, *filter(None, map(lines.cover_for, people))]))


def who_may_know(people: Iterable[Staff], subject: tuple[str, int], known: registry.Known, lines: Lines) -> list[Staff]:
    """Each once: who may not know of the record is replaced by the P&Q lead; cover, only where they may know of it."""
    told = dict.fromkeys(person if (person.pk, *subject) in known else lines.pq_lead() for person in people)
    covers = filter(None, map(lines.cover_for, list(told)))
    return list(told | dict.fromkeys(cover for cover in covers if (cover.pk, *subject) in known))


def knowing(people: Iterable[Staff], subject: tuple[str, int], lines: Lines) -> list[Staff]:
    """Whom to tell of one record, of these."""
    people = list(people)
    known = registry.known((person, *subject) for person in with_cover(people, lines))
    return who_may_know(people, subject, known, lines)


def _one(person: Staff | None) -> list[Staff]:
    return [person] if person else []
