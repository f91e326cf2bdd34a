"""The second auditor of an audit, named by P&Q (S4-11)."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits import workflow
from audits.permissions import check_can_reallocate
from audits.views.loading import frame, visible_audit
from people.refusals import Refused
from trail.once import once

SUGGESTED = 25


class CoAuditorForm(forms.Form):
    """Who joins the auditor."""

    person = forms.ChoiceField(widget=forms.RadioSelect, error_messages={
        "required": "Choose who joins the auditor", "invalid_choice": "Choose who joins the auditor"})

    def __init__(self, *args, able, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(taker.entry.staff_id): taker.entry.staff for taker in able}
        self.fields["person"].choices = [(key, person.name) for key, person in self.people.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@once
def co_auditor(request: HttpRequest, number: str) -> HttpResponse:
    """Who audits together with the auditor, and who could. A POST names somebody."""
    audit = visible_audit(request, number, "allocation__round__version", "allocation__case_file")
    check_can_reallocate(request.user)
    now = timezone.now()
    standing = audit.participations.filter(capacity="co_auditor", until_at=None).select_related("staff").first()
    able = workflow.takers_for(audit, now).able[:SUGGESTED] if standing is None else []
    form = CoAuditorForm(request.POST if request.method == "POST" else None, able=able)
    wrong = ""
    if request.method == "POST" and form.is_valid():
        try:
            workflow.add_co_auditor(audit=audit, person=form.people[form.cleaned_data["person"]], by=request.user,
                                    at=now)
        except Refused as refused:
            wrong = str(refused)
        else:
            messages.success(request, "Both auditors are told. They write in the same audit.")
            return redirect("audits:audit-detail", number)
    wrong = wrong or next(iter(form.errors.get("person", [])), "")
    return render(request, "audits/co_auditor.html", frame(
        audit, standing=standing, able=able, chosen=form["person"].value(), wrong=wrong,
        problems=[{"text": wrong, "url": "#person"}] if wrong else [],
    ), status=422 if wrong else 200)


@require_POST
def remove(request: HttpRequest, number: str) -> HttpResponse:
    """The second auditor takes no part any more."""
    audit = visible_audit(request, number)
    try:
        workflow.remove_co_auditor(audit=audit, by=request.user, at=timezone.now())
        messages.success(request, "This audit has one auditor now. What the other wrote stays.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("audits:audit-detail", number)
