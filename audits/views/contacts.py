"""Contact with the people of the case: attempts, escalating, resolving; and what a worker confirms before the day."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits import workflow
from audits.consulting import facts_of
from audits.contact_forms import AttemptForm, OutcomeForm
from audits.contacts import Contact, contacts_of
from audits.hearing import sessions_with_worker, worker_took_part
from audits.models import Audit, Escalation, Preparation
from audits.permissions import (
    audits_it,
    check_can_contact,
    check_can_prepare,
    check_can_resolve,
    check_has_no_connection,
)
from audits.preparing import asked_of, prepared_by, to_prepare
from audits.questions import contact_page
from audits.views.consulting import contact_context
from audits.views.loading import frame, own_audit, visible_audit
from audits.views.writing import part_page
from audits.workflow.contacting import first_day
from calendars.rules import london_date
from people.permissions import allowed
from trail.once import once
from trail.writing import record_reading

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """The part "Contact and consultation"; whoever is told of it and is not the auditor is led to the audit."""
    audit = visible_audit(request, number)
    if audit.awaits_auditor_since or audit.is_past or not audits_it(request.user, audit):
        return redirect("audits:audit-detail", number)
    check_has_no_connection(audit)
    record_reading(target=audit, by=request.user, page="contact")
    facts, _ = facts_of(audit)
    page = contact_page({row["capacity"] for row in facts["people"]}, took_part=worker_took_part(facts),
                        read_together=bool(sessions_with_worker(facts, "reading")))
    return part_page(request, audit, page, contact_context(request, audit, facts))


@require_http_methods(METHODS)
@once
def attempt(request: HttpRequest, number: str) -> HttpResponse:
    """Write down an attempt to reach somebody of the case (S1-20)."""
    audit, now = own_audit(request, number, "contact"), timezone.now()
    check_can_contact(request.user, audit, now)
    contacts = contacts_of(audit)
    form = AttemptForm(request.POST or None, contacts=contacts, first=first_day(audit), today=london_date(now),
                       initial={"person": request.GET.get("person", ""), "made_on": london_date(now)})
    if request.method == "POST" and form.is_valid():
        made = workflow.record_attempt(audit=audit, by=request.user, at=now, **form.values())
        messages.success(request, f"Recorded: {made.get_outcome_display().lower()}, {made.person.name}.")
        return redirect("audits:part-contact", number)
    return render(request, "audits/contact_attempt.html", frame(audit, form=form, contacts=contacts),
                  status=422 if form.errors else 200)


@require_POST
@once
def escalate(request: HttpRequest, number: str) -> HttpResponse:
    """Hand an unanswered person to the group manager, in one click (S1-22, B2)."""
    audit = own_audit(request, number, "contact")
    person = _named(contacts_of(audit), request.POST.get("person", "")).person
    row = workflow.escalate(audit=audit, person=person, by=request.user, at=timezone.now())
    messages.success(request, f"Escalated. {row.sent_to.name} is told, and says what comes of it.")
    return redirect("audits:part-contact", number)


def _named(contacts: list[Contact], given: str) -> Contact:
    found = next((each for each in contacts if str(each.person.pk) == given), None)
    if found is None:
        raise BadRequest("The form was changed on its way. Open the page again.")
    return found


@require_http_methods(METHODS)
def escalation(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Who does not answer and what was tried. A POST says what came of it."""
    audit = visible_audit(request, number)
    row = _escalation(request, audit, pk)
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workflow.resolve_escalation(escalation=row, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Resolved. The auditor is told to read it.")
        return redirect("audits:escalation-detail", number, pk)
    record_reading(target=row, by=request.user, page="escalation")
    attempts = audit.contact_attempts.filter(person=row.person_id)
    may = row.status == Escalation.Status.OPEN and allowed(check_can_resolve, request.user, row)
    return render(request, "audits/escalation.html", frame(audit, escalation=row, form=form, can_resolve=may,
                  attempts=attempts), status=422 if form.errors else 200)


def _escalation(request: HttpRequest, audit: Audit, pk: int) -> Escalation:
    rows = Escalation.objects.visible_to(request.user).select_related(
        "audit__team", "person", "opened_by", "sent_to", "ended_by")
    return get_object_or_404(rows, audit=audit, pk=pk)


@require_http_methods(METHODS)
@once
def prepare(request: HttpRequest, number: str) -> HttpResponse:
    """What is asked before an audit day, and who confirmed it. A POST confirms one of the two (S4-05)."""
    audit = visible_audit(request, number, "allocation__round")
    due_at = prepared_by(audit)
    if due_at is None:
        raise Http404("Nothing is asked before this audit.")
    if request.method == "POST":
        workflow.confirm_preparation(audit=audit, what=_what(request), by=request.user, at=timezone.now())
        messages.success(request, "Confirmed. Thank you.")
        return redirect("audits:audit-prepare", number)
    return render(request, "audits/prepare.html", _prepare_context(request, audit, due_at))


def _what(request: HttpRequest) -> str:
    what = request.POST.get("what", "")
    if what not in Preparation.What.values:
        raise BadRequest("The form was changed on its way. Open the page again.")
    return what


def _prepare_context(request: HttpRequest, audit: Audit, due_at: datetime) -> dict:
    may = bool(to_prepare(audit)) and allowed(check_can_prepare, request.user, audit)
    return frame(audit, asked=asked_of(audit), due_at=due_at, day=audit.allocation.round.audit_day, can_confirm=may)
