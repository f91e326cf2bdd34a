"""The record of a final audit for the child's file, and additions to it by date."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audits import workflow
from audits.models import Audit
from audits.permissions import check_can_add, check_has_record
from audits.record import Record, file_name
from audits.record_forms import AddendumForm
from audits.templatetags.record_words import filings_shown
from audits.views.loading import frame, readable_audit
from jobs.documents import pdf_answer
from people.permissions import allowed
from trail.once import once

WHOLE = "The whole audit"


@require_safe
def record(request: HttpRequest, number: str) -> HttpResponse:
    """What the record is, both versions of it, whether it is on the child's record already."""
    audit = readable_audit(request, number, "record")
    check_has_record(audit)
    return render(request, "audits/record.html", frame(
        audit, filings=filings_shown(audit), can_add=allowed(check_can_add, request.user, audit),
        addenda=list(audit.addenda.select_related("added_by")),
    ))


@require_safe
def record_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The PDF, made on the spot; with `names=no` without the names of staff. Each download is on the trail."""
    names = request.GET.get("names") != "no"
    audit = readable_audit(request, number, "record-pdf" if names else "record-pdf-without-names")
    check_has_record(audit)
    return pdf_answer(Record(audit, names).pdf(), file_name(audit, names=names))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Correct or add to an accepted audit, beside what stands (S1-17)."""
    audit = readable_audit(request, number, "addendum")
    check_can_add(request.user, audit)
    form = AddendumForm(request.POST if request.method == "POST" else None, parts=parts_of(audit))
    if request.method == "POST" and form.is_valid():
        workflow.add_addendum(audit=audit, by=request.user, at=timezone.now(), **form.values())
        messages.success(request, "Added. The people of the case are told, and it is to be copied to the child’s "
                                  "record once more.")
        return redirect("audits:record", number)
    return render(request, "audits/addendum_new.html", frame(audit, form=form), status=422 if form.errors else 200)


def parts_of(audit: Audit) -> list[str]:
    """The parts of the frozen audit, as they are called there."""
    content = Record(audit).content
    domains = [f"{n} {row['title']}" for n, row in enumerate(content["domains"], start=1)]
    actions = [f"Action {n}" for n in range(1, len(content["actions"]) + 1)]
    return [WHOLE, "Period and documents", "Contact and consultation", "Family views", *domains, "Overall judgement",
            "Strengths and learning", "Improvement plan", *actions]
