"""Appointments with people of the case: made, shown to whoever is invited, moved, cancelled, put into a calendar."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audits import workflow
from audits.appointments import entry_of
from audits.consultation_forms import AppointmentForm, CancelForm, MoveForm
from audits.contacts import contacts_of
from audits.models import Appointment
from audits.permissions import check_can_arrange
from audits.views.consulting import METHODS, form_page
from audits.views.loading import frame, own_audit, visible_audit
from calendars.rules import LONDON, london_date
from calendars.words import clock
from duties.feed import file_of
from people.permissions import allowed
from trail.once import once


@require_http_methods(METHODS)
@once
def make(request: HttpRequest, number: str) -> HttpResponse:
    """Invite people of the case (S1-20, S2-06)."""
    audit, now = own_audit(request, number, "contact"), timezone.now()
    check_can_arrange(request.user, audit, now)
    form = AppointmentForm(request.POST or None, contacts=contacts_of(audit), now=now)
    if request.method == "POST" and form.is_valid():
        row = workflow.make_appointment(audit=audit, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, "The appointment is made, and the invited are told.")
        return redirect(row.get_absolute_url())
    return form_page(request, audit, form, "Make an appointment", "contact")


@require_safe
def appointment(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """When, how and with whom; for its auditor the way to move or cancel it."""
    audit = visible_audit(request, number)
    row = _appointment(request, number, pk)
    can_change = row.cancelled_at is None and allowed(check_can_arrange, request.user, audit, timezone.now())
    return render(request, "audits/appointment.html", frame(audit, appointment=row, can_change=can_change))


def _appointment(request: HttpRequest, number: str, pk: int) -> Appointment:
    rows = Appointment.objects.visible_to(request.user).select_related("audit").prefetch_related("people")
    return get_object_or_404(rows, audit__number=number, pk=pk)


@require_safe
def calendar_file(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The appointment as a file for a calendar: the number of the audit and a link, nothing else."""
    row = _appointment(request, number, pk)
    headers = {"Content-Disposition": f'attachment; filename="{number}-appointment-{pk}.ics"'}
    return HttpResponse(file_of(entry_of(row), at=timezone.now()), content_type="text/calendar; charset=utf-8",
                        headers=headers)


@require_http_methods(METHODS)
@once
def move(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Another time, with the reason."""
    audit, now = own_audit(request, number, "contact"), timezone.now()
    row = _appointment(request, number, pk)
    check_can_arrange(request.user, audit, now)
    initial = {"day": london_date(row.starts_at), "time": clock24(row), "minutes": str(row.minutes)}
    form = MoveForm(request.POST or None, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        workflow.move_appointment(appointment=row, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, "Moved. The invited are told.")
        return redirect(row.get_absolute_url())
    return form_page(request, audit, form, "Move an appointment", f"appointments/{pk}")


def clock24(row: Appointment) -> str:
    """The time as the form takes it; midday and midnight have no words there."""
    words = clock(row.starts_at)
    return words if words[0].isdigit() else f"{row.starts_at.astimezone(LONDON):%H:%M}"


@require_http_methods(METHODS)
@once
def cancel(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It does not take place."""
    audit, now = own_audit(request, number, "contact"), timezone.now()
    row = _appointment(request, number, pk)
    check_can_arrange(request.user, audit, now)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workflow.cancel_appointment(appointment=row, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, "Cancelled. The invited are told.")
        return redirect("audits:part-contact", number)
    return form_page(request, audit, form, "Cancel an appointment", f"appointments/{pk}")
