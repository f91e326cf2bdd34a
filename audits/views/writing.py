"""Writing: the pages of domains and parts, saved by pressing the button or by themselves."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits import workflow
from audits.completeness import domain_parts
from audits.content import content_of, domains_for
from audits.earlier import earlier_audits
from audits.family import view_question
from audits.inadequate import to_notify
from audits.judging import barred_grade, consistency
from audits.models import Audit, KeptText
from audits.permissions import check_can_write
from audits.questions import BECAUSE, FIXED, Page, Question, domain_field, domain_page, general_field, page_for
from audits.terms import terms_of
from audits.views.boxes import Field, changed_elsewhere, fields_of, read, top_fields
from audits.views.loading import frame, own_audit, parts_now
from audits.workflow import Sitting, Typed
from calendars.words import clock
from people.permissions import allowed
from programmes.models import Domain

CHANGED = "The form was changed on its way. Open the page again."
TOO_LONG = 10


def save_page(request: HttpRequest, audit: Audit, fields: dict[str, Field], domain: Domain | None) -> bool:
    """Save each field on the version that the page was shown with; False where the page has to be shown again.

    That is where a text was changed elsewhere, which is kept beside what stands, or where somebody chose between two
    ("settle"). A box that was not sent is left alone.
    """
    clean = True
    for name, box in fields.items():
        if was_sent(request, box):
            clean = _save_box(request, audit, name, box, domain) and clean
    if "settle" in request.POST:
        _settle(request, audit)
        clean = False
    if not clean:
        read(fields, audit, domain)
    return clean


def _save_box(request: HttpRequest, audit: Audit, name: str, box: Field, domain: Domain | None) -> bool:
    value = given_for(request, box)
    if not box.question.allows(value):
        raise BadRequest(CHANGED)
    with suppress(workflow.AnswerChanged):
        workflow.save_answer(
            audit=audit, field=name, value=value, version=number_of(request.POST.get(f"{name}-version", "0")),
            by=request.user, at=timezone.now(), domain=domain,
            sitting=sitting_of(request, request.POST.get(f"{name}-sequence")),
        )
        return True
    return False


def _settle(request: HttpRequest, audit: Audit) -> None:
    """The button says the choice, the kept text, and the versions of both texts that were shown."""
    take, *numbers = request.POST["settle"].split(":")
    if take not in workflow.Take.values or len(numbers) != 3:  # noqa: PLR2004
        raise BadRequest(CHANGED)
    pk, kept_version, standing = (number_of(number) for number in numbers)
    kept = get_object_or_404(KeptText.objects.filter(answer__audit=audit).select_related("answer__domain"), pk=pk)
    sitting = sitting_of(request, request.POST.get(f"{kept.answer.field}-sequence"))
    try:
        workflow.settle(kept=kept, take=take, seen=workflow.Seen(standing, kept_version), by=request.user,
                        at=timezone.now(), sitting=sitting)
    except workflow.NotSeen as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Done. Both texts stay under “Earlier texts of this answer”.")


def sitting_of(request: HttpRequest, sequence: str | None) -> Sitting:
    """The page from which a form comes. Raises BadRequest for nonsense."""
    given = request.POST.get("sitting", "")
    try:
        return Sitting(UUID(given) if given else None, number_of(sequence or "0"))
    except ValueError as error:
        raise BadRequest(CHANGED) from error


def was_sent(request: HttpRequest, box: Field) -> bool:
    """Whether the form held this box; of boxes to tick only their version is sent where none is ticked."""
    name = box.question.name
    return name in request.POST or (box.question.many and f"{name}-version" in request.POST)


def given_for(request: HttpRequest, box: Field) -> str:
    """What was typed or chosen; of several choices their values, one a line."""
    values = request.POST.getlist(box.question.name)
    return text_of("\n".join(values) if box.question.many else values[-1])


def text_of(given: str) -> str:
    """What was typed, with one kind of line end and without the NUL sign, which the database cannot hold."""
    return given.replace("\r\n", "\n").replace("\0", "")


def number_of(given: str) -> int:
    """A whole number that a form was shown with, such as the version of an answer. Raises BadRequest for else."""
    if not (given.isascii() and given.isdigit() and len(given) < TOO_LONG):
        raise BadRequest(CHANGED)
    return int(given)


@require_http_methods(["GET", "HEAD", "POST"])
def domain(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """One of the domains: evidence, judgement, prompts at the side."""
    audit = own_audit(request, number, "domain")
    rows = domains_for(audit)
    place = next((place for place, row in enumerate(rows) if row.slug == slug), None)
    if place is None:
        raise Http404("There is no such domain in this audit.")
    row = rows[place]
    page = domain_page(audit.version, row)
    fields = fields_of(page, audit, row)
    if request.method == "POST" and save_page(request, audit, fields, row):
        if place + 1 < len(rows):
            return redirect("audits:domain", number, rows[place + 1].slug)
        return redirect("audits:part-overall", number)
    parts = [part for part in parts_now(audit) if part.number]
    return render(
        request,
        "audits/domain.html",
        frame(
            audit,
            domain=row,
            fields=top_fields(page, fields),
            domains=parts,
            place=place + 1,
            timescales=audit.version.asks.timescales_for(audit.category, audit.case_file.has_disability),
            earlier=earlier_audits(request.user, audit, row.slug),
            can_write=allowed(check_can_write, request.user, audit),
            previous=parts[place - 1] if place else None,
            following=parts[place + 1] if place + 1 < len(parts) else None,
            changed_elsewhere=changed_elsewhere(fields),
            last_saved=last_saved(fields),
        ),
        status=409 if request.method == "POST" and changed_elsewhere(fields) else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """A part that is not a domain: period, overall, learning."""
    audit = own_audit(request, number, slug)
    return part_page(request, audit, _page_or_404(audit, slug))


def part_page(request: HttpRequest, audit: Audit, page: Page, more: dict | None = None, then: str = "") -> HttpResponse:
    """The fields of a part, saved by the button; `more` is shown beside them, `then` is where one goes on."""
    fields = fields_of(page, audit, None)
    if request.method == "POST" and save_page(request, audit, fields, None):
        return redirect(then or audit.get_absolute_url())
    shown, beside = top_fields(page, fields), {}
    if page.slug == "overall":
        beside = _beside_the_grade(audit)
        shown = [box for box in shown if box.question.name not in BECAUSE or box.question.name in beside["because"]]
    return render(
        request,
        "audits/part.html",
        frame(
            audit,
            page=page,
            fields=shown,
            ground_rules=audit.version.asks.ground_rules,
            changed_elsewhere=changed_elsewhere(fields),
            last_saved=last_saved(fields),
            can_write=allowed(check_can_write, request.user, audit),
            **beside,
            **(more or {}),
        ),
        status=409 if request.method == "POST" and changed_elsewhere(fields) else 200,
    )


def _beside_the_grade(audit: Audit) -> dict:
    """What stands beside the grade: the judgements, what does not seem to go together, what bars it, what it asks."""
    content, terms = content_of(audit), terms_of(audit)
    return {"domains": domain_parts(content), "because": consistency(content, terms),
            "barred": barred_grade(content, terms), "owes_notice": bool(to_notify(audit))}


def _page_or_404(audit: Audit, slug: str) -> Page:
    try:
        return page_for(audit, slug)
    except KeyError:
        raise Http404("This programme has no such part.") from None


def last_saved(fields: dict[str, Field]) -> datetime | None:
    """When something on this page was last saved."""
    return max((box.answer.saved_at for box in fields.values() if box.answer), default=None)


@require_POST
def autosave(request: HttpRequest, number: str) -> HttpResponse:
    """Save one answer as one types. 409 where it was changed elsewhere: the text is kept beside what stands.

    Never tells what stands, so it is not a reading: the page that shows both texts is, and is on the trail.
    """
    name, slug = request.POST.get("field", ""), text_of(request.POST.get("domain", ""))
    value = text_of(request.POST.get("value", ""))
    if not _question(request, number, name, slug).allows(value):
        raise BadRequest(CHANGED)
    typed = Typed(name, slug, value, number_of(request.POST.get("version", "")), request.user, timezone.now(),
                  sitting_of(request, request.POST.get("sequence")))
    try:
        answer = workflow.save_typed(number=number, typed=typed)
    except (Audit.DoesNotExist, Domain.DoesNotExist) as nothing:
        raise Http404 from nothing
    except workflow.Unfit as unfit:
        raise BadRequest(CHANGED) from unfit
    except workflow.AnswerChanged as changed:
        return JsonResponse({"error": str(changed)}, status=409)
    except PermissionDenied as refused:
        return JsonResponse({"error": str(refused)}, status=403)
    return JsonResponse({"version": answer.version, "saved": clock(answer.saved_at)})


def _question(request: HttpRequest, number: str, name: str, slug: str) -> Question:
    """What is asked in a field. Only for those that differ between programmes is the audit read: one query."""
    question = domain_field(name) if slug else FIXED.get(name)
    if question is None and not slug:
        audit = get_object_or_404(Audit.objects.written_by(request.user).select_related("version"), number=number)
        question = view_question(audit, name) or general_field(audit.version, name)
    if question is None:
        raise Http404("This programme does not ask this.")
    return question
