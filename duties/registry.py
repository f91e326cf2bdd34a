"""What higher apps tell duties about their records when they start (AppConfig.ready)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import QuerySet, Value

from people.hats import put_on
from people.models import Staff

Pair = tuple[Staff, str, int]
Known = set[tuple[int, str, int]]
AT_ONCE = 100  # how many people one statement asks for


@dataclass(frozen=True)
class Kind:
    """One kind of duty: how it is called, where it is done, whether a record still needs it.

    `title`, `meta` and `url` take the record. `must_be_open` takes a record and gives the slots
    in which a duty of this kind must be open now (an empty tuple for none). `may_hold` says who can do
    it, where that is not everybody who may know (an audit's checker is never its auditor).
    `programme` gives the slug of the programme whose ladder counts; nothing for what belongs to no programme.
    `told` gives the people behind words of a ladder that only this kind knows, for many records at once.
    `asks_others` is what those who are told of somebody else's duty can do themselves (S1-21).
    `can_hand_over` is false where the duty is one person's own and a verb of its app gives it to another.
    `records` gives those that can owe it, with what `must_be_open` reads of them: the nightly check asks no others.
    """

    name: str
    label: str
    model: type[models.Model]
    title: Callable[[models.Model], str]
    url: Callable[[models.Model], str]
    must_be_open: Callable[[models.Model], tuple[str, ...]]
    meta: Callable[[models.Model], str] = lambda record: ""
    may_hold: Callable[[Staff, int], bool] | None = None
    programme: Callable[[models.Model], str] = lambda record: ""
    told: Mapping[str, Callable[[Collection[int]], Mapping[int, list[Staff]]]] = field(default_factory=dict)
    asks_others: str = ""
    can_hand_over: bool = True
    records: Callable[[], models.QuerySet] | None = None

    def owing(self) -> models.QuerySet:
        """The records that can owe it; all where the app did not say which."""
        return self.records() if self.records else self.model._default_manager.all()


@dataclass(frozen=True)
class Subject:
    """Who may know of records of one model: `known_to` gives what somebody may know, as a query.

    `also` is asked one by one for those whom no query can name beforehand.
    """

    known_to: Callable[[Staff], QuerySet]
    also: Callable[[Staff, int], bool] | None = None


_kinds: dict[str, Kind] = {}
_subjects: dict[str, Subject] = {}
_events: dict[str, str] = {}


def register(kind: Kind) -> None:
    """Make a kind of duty known; a name can be taken once."""
    if kind.name in _kinds:
        raise ValueError(f"The duty {kind.name} is registered already.")
    _kinds[kind.name] = kind


def register_subject(
    model: type[models.Model],
    known_to: Callable[[Staff], QuerySet],
    also: Callable[[Staff, int], bool] | None = None,
) -> None:
    """Say who may know of records of `model`; asked of every holder and at every sending. One answer for each."""
    if model._meta.label_lower in _subjects:
        raise ValueError(f"Who may know of {model._meta.label_lower} is registered already.")
    _subjects[model._meta.label_lower] = Subject(known_to, also)


def register_event(name: str, label: str) -> None:
    """Make an event known of which people are told, such as "audit.cancelled"; its e-mail has templates of its own."""
    if name in _events:
        raise ValueError(f"The event {name} is registered already.")
    _events[name] = label


def kind(name: str) -> Kind:
    """The kind of that name; KeyError where no app registered it."""
    return _kinds[name]


def label_of(name: str) -> str:
    """How a kind of duty is called; its name where no app registered it."""
    return _kinds[name].label if name in _kinds else name


def kinds() -> list[Kind]:
    """All kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def events() -> dict[str, str]:
    """All events of which people are told, by name."""
    return dict(_events)


def check_event(name: str) -> None:
    """Refuse an event that no app registered: KeyError."""
    if name not in _events:
        raise KeyError(f"Nobody registered the event {name}.")


def may_know(staff: Staff, subject_type: str, subject_id: int) -> bool:
    """Whether `staff` may know of a record; never, where no app answers for it."""
    subject = _subjects.get(subject_type)
    if subject is None or not staff.is_active:
        return False
    return subject.known_to(staff).filter(pk=subject_id).exists() or _also(subject, staff, subject_id)


def _also(subject: Subject, staff: Staff, subject_id: int) -> bool:
    return subject.also is not None and subject.also(staff, subject_id)


def known(pairs: Iterable[Pair]) -> Known:
    """Those of many (person, subject type, subject id) in which the person may know of the record.

    The same doors as `may_know`, in one statement for each type of record and hundred people.
    """
    asked: dict[str, dict[Staff, set[int]]] = defaultdict(lambda: defaultdict(set))
    for staff, subject_type, subject_id in pairs:
        if staff.is_active and subject_type in _subjects:
            asked[subject_type][staff].add(subject_id)
    put_on({staff for people in asked.values() for staff in people})
    return {row for subject_type, people in asked.items() for row in _known_of(subject_type, people)}


def _known_of(subject_type: str, people: Mapping[Staff, set[int]]) -> Known:
    subject, found = _subjects[subject_type], set()
    rows = [_as_rows(subject.known_to(staff), staff, ids) for staff, ids in people.items()]
    for start in range(0, len(rows), AT_ONCE):
        first, *others = rows[start : start + AT_ONCE]
        found |= {(staff, subject_type, pk) for staff, pk in first.union(*others, all=True)}
    if subject.also:
        rest = ((staff, pk) for staff, ids in people.items() for pk in ids if (staff.pk, subject_type, pk) not in found)
        found |= {(staff.pk, subject_type, pk) for staff, pk in rest if subject.also(staff, pk)}
    return found


def _as_rows(records: QuerySet, staff: Staff, ids: set[int]) -> QuerySet:
    who = Value(staff.pk, output_field=models.BigIntegerField())
    return records.filter(pk__in=ids).order_by().annotate(asks=who).values_list("asks", "pk")


def may_hold(staff: Staff, name: str, subject_type: str, subject_id: int) -> bool:
    """Whether a duty of that kind may come to `staff`: living, knowing of the record, and able to do it."""
    return may_know(staff, subject_type, subject_id) and can_do(staff, name, subject_id)


def can_do(staff: Staff, name: str, subject_id: int) -> bool:
    """Whether `staff`, who knows of the record, is somebody who can do a duty of that kind."""
    known_kind = _kinds.get(name)
    return known_kind is None or known_kind.may_hold is None or known_kind.may_hold(staff, subject_id)


def others_told(name: str) -> str:
    """What everybody but the holder is told of a duty: how it is called, and what they can do themselves."""
    asks = _kinds[name].asks_others if name in _kinds else ""
    return f"{label_of(name)}. {asks}" if asks else label_of(name)


def words_of(name: str) -> Mapping[str, Callable[[Collection[int]], Mapping[int, list[Staff]]]]:
    """The words of a ladder that a kind answers itself."""
    return _kinds[name].told if name in _kinds else {}
