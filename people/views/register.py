"""The auditor register: the list with its mix, one entry, everyone by role."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from calendars.rules import today_in_london
from people import workflow
from people.files import csv_file
from people.filters import AuditorFilter
from people.forms import ByRoleForm, EntryForm
from people.models import Auditor, Staff
from people.permissions import check_can_manage_people
from people.pool import audits_as, missing_by_role, mix_of, with_roles
from people.refusals import Refused
from people.views.pages import TOP, crumbs_of, form_page, person_or_404, posted
from trail.once import once
from trail.writing import record

A_PAGE = 25
CRUMBS = [*TOP, ("Auditors", "/people/auditors/")]
COLUMNS = ("Auditor", "Staff number", "Unit", "Audits as", "In the pool", "Basis", "Experience", "Knows best",
           "Trained", "Training runs out", "Audits a month")


@require_safe
def auditor_list(request: HttpRequest) -> HttpResponse:
    """Who is in the pool, trained until when; above it the mix of roles and experience (S4-09)."""
    check_can_manage_people(request.user)
    today = today_in_london()
    staff = with_roles(Staff.objects.select_related("unit"), today)
    entries = Auditor.objects.visible_to(request.user).prefetch_related(Prefetch("staff", staff))
    pool = list(entries.in_pool(today))
    found = AuditorFilter(request.GET, entries.order_by("staff__folded_name", "pk"), request=request)
    in_pool = {entry.pk for entry in pool}
    if request.GET.get("export") == "csv":
        return _export(request, found.qs, in_pool)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    for entry in page:
        entry.audits_as = audits_as(entry.staff)
    return render(request, "people/auditor_list.html", {
        "page": page, "in_pool": in_pool, "filter": found, "mix": mix_of(pool), "today": today,
        "asking": list(entries.asking()),
    })


@transaction.atomic
def _export(request: HttpRequest, entries, in_pool: set[int]) -> HttpResponse:
    rows = [[entry.staff.name, entry.staff.reference, entry.staff.unit or "", audits_as(entry.staff),
             "yes" if entry.pk in in_pool else "no", entry.get_basis_display(), entry.get_experience_display(),
             entry.expertise, _day(entry.trained_on), _day(entry.training_expires_on), entry.capacity]
            for entry in entries]
    record("auditors.exported", target=request.user, by=request.user, at=timezone.now(), changes={"rows": len(rows)})
    return csv_file("auditors.csv", COLUMNS, rows)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's entry, or the form that makes one; a volunteer's is answered here."""
    person = person_or_404(request, pk)
    check_can_manage_people(request.user)
    row = Auditor.objects.visible_to(request.user).filter(staff=person).select_related("staff").first()
    if row and row.is_asking:
        return render(request, "people/volunteer_answer.html",
                      {"entry": row, "person": person, "crumbs": CRUMBS + crumbs_of(person)})
    form = EntryForm(posted(request), months=settings.TRAINING_COUNTS_MONTHS, initial=_initial(row, person),
                     button="Save this entry" if row else "Add to the register")
    if form.is_valid():
        saved = _save(request, form, row, person)
        if saved:
            messages.success(request, f"The register has {person} as you gave it.")
            return redirect("people:auditor-list")
    title = "Change an entry of the register" if row else "Add to the register"
    return form_page(request, form, title=title, caption=person.name, crumbs=CRUMBS + crumbs_of(person))


def _save(request: HttpRequest, form: EntryForm, row: Auditor | None, person: Staff) -> Auditor | None:
    who = {"by": request.user, "at": timezone.now()}
    if row is None:
        return form.carry_out(workflow.register_auditor, staff=person, **who)
    return form.carry_out(workflow.change_entry, entry=row, **who)


def _initial(row: Auditor | None, person: Staff) -> dict:
    basis = Auditor.Basis.EXTERNAL if person.is_external else Auditor.Basis.ROLE
    entry = row or Auditor(staff=person, joined_on=today_in_london(), basis=basis, experience=Auditor.Experience.NEW)
    return {name: getattr(entry, name) for name in EntryForm.base_fields}


@require_http_methods(["GET", "HEAD", "POST"])
@once
def by_role(request: HttpRequest) -> HttpResponse:
    """Everyone who audits by role and is missing: shown, unticked where one likes, then added (S2-02)."""
    check_can_manage_people(request.user)
    missing = missing_by_role(today_in_london())
    form = ByRoleForm(posted(request), found=[(person.pk, person.name) for person in missing])
    if form.is_valid():
        chosen = [person for person in missing if person.pk in form.cleaned_data["people"]]
        try:
            added = workflow.add_by_role(people=chosen, by=request.user, at=timezone.now())
            words = "person is" if len(added) == 1 else "people are"
            messages.success(request, f"{len(added)} {words} in the register now. Give them their day of training.")
            return redirect("people:auditor-list")
        except Refused as refused:
            form.add_error(None, str(refused))
    ticked = {int(pk) for pk in request.POST.getlist("people") if pk.isdecimal()}
    rows = [(person, audits_as(person), request.method != "POST" or person.pk in ticked) for person in missing]
    return render(request, "people/auditors_by_role.html", {"form": form, "rows": rows, "crumbs": CRUMBS})
