"""Who decides on an exemption: keyed on the auditor's service, never on the case, never one's own (A9)."""

from collections.abc import Iterator
from datetime import date

from allocations.exemption_models import Exemption
from allocations.models import Allocation
from people.lines import holders_of, managers_upwards
from people.models import Staff, Unit
from people.roles import Role


def is_of_quality(auditor: Staff) -> bool:
    """Whether the auditor belongs to the quality service (S1-11), else to social care (S1-10)."""
    if auditor.unit is None:
        return False
    return Unit.objects.filter(pk__in=auditor.unit.ids_upwards(), is_quality_service=True).exists()


def route_for(allocation: Allocation) -> tuple[Role, ...]:
    """The roles that decide; where the auditor wears one of them, those that decide on deciders (A9)."""
    routes, auditor = allocation.round.version.rules.roles.exempt, allocation.auditor
    usual = routes.quality if is_of_quality(auditor) else routes.social_care
    return routes.own_request if auditor.hats().wears(*usual) else usual


def route_of(exemption: Exemption) -> tuple[Role, ...]:
    """The roles that decide on a request."""
    return route_for(exemption.allocation)


def decides(staff: Staff, exemption: Exemption) -> bool:
    """Whether `staff` may decide: a role of the route, also one given for a time (B6), and not the auditor."""
    return staff.pk != exemption.allocation.auditor_id and staff.hats().wears(*route_of(exemption))


def decider_for(exemption: Exemption, on: date) -> Staff | None:
    """The nearest above the auditor who may decide, else who wears a role of the route, in its order."""
    return next((person for person in _candidates(exemption, on) if decides(person, exemption)), None)


def _candidates(exemption: Exemption, on: date) -> Iterator[Staff]:
    if unit := exemption.allocation.auditor.unit:
        yield from managers_upwards(unit)
    for role in route_of(exemption):
        yield from holders_of(role, on)
        yield from (unit.manager for unit in _managed(on) if unit.manager.hats().wears(role))


def _managed(on: date) -> list[Unit]:
    """Units with a living manager, the largest first: managing one brings its role."""
    units = Unit.objects.open(on).filter(manager__is_active=True).select_related("manager")
    return sorted(units, key=lambda unit: (len(unit.ids_upwards()), unit.pk))


def in_words(roles: tuple[Role, ...]) -> str:
    """ "the assistant director or the strategic lead"."""
    return " or ".join(f"the {role.label[:1].lower()}{role.label[1:]}" for role in map(Role, roles))
