"""Who audits in a month: the pool on duty, and who is left out and why (S1-03, A5)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from allocations.frame import auditors_on_duty, audits_in_year, is_trained, month_of, on_break
from allocations.models import Round
from people.models import Absence, Unit
from people.models import Auditor as Registered

ON_A_BREAK = "On a break"


@dataclass(frozen=True)
class Place:
    """One entry of the register in one month; `why` says why it is left out."""

    entry: Registered
    service: str
    used: int
    why: str = ""


@dataclass(frozen=True)
class Pool:
    """Everybody registered, in two parts."""

    on_duty: list[Place]
    left_out: list[Place]
    cap: int

    @property
    def capacity(self) -> int:
        """How many audits those on duty can take."""
        return sum(place.entry.capacity for place in self.on_duty)

    def reasons(self) -> list[tuple[str, int]]:
        """How many are left out for which reason."""
        return sorted(Counter(place.why for place in self.left_out).items())


def pool_of(round: Round) -> Pool:
    """The register as it stands for the round's month."""
    first, last = month_of(round)
    on_duty = {entry.pk: entry for entry in auditors_on_duty(round)}
    used, services, away = audits_in_year(round), service_names(), away_all_month(first, last)
    rules, resting = round.version.rules.sampling, dict.fromkeys(on_break(round), ON_A_BREAK)
    cap = rules.yearly_cap
    places: tuple[list[Place], list[Place]] = ([], [])
    for entry in registered(first):
        service = services.get(entry.staff.unit_id, "")
        is_on = entry.pk in on_duty
        facts = (entry.staff_id in away, used[entry.staff_id], cap, rules.training_required)
        why = "" if is_on else reason(entry, first, *facts) or resting.get(entry.staff_id, "")
        places[not is_on].append(Place(on_duty.get(entry.pk, entry), service, used[entry.staff_id], why))
    return Pool(*places, cap)


def registered(first: date):
    """In the register on a day, whether on duty or not, by name."""
    here = Q(left_on=None) | Q(left_on__gt=first)
    entries = Registered.objects.filter(here, joined_on__lte=first, staff__is_active=True)
    return entries.select_related("staff__unit").order_by("staff__folded_name", "staff_id")


def registered_between(first: date, last: date):
    """In the register at some time of a year, by name, with the service."""
    here = Q(left_on=None) | Q(left_on__gt=first)
    path = ExpressionWrapper(OuterRef("staff__unit__path"), CharField())
    above = Unit.objects.annotate(lower=path).filter(lower__startswith=F("path"), kind=Unit.Kind.SERVICE)
    entries = Registered.objects.filter(here, joined_on__lte=last, staff__is_active=True).select_related("staff")
    service = Coalesce(Subquery(above.order_by("pk").values("name")[:1]), F("staff__unit__name"))
    named = entries.only("staff_id", "staff__name", "staff__folded_name")  # five hundred rows of a long table
    return named.annotate(service=service).order_by("staff__folded_name", "staff_id")


def reason(
    entry: Registered, first: date, is_away: bool, used: int, cap: int, training_required: bool = True
) -> str:
    """Why somebody registered is not on duty."""
    if entry.suspended_from and entry.suspended_from <= first and not (
            entry.suspended_until and entry.suspended_until < first):
        return "Suspended"
    if entry.staff.is_over(first):
        return "Left before this month"
    if is_away:
        return "Away all month"
    if training_required and not is_trained(entry, first):
        return "Training has run out" if entry.trained_on else "Not trained yet"
    return f"{used} of {cap} audits reached" if used >= cap else ""


def away_all_month(first: date, last: date) -> set[int]:
    """Whose absence covers the whole month."""
    return set(Absence.objects.filter(starts_on__lte=first, ends_on__gte=last).values_list("staff_id", flat=True))


def service_names() -> dict[int, str]:
    """For each unit the name of the service that it is or belongs to; its own name above services."""
    units = {unit.pk: unit for unit in Unit.objects.only("pk", "name", "kind", "path")}
    names = {}
    for unit in units.values():
        above = (units[pk] for pk in unit.ids_upwards())
        names[unit.pk] = next((each.name for each in above if each.kind == Unit.Kind.SERVICE), unit.name)
    return names
