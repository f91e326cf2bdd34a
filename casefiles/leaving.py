"""Somebody leaves: their case files, units and people go to others, their account ends. All of it or nothing.

What nobody is chosen for goes by rule: a case to the manager of its team, a team to the manager above,
an auditor's audits to P&Q to reallocate (never to a manager, S1-01). History ends, it never vanishes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Greatest

from calendars.rules import london_date
from casefiles.models import CaseFile, Correction, Involvement
from casefiles.people_moves import bring_up_to_date
from duties.models import Duty
from duties.workflow import staff_left
from people import workflow as people
from people.models import Staff
from people.permissions import check_can_end_account
from people.refusals import Refused
from people.registry import Held
from people.turns import take_turn
from trail.writing import record

Fact = Correction.Fact
FACTS = (Fact.WORKER, Fact.PERSONAL_ADVISER, Fact.IRO, Fact.CP_ADVISER, Fact.MANAGER)
TITLE = "Open case files"
Key = tuple[int, str]


@dataclass(frozen=True)
class Choices:
    """Who takes over what: case files by (id, fact), units by id, the people who report, the absences covered."""

    cases: Mapping[Key, Staff] = field(default_factory=dict)
    units: Mapping[int, Staff] = field(default_factory=dict)
    reports_to: Staff | None = None
    cover: Staff | None = None

    def people(self) -> set[Staff]:
        """Everybody chosen."""
        chosen = {*self.cases.values(), *self.units.values(), self.reports_to, self.cover}
        return {person for person in chosen if person}


@dataclass(frozen=True)
class Named:
    """One case file that names the leaver, and as what."""

    file: CaseFile
    fact: str

    @property
    def key(self) -> Key:
        """How a choice is found."""
        return self.file.pk, self.fact

    @property
    def label(self) -> str:
        """As what."""
        return Fact(self.fact).label


def files_of(staff: Staff) -> QuerySet[CaseFile]:
    """Open case files that name somebody in any capacity."""
    named = Q()
    for fact in FACTS:
        named |= Q(**{fact.value: staff})
    return CaseFile.objects.open().filter(named).order_by("reference")


def named_in(files: QuerySet[CaseFile], staff: Staff) -> list[Named]:
    """Each case file and fact that names `staff`."""
    return [Named(file, fact.value) for file in files for fact in FACTS
            if getattr(file, f"{fact.value}_id") == staff.pk]


def holdings(staff: Staff) -> Iterator[Held]:
    """Case files, for the pages of people."""
    yield Held(TITLE, files_of(staff).count(), "to whom you choose, else to the team manager")


@transaction.atomic
def hand_over(*, staff: Staff, on: date, by: Staff, at: datetime, choices: Choices | None = None) -> bool:
    """End an account and hand everything on. A second time does nothing and says so (False)."""
    take_turn()
    check_can_end_account(by, staff, london_date(at))
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    if not staff.is_active:
        return False
    choices = choices or Choices()
    _check(choices, staff, on, london_date(at))
    for unit in staff.managed_units.all():
        people.give_unit(unit=unit, manager=choices.units.get(unit.pk), by=by, at=at)
    people.give_people(staff=staff, reports_to=choices.reports_to, cover=choices.cover, by=by, at=at)
    touched = _give_files(staff, choices.cases, by, at)
    _end_by_hand(staff, london_date(at))
    nothing_yet = Duty.objects.none()
    bring_up_to_date(by=by, at=at, duties=nothing_yet, files=touched)
    staff_left(staff=staff, by=by, at=at, on=on)
    record("people.handed_over", target=staff, by=by, at=at, changes={"case_files": len(touched)})
    return True


def _check(choices: Choices, staff: Staff, on: date, today: date) -> None:
    if on > today:
        raise Refused("This day lies ahead. The account ends when it is over.", "on")
    for person in choices.people():
        if person.pk == staff.pk:
            raise Refused(f"{staff} leaves, so nothing can go to them. Name somebody else.")
        if not Staff.objects.working().filter(pk=person.pk).exists():
            raise Refused(f"{person} has left. Name somebody who works here.")


def _give_files(staff: Staff, chosen: Mapping[Key, Staff], by: Staff, at: datetime) -> list[int]:
    """Each case file to whom was chosen, else to nobody: then the manager of its team answers."""
    files = list(files_of(staff).select_for_update(of=("self",)))
    for named in named_in(files, staff):
        successor = chosen.get(named.key)
        setattr(named.file, named.fact, successor)
        _correct(named, staff, successor, by, at)
    CaseFile.objects.bulk_update(files, [fact.value for fact in FACTS])
    return [file.pk for file in files]


def _correct(named: Named, staff: Staff, successor: Staff | None, by: Staff, at: datetime) -> None:
    """Who was chosen stands until the list of the case system says the same (B12); nothing names the leaver."""
    outcome = Correction.Outcome.REPLACED if successor else Correction.Outcome.WITHDRAWN
    same = Correction.objects.open().filter(case_file=named.file, fact=named.fact)
    same.update(settled_at=at, outcome=outcome)
    if successor:
        Correction.objects.create(case_file=named.file, fact=named.fact, staff=successor, instead_of_staff=staff,
                                  made_at=at, made_by=by)


def _end_by_hand(staff: Staff, on: date) -> None:
    """Lines that a person wrote into the history end too: who left works on nothing."""
    lines = Involvement.objects.filter(staff=staff, until_on=None, is_by_hand=True)
    lines.update(until_on=Greatest("from_on", Value(on)))


def end_what_is_over(now: datetime, by: Staff) -> list[Staff]:
    """End the accounts whose last day is over: planned leavers and external auditors (S3-05).

    Each in a transaction of its own. Who cannot leave yet (the last P&Q lead) stays, without hats.
    """
    ended = []
    for person in Staff.objects.working().over(london_date(now)).order_by("pk"):
        last = min(day for day in (person.left_on, person.access_ends_on) if day)
        try:
            if hand_over(staff=person, on=last, by=by, at=now):
                ended.append(person)
        except Refused:
            continue
    return ended
