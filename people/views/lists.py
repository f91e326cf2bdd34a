"""Lists of people for those who keep them: staff, units as a tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from calendars.rules import today_in_london
from people.files import csv_file
from people.filters import StaffFilter
from people.models import Staff, Unit
from people.permissions import check_can_manage_people
from people.pool import role_words, with_roles
from trail.writing import record

A_PAGE = 25
STAFF_COLUMNS = ("Name", "Staff number", "Job", "Unit", "Roles", "Line manager", "Phone", "State")
UNIT_COLUMNS = ("Unit", "Reference", "Kind", "Lies under", "Manager", "Phone", "Out-of-hours phone", "People")


@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """Everybody, with unit, roles and phone; `export=csv` gives what the filter finds, no more than is shown."""
    check_can_manage_people(request.user)
    staff = Staff.objects.visible_to(request.user).select_related("unit", "line_manager")
    found = StaffFilter(request.GET, with_roles(staff, today_in_london()), request=request)
    if request.GET.get("export") == "csv":
        rows = [[person.name, person.reference, person.job_title, person.unit or "", ", ".join(role_words(person)),
                 person.line_manager or "", person.phone, "" if person.is_active else "left"] for person in found.qs]
        return _as_file(request, "staff", STAFF_COLUMNS, rows)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    for person in page:
        person.role_words = role_words(person)
    return render(request, "people/staff_list.html", {"filter": found, "page": page})


@transaction.atomic
def _as_file(request: HttpRequest, name: str, columns: tuple[str, ...], rows: list[list]) -> HttpResponse:
    record(f"{name}.exported", target=request.user, by=request.user, at=timezone.now(), changes={"rows": len(rows)})
    return csv_file(f"{name}.csv", columns, rows)


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


def flat(branches: list[Branch]) -> Iterator[Unit]:
    """The tree from the top, each unit before what lies under it."""
    for branch in branches:
        yield branch.unit
        yield from flat(branch.branches)


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Directorates down to teams, each with its manager; closed ones below; `export=csv` gives the open ones."""
    check_can_manage_people(request.user)
    today, seen = today_in_london(), Unit.objects.visible_to(request.user)
    units = seen.open(today).select_related("manager", "parent").annotate(
        people=Count("staff", filter=Q(staff__is_active=True))).order_by("folded_name")
    branches = tree_of(list(units))
    if request.GET.get("export") == "csv":
        rows = [[unit.name, unit.reference, unit.get_kind_display(), unit.parent or "", unit.manager or "", unit.phone,
                 unit.out_of_hours_phone, unit.people] for unit in flat(branches)]
        return _as_file(request, "units", UNIT_COLUMNS, rows)
    return render(request, "people/unit_list.html", {
        "branches": branches, "count": sum(1 for _ in flat(branches)), "closed": list(seen.closed(today)),
    })
