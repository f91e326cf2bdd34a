"""What apps above audits register when they start: what follows an audit accepted or withdrawn, or a new manager;
what they add to its record.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from audits.models import Audit
from people.models import Staff

if TYPE_CHECKING:
    from audits.record import Record

FollowUp = Callable[[Audit, Staff, datetime], None]
ManagerChanged = Callable[[Audit, bool, Staff, datetime], None]


@dataclass(frozen=True)
class Section:
    """One section of the record of an audit: a template, and what it shows as `section`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


RecordSection = Callable[["Record"], Section | None]
_follow_up: list[FollowUp] = []
_withdrawn: list[FollowUp] = []
_successions: list[ManagerChanged] = []
_record_sections: list[tuple[int, RecordSection]] = []


def register_follow_up(opens: FollowUp) -> None:
    """`opens(audit, by, at)` is called in the transaction in which P&Q accept an audit."""
    _follow_up.append(opens)


def open_follow_up(audit: Audit, by: Staff, at: datetime) -> None:
    """Hand an accepted audit to everything that follows it."""
    for opens in _follow_up:
        opens(audit, by, at)


def register_withdrawal(follows: FollowUp) -> None:
    """`follows(audit, by, at)` is called in the transaction in which an audit is substituted or cancelled."""
    _withdrawn.append(follows)


def follow_withdrawal(audit: Audit, by: Staff, at: datetime) -> None:
    """Tell everything that counted on an audit that it will not be done."""
    for follows in _withdrawn:
        follows(audit, by, at)


def register_succession(succeed: ManagerChanged) -> None:
    """`succeed(audit, tell, by, at)` is called when another team manager takes part in an unfinished audit."""
    _successions.append(succeed)


def manager_changed(audit: Audit, tell: bool, by: Staff, at: datetime) -> None:
    """Hand on what the old manager had to do; `tell` where the new one was not told yet that they take part."""
    for succeed in _successions:
        succeed(audit, tell, by, at)


@dataclass(frozen=True)
class ActionState:
    """An action of a finished audit, and how far it is, in words."""

    what: str
    state: str


ActionStates = Callable[[Collection[int]], dict[int, list[ActionState]]]
_action_states: list[ActionStates] = []


def register_action_states(states: ActionStates) -> None:
    """`states(audit_ids)` gives the actions of finished audits with their state."""
    _action_states.append(states)


def states_of_actions(audits: Collection[int]) -> dict[int, list[ActionState]]:
    """The actions of some audits by audit, as the apps above know them."""
    found: dict[int, list[ActionState]] = {}
    for states in _action_states:
        found |= states(audits)
    return found


def register_record_section(position: int, section: RecordSection) -> None:
    """`section(record)` gives what stands at a position of the audit's record, or None where there is nothing.

    The audit's own sections stand at the tens from 10; see audits/record_sections.py.
    """
    _record_sections.append((position, section))


def sections_of(record: "Record") -> list[Section]:
    """All sections that this record has, in their order."""
    in_order = sorted(_record_sections, key=lambda pair: pair[0])
    return [made for _, section in in_order if (made := section(record)) is not None]
