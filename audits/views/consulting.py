"""How an audit is done together: sessions, who was there, and why its worker cannot take part."""

from typing import Any

from django.contrib import messages
from django.contrib.postgres.aggregates import StringAgg
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits import workflow
from audits.consultation_forms import SessionForm, WithoutWorkerForm
from audits.consulting import Facts
from audits.contacts import contacts_of
from audits.hearing import why_not_without, worker_took_part
from audits.models import Audit, WithoutWorker
from audits.permissions import check_can_arrange, check_can_contact, check_can_write
from audits.views.loading import frame, own_audit
from audits.workflow.contacting import first_day
from calendars.rules import london_date
from people.models import Absence
from people.permissions import allowed
from people.refusals import Refused
from trail.once import once

METHODS = ["GET", "HEAD", "POST"]


def contact_context(request: HttpRequest, audit: Audit, facts: Facts) -> dict[str, Any]:
    """What the part "Contact and consultation" shows above what people said."""
    now, row = timezone.now(), facts["without_worker"]
    contacts = contacts_of(audit)
    return {
        "contacts": contacts,
        "can_contact": allowed(check_can_contact, request.user, audit, now),
        "can_arrange": allowed(check_can_arrange, request.user, audit, now),
        "waits_for_day": audit.visible_from if audit.visible_from > now else None,
        "consulted": facts,
        "took_part": worker_took_part(facts),
        "without_problem": why_not_without(facts, row) if row else "",
        "appointments": audit.appointments.annotate(
            names=StringAgg("people__name", ", ", order_by="people__name")).order_by("starts_at", "pk"),
        "away": None if row else absence_of(audit, contacts),
        "before": "audits/_consultation.html",
        "heading": "What they said",
    }


def absence_of(audit: Audit, contacts) -> Absence | None:
    """The days away of the worker that their council knows of, from today on (A50)."""
    worker = next((row.person for row in contacts if row.capacity == "worker"), None)
    today = london_date(timezone.now())
    return worker and worker.absences.filter(starts_on__lte=london_date(audit.due_at),
                                                ends_on__gte=today).order_by("pk").first()


@require_http_methods(METHODS)
@once
def session(request: HttpRequest, number: str) -> HttpResponse:
    """Write down what was done together, and who was there (S1-23)."""
    audit, now = own_audit(request, number, "contact"), timezone.now()
    check_can_write(request.user, audit)
    form = SessionForm(request.POST or None, contacts=contacts_of(audit), first=first_day(audit),
                       today=london_date(now), initial={"held_on": london_date(now)})
    if request.method == "POST" and form.is_valid():
        workflow.record_session(audit=audit, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, "Recorded.")
        return redirect("audits:part-contact", number)
    return form_page(request, audit, form, "Record what you did together", "contact")


def form_page(request: HttpRequest, audit: Audit, form, title: str, part: str, **more) -> HttpResponse:
    """A form of the audit with its title, and the way back to the part that it belongs to."""
    context = frame(audit, form=form, title=title, back=f"{audit.get_absolute_url()}{part}/", **more)
    return render(request, "audits/form.html", context, status=422 if form.errors else 200)


@require_POST
def session_remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take out what was written down by mistake."""
    audit = own_audit(request, number, "contact")
    row = get_object_or_404(audit.sessions.select_related("audit").filter(removed_at=None), pk=pk)
    workflow.remove_session(session=row, by=request.user, at=timezone.now())
    messages.success(request, "Removed. It stays in the history that it was recorded.")
    return redirect("audits:part-contact", number)


@require_http_methods(METHODS)
@once
def without_worker(request: HttpRequest, number: str) -> HttpResponse:
    """Say why the worker cannot take part: the audit then rests on the file alone (S1-18, S2-11, B1)."""
    audit, now = own_audit(request, number, "contact"), timezone.now()
    check_can_write(request.user, audit)
    form = WithoutWorkerForm(request.POST or None, due_on=london_date(audit.due_at), initial=_initial(audit))
    if request.method == "POST" and form.is_valid():
        try:
            workflow.go_without_worker(audit=audit, by=request.user, at=now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "Recorded. Put your questions to the team manager.")
            return redirect("audits:part-contact", number)
    return form_page(request, audit, form, "The worker cannot take part", "contact",
                     lead="An audit is done together with the worker. Without them it rests on the file alone, the "
                          "audit says so, and your questions go to the team manager.")


def _initial(audit: Audit) -> dict[str, Any]:
    """By what is known: nobody is allocated, or away on days that the council knows of."""
    contacts = contacts_of(audit)
    if all(row.capacity != "worker" for row in contacts):
        return {"why": WithoutWorker.Why.NO_WORKER}
    away = absence_of(audit, contacts)
    return {"why": WithoutWorker.Why.AWAY, "away_from": away.starts_on, "away_until": away.ends_on} if away else {}


@require_POST
def worker_back(request: HttpRequest, number: str) -> HttpResponse:
    """The worker can take part after all."""
    audit = own_audit(request, number, "contact")
    workflow.take_worker_back(audit=audit, by=request.user, at=timezone.now())
    messages.success(request, "Recorded: the worker takes part.")
    return redirect("audits:part-contact", number)
