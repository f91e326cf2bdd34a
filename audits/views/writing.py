"""Writing: the pages of domains and parts, saved by pressing the button or by themselves."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits.family import view_question
from audits.models import Answer, Audit
from audits.permissions import check_can_write
from audits.questions import DOMAIN_FIELDS, GENERAL_FIELDS, Page, Question, choices_of, domain_page, page_for
from audits.views.loading import frame, own_audit, parts_now
from audits.workflow import AnswerChanged, save_answer
from calendars.words import clock
from people.permissions import allowed
from programmes.models import Domain

CHANGED = "The form was changed on its way. Open the page again."
TOO_LONG = 10


@dataclass
class Field:
    """A question with what stands in it, or what was typed over it."""

    question: Question
    value: str = ""
    version: int = 0
    other: Answer | None = None
    revealed: dict[str, "Field"] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What stands here as one reads it: the text, or the words of the choice."""
        return self.question.words_of(self.value)

    @property
    def other_words(self) -> str:
        """What was saved somewhere else, as one reads it."""
        return self.question.words_of(self.other.value)


def fields_of(page: Page, audit: Audit, domain: Domain | None) -> dict[str, Field]:
    """Every field of a page with its answer. One query."""
    answers = {answer.field: answer for answer in audit.answers.filter(domain=domain)}
    fields = {}
    for question in page.all_fields():
        answer = answers.get(question.name)
        fields[question.name] = Field(question, answer.value if answer else "", answer.version if answer else 0)
    return fields


def top_fields(page: Page, fields: dict[str, Field]) -> list[Field]:
    """The questions in order, those behind a choice hung under it."""
    shown = []
    for question in page.questions:
        top = fields[question.name]
        top.revealed = {o.value: fields[o.reveals.name] for o in question.options if o.reveals}
        shown.append(top)
    return shown


def save_page(request: HttpRequest, audit: Audit, fields: dict[str, Field], domain: Domain | None) -> bool:
    """Save each field on the version that the page was shown with; False where one was changed elsewhere.

    Such a field keeps both texts; "both" names the one whose texts go into one box, and the page is shown again.
    A box that was not sent is left alone.
    """
    clean = True
    for name, box in fields.items():
        if name not in request.POST:
            continue
        standing, box.value = box.value, text_of(request.POST[name])
        version = version_of(request.POST.get(f"{name}-version", "0"))
        if request.POST.get("both") == name and not box.question.is_choice:
            box.value, clean = f"{standing}\n\n{box.value}", False
        try:
            answer = save_answer(
                audit=audit,
                field=name,
                value=_checked(box),
                version=version,
                by=request.user,
                at=timezone.now(),
                domain=domain,
            )
            box.version = answer.version
        except AnswerChanged as changed:
            box.other, box.version, clean = changed.answer, changed.answer.version, False
    return clean


def text_of(given: str) -> str:
    """What was typed, with one kind of line end and without the NUL sign, which the database cannot hold."""
    return given.replace("\r\n", "\n").replace("\0", "")


def version_of(given: str) -> int:
    """The version of an answer that a form was shown with. Raises BadRequest for anything else."""
    if not (given.isascii() and given.isdigit() and len(given) < TOO_LONG):
        raise BadRequest(CHANGED)
    return int(given)


def _checked(box: Field) -> str:
    options = {option.value for option in box.question.options}
    if options and box.value not in options:
        raise BadRequest(CHANGED)
    return box.value


@require_http_methods(["GET", "HEAD", "POST"])
def domain(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """One of the domains: evidence, judgement, prompts at the side."""
    audit = own_audit(request, number, "domain")
    row = get_object_or_404(Domain.objects.prefetch_related("prompts"), version=audit.version_id, slug=slug)
    page = domain_page(audit.version, row)
    fields = fields_of(page, audit, row)
    if request.method == "POST" and save_page(request, audit, fields, row):
        following = Domain.objects.filter(version=audit.version_id, position=row.position + 1).first()
        return (
            redirect("audits:domain", number, following.slug) if following else redirect("audits:part-overall", number)
        )
    parts = [part for part in parts_now(audit) if part.title[0].isdigit()]
    place = row.position - 1
    return render(
        request,
        "audits/domain.html",
        frame(
            audit,
            domain=row,
            fields=top_fields(page, fields),
            domains=parts,
            can_write=allowed(check_can_write, request.user, audit),
            previous=parts[place - 1] if place else None,
            following=parts[place + 1] if place + 1 < len(parts) else None,
            changed_elsewhere=changed_elsewhere(fields),
            last_saved=last_saved(audit, page, row),
        ),
        status=409 if changed_elsewhere(fields) else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """A part that is not a domain: period, overall, learning."""
    audit = own_audit(request, number, slug)
    return part_page(request, audit, page_for(audit.version, slug))


def part_page(request: HttpRequest, audit: Audit, page: Page, more: dict | None = None, then: str = "") -> HttpResponse:
    """The fields of a part, saved by the button; `more` is shown beside them, `then` is where one goes on."""
    fields = fields_of(page, audit, None)
    if request.method == "POST" and save_page(request, audit, fields, None):
        return redirect(then or audit.get_absolute_url())
    domains = [entry for entry in parts_now(audit) if entry.title[0].isdigit()] if page.slug == "overall" else []
    return render(
        request,
        "audits/part.html",
        frame(
            audit,
            page=page,
            fields=top_fields(page, fields),
            domains=domains,
            changed_elsewhere=changed_elsewhere(fields),
            last_saved=last_saved(audit, page, None),
            can_write=allowed(check_can_write, request.user, audit),
            **(more or {}),
        ),
        status=409 if changed_elsewhere(fields) else 200,
    )


def changed_elsewhere(fields: dict[str, Field]) -> bool:
    """Whether two texts of one answer have to be shown."""
    return any(box.other for box in fields.values())


def last_saved(audit: Audit, page: Page, domain: Domain | None) -> datetime | None:
    """When something on this page was last saved."""
    answers = audit.answers.filter(domain=domain, field__in=[question.name for question in page.all_fields()])
    return answers.order_by("-saved_at").values_list("saved_at", flat=True).first()


@require_POST
def autosave(request: HttpRequest, number: str) -> HttpResponse:
    """Save one answer as one types. 409 with the standing text where it was changed elsewhere."""
    audit = own_audit(request, number, "autosave")
    name, slug = request.POST.get("field", ""), text_of(request.POST.get("domain", ""))
    said = None if slug else view_question(audit, name)
    if said is None and name not in (DOMAIN_FIELDS if slug else GENERAL_FIELDS):
        raise Http404
    version, value = version_of(request.POST.get("version", "")), text_of(request.POST.get("value", ""))
    choices = {option.value for option in said.options} if said else choices_of(audit.version, name)
    if value and choices and value not in choices:
        raise BadRequest(CHANGED)
    row = get_object_or_404(Domain, version=audit.version_id, slug=slug) if slug else None
    try:
        answer = save_answer(
            audit=audit, field=name, value=value, version=version, by=request.user, at=timezone.now(), domain=row
        )
    except AnswerChanged as changed:
        standing = changed.answer
        return JsonResponse(
            {
                "error": str(changed),
                "text": standing.value,
                "version": standing.version,
                "saved": clock(standing.saved_at),
            },
            status=409,
        )
    except PermissionDenied as refused:
        return JsonResponse({"error": str(refused)}, status=403)
    return JsonResponse({"version": answer.version, "saved": clock(answer.saved_at)})
