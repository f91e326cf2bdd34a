"""What higher apps tell duties about their records when they start (AppConfig.ready)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models

from people.models import Staff


@dataclass(frozen=True)
class Kind:
    """One kind of duty: how it is called, where it is done, whether a record still needs it.

    `title`, `meta` and `url` take the record. `must_be_open` takes a record and gives the slots
    in which a duty of this kind must be open now (an empty tuple for none). `may_hold` says who can do
    it, where that is not everybody who may know (an audit's checker is never its auditor). `records` gives
    those that can owe it, with what `must_be_open` reads of them, so that the nightly check asks no others.
    """

    name: str
    label: str
    model: type[models.Model]
    title: Callable[[models.Model], str]
    url: Callable[[models.Model], str]
    must_be_open: Callable[[models.Model], tuple[str, ...]]
    meta: Callable[[models.Model], str] = lambda record: ""
    may_hold: Callable[[Staff, int], bool] = lambda staff, record_id: True
    records: Callable[[], models.QuerySet] | None = None

    def owing(self) -> models.QuerySet:
        """The records that can owe it; all where the app did not say which."""
        return self.records() if self.records else self.model._default_manager.all()


_kinds: dict[str, Kind] = {}
_may_know: dict[str, Callable[[Staff, int], bool]] = {}


def register(kind: Kind) -> None:
    """Make a kind of duty known; a name can be taken once."""
    if kind.name in _kinds:
        raise ValueError(f"The duty {kind.name} is registered already.")
    _kinds[kind.name] = kind


def register_subject(model: type[models.Model], may_know: Callable[[Staff, int], bool]) -> None:
    """Say who may know of records of `model`; asked of every holder and at every sending. One answer for each."""
    if model._meta.label_lower in _may_know:
        raise ValueError(f"Who may know of {model._meta.label_lower} is registered already.")
    _may_know[model._meta.label_lower] = may_know


def kind(name: str) -> Kind:
    """The kind of that name; KeyError where no app registered it."""
    return _kinds[name]


def label_of(name: str) -> str:
    """How a kind of duty is called; its name where no app registered it."""
    return _kinds[name].label if name in _kinds else name


def kinds() -> list[Kind]:
    """All kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def may_know(staff: Staff, subject_type: str, subject_id: int) -> bool:
    """Whether `staff` may know of a record; never, where no app answers for it."""
    answer = _may_know.get(subject_type)
    return staff.is_active and answer is not None and answer(staff, subject_id)


def known(pairs: Iterable[tuple[Staff, str, int]]) -> set[tuple[int, str, int]]:
    """Those of many (person, subject type, subject id) in which the person may know of the record."""
    return {(staff.pk, name, pk) for staff, name, pk in pairs if may_know(staff, name, pk)}


def may_hold(staff: Staff, name: str, subject_type: str, subject_id: int) -> bool:
    """Whether a duty of that kind may come to `staff`: living, knowing of the record, and able to do it."""
    return may_know(staff, subject_type, subject_id) and can_do(staff, name, subject_id)


def can_do(staff: Staff, name: str, subject_id: int) -> bool:
    """Whether `staff`, who knows of the record, is somebody who can do a duty of that kind."""
    known_kind = _kinds.get(name)
    return known_kind is None or known_kind.may_hold(staff, subject_id)
