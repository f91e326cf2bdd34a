"""Loading an audit for a page: through the one door, readings recorded. The first line of each view."""

from uuid import uuid4

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from audits.completeness import Part, parts_of
from audits.content import content_of
from audits.models import Audit
from audits.permissions import check_has_no_connection
from audits.terms import terms_of
from trail.writing import record_reading

PEOPLE = ("case_file", "auditor", "team", "grade", "version__programme")


def visible_audit(request: HttpRequest, number: str, *more: str) -> Audit:
    """The audit, if this person may know of it; else 404. `more` names what else is read with it."""
    audits = Audit.objects.visible_to(request.user).with_request().with_concern().select_related(*PEOPLE, *more)
    return get_object_or_404(audits, number=number)


def readable_audit(request: HttpRequest, number: str, page: str) -> Audit:
    """The audit, if this person may read its text; else 404. The reading is on the trail."""
    audits = Audit.objects.content_visible_to(request.user).with_request().with_concern().select_related(*PEOPLE)
    audit = get_object_or_404(audits, number=number)
    record_reading(target=audit, by=request.user, page=page)
    return audit


def own_audit(request: HttpRequest, number: str, page: str) -> Audit:
    """The audit of which this person is the auditor, or one of two; else 404. The reading is on the trail.

    An audit taken over from before the portal has no workspace, nor one that waits for another auditor; one whose
    family they know is closed to them.
    """
    audits = Audit.objects.written_by(request.user).with_request().with_concern().select_related(*PEOPLE)
    audit = get_object_or_404(audits, number=number)
    check_has_no_connection(audit)
    record_reading(target=audit, by=request.user, page=page)
    return audit


def parts_now(audit: Audit, content: dict | None = None) -> list[Part]:
    """The parts of the audit as they stand; `content` where it is at hand."""
    return parts_of(content or content_of(audit), terms_of(audit))


def frame(audit: Audit, **context) -> dict:
    """What every page of one audit shows in its identity bar; and its sitting, by which it saves (T-R9)."""
    if "worker" not in context:
        row = audit.participations.filter(capacity="worker", until_at=None).select_related("staff").first()
        context["worker"] = row.staff if row else None
    return {"audit": audit, "open_concern": _has_open_concern(audit), "sitting": uuid4(), **context}


def _has_open_concern(audit: Audit) -> bool:
    """As it was read with the audit; asked here where it was not."""
    if "has_open_concern" in audit.__dict__:
        return audit.has_open_concern
    return audit.concerns.exclude(status="confirmed").exists()
