"""Lists of people for those who keep them: staff, units as a tree, the auditor register."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calendars.rules import today_in_london
from people.filters import StaffFilter
from people.hats import role_of_unit
from people.models import Auditor, RoleGrant, Staff, Unit
from people.permissions import check_can_manage_people
from people.roles import Role

A_PAGE = 25


@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """Everybody, with unit, roles and phone."""
    check_can_manage_people(request.user)
    staff = Staff.objects.visible_to(request.user).select_related("unit", "line_manager").prefetch_related(
        Prefetch("role_grants", RoleGrant.objects.on(today_in_london()), to_attr="roles_now"),
        Prefetch("managed_units", Unit.objects.open(today_in_london()), to_attr="units_now"),
    )
    found = StaffFilter(request.GET, staff, request=request)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    for person in page:
        person.role_words = role_words(person)
    return render(request, "people/staff_list.html", {"filter": found, "page": page})


def role_words(person: Staff) -> list[str]:
    """The roles that a person has now, from grants and from the units they manage, each once."""
    roles = {grant.role for grant in person.roles_now}
    roles |= {str(role_of_unit(unit.kind, unit.is_quality_service)) for unit in person.units_now}
    return [str(role.label) for role in Role if role.value in roles]


@dataclass
class Branch:
    """A unit with what lies under it."""

    unit: Unit
    branches: list["Branch"] = field(default_factory=list)


def tree_of(units: list[Unit]) -> list[Branch]:
    """The units as a tree, each level in the order given."""
    branches = {unit.pk: Branch(unit) for unit in units}
    for branch in branches.values():
        if branch.unit.parent_id in branches:
            branches[branch.unit.parent_id].branches.append(branch)
    return [branch for branch in branches.values() if branch.unit.parent_id not in branches]


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Directorates down to teams, each with its manager."""
    check_can_manage_people(request.user)
    units = (
        Unit.objects.visible_to(request.user).open(today_in_london()).select_related("manager")
        .annotate(people=Count("staff", filter=Q(staff__is_active=True))).order_by("folded_name")
    )
    return render(request, "people/unit_list.html", {"branches": tree_of(list(units)), "count": len(units)})


@require_safe
def auditor_list(request: HttpRequest) -> HttpResponse:
    """The auditor register: who is in the pool, trained until when."""
    check_can_manage_people(request.user)
    entries = Auditor.objects.visible_to(request.user).select_related("staff__unit")
    entries = entries.order_by("staff__folded_name", "pk")
    page = Paginator(entries, A_PAGE).get_page(request.GET.get("page"))
    in_pool = set(entries.in_pool(today_in_london()).values_list("pk", flat=True))
    return render(request, "people/auditor_list.html", {"page": page, "in_pool": in_pool})
