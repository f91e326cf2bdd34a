"""Transition tables: registering them, asking them, and `move`, the only way to change a status.

The rule (docs/architecture.md, "Workflows"): a status changes only along a table registered by
the app that owns the record, and nothing here ever saves. The verbs in each workflow.py lock,
check who may, move, and save.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices
from django.utils.module_loading import autodiscover_modules

from workflows.words import in_sentence, joined

Transitions = Mapping[TextChoices, frozenset[TextChoices]]


class HasStatus(Protocol):
    """A model instance with a `status` field."""

    status: str
    _meta: Any


@dataclass(frozen=True)
class Table:
    """One model's table. `initial` is where a record begins; `unfinished` statuses owe somebody a duty."""

    label: str
    title: str
    statuses: type[TextChoices]
    transitions: Transitions
    initial: TextChoices
    unfinished: frozenset[TextChoices]

    def after(self, status: str) -> list[TextChoices]:
        """The statuses that may follow `status`, in the order in which the model lists them."""
        allowed = self.transitions[self.statuses(status)]
        return [candidate for candidate in self.statuses if candidate in allowed]

    def is_unfinished(self, status: str) -> bool:
        """Whether work in `status` is not finished, so that an open duty must exist (DESIGN 4.2)."""
        return self.statuses(status) in self.unfinished


class InvalidTransition(Exception):
    """A step that the record's state does not allow. `str()` is a sentence fit for the page.

    `table`, `current` and `wanted` say the same for code.
    """

    def __init__(self, table: Table, current: TextChoices, wanted: TextChoices) -> None:
        self.table, self.current, self.wanted = table, current, wanted
        super().__init__(refusal(table, current, wanted))


_tables: dict[str, Table] = {}


def register(
    model: str | type,
    transitions: Transitions,
    *,
    title: str,
    unfinished: frozenset[TextChoices] = frozenset(),
    initial: TextChoices | None = None,
) -> Table:
    """Registers the table of `model` (its class or "app.Model") and returns it.

    `title` is the noun of the sentences ("audit"). `initial` defaults to the first status.
    Raises ImproperlyConfigured when a status has no row, a row or target is not a status, or
    another table is already there.
    """
    statuses = _statuses_of(transitions, title)
    table = Table(_label(model), title, statuses, dict(transitions), initial or next(iter(statuses)), unfinished)
    _check_complete(table)
    if _tables.get(table.label, table) != table:
        raise ImproperlyConfigured(f"{table.label} already has another transition table.")
    _tables[table.label] = table
    return table


def registered() -> list[Table]:
    """Every table in the project, by model label, after importing each app's workflow.py."""
    autodiscover_modules("workflow")
    return [_tables[label] for label in sorted(_tables)]


def table_of(model: str | type) -> Table:
    """The table of a model class or "app.Model". Raises LookupError where none is registered."""
    label = _label(model)
    if label not in _tables:
        raise LookupError(f"No transition table is registered for {label}: its workflow.py must register one.")
    return _tables[label]


def move(obj: HasStatus, status: str) -> None:
    """Sets `obj.status` when its table allows it, and never saves. Raises InvalidTransition."""
    obj.status = check_move(obj, status)


def check_move(obj: HasStatus, status: str) -> TextChoices:
    """The status as a member of its choices, when `obj` may go there now. Raises InvalidTransition.

    A status that the model does not have is a ValueError: a programming mistake, not a user's.
    """
    table = table_of(type(obj))
    wanted = table.statuses(status)
    if wanted not in table.after(obj.status):
        raise InvalidTransition(table, table.statuses(obj.status), wanted)
    return wanted


def can_move(obj: HasStatus, status: str) -> bool:
    """Whether `move` would succeed: for pages that offer the step only when it can be taken."""
    table = table_of(type(obj))
    return table.statuses(status) in table.after(obj.status)


def next_statuses(obj: HasStatus) -> list[TextChoices]:
    """The statuses that `obj` may go to now."""
    return table_of(type(obj)).after(obj.status)


def refusal(table: Table, current: TextChoices, wanted: TextChoices) -> str:
    """What state the thing is in and what can be done, as one or two plain sentences."""
    start = f"This {in_sentence(table.title)} is “{current.label}”"
    if wanted == current:
        start += " already"
    following = [f"“{status.label}”" for status in table.after(current)]
    if not following:
        return f"{start}, and nothing comes after that."
    aim = "" if wanted == current else f", not “{wanted.label}”"
    return f"{start}. From here it can become {joined(following)}{aim}."


def _label(model: str | type) -> str:
    """The lower-case label of a model, proxies counted as the model behind them."""
    if isinstance(model, str):
        return model.lower()
    meta = model._meta
    return (meta.concrete_model or model)._meta.label_lower


def _statuses_of(transitions: Transitions, title: str) -> type[TextChoices]:
    """The one TextChoices to which all keys belong."""
    kinds = {type(status) for status in transitions}
    if len(kinds) != 1 or not issubclass(kind := kinds.pop(), TextChoices):
        raise ImproperlyConfigured(f"The table of “{title}” must have the members of one TextChoices as its keys.")
    return kind


def _check_complete(table: Table) -> None:
    """Keys are all statuses; every target, the initial status and `unfinished` are statuses too."""
    missing = [status.value for status in table.statuses if status not in table.transitions]
    if missing:
        raise ImproperlyConfigured(f"{table.label}: no row in the transition table for {', '.join(missing)}.")
    named = frozenset({table.initial}).union(table.unfinished, *table.transitions.values())
    strangers = sorted(str(status) for status in named if not isinstance(status, table.statuses))
    if strangers:
        raise ImproperlyConfigured(f"{table.label}: {', '.join(strangers)} is not one of its statuses.")
