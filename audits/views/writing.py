"""Writing: the pages of domains and parts, saved by pressing the button or by themselves."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits.completeness import domain_parts
from audits.content import content_of, domains_for
from audits.earlier import earlier_audits
from audits.inadequate import to_notify
from audits.judging import barred_grade, consistency
from audits.models import Answer, Audit
from audits.permissions import check_can_write
from audits.questions import BECAUSE, Page, Question, domain_field, domain_page, general_field, page_for
from audits.terms import terms_of
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
    def values(self) -> list[str]:
        """What is ticked, of several choices."""
        return self.value.split("\n")

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
        if not was_sent(request, box):
            continue
        standing, box.value = box.value, given_for(request, box)
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


def version_of(given: str) -> int:
    """The version of an answer that a form was shown with. Raises BadRequest for anything else."""
    if not (given.isascii() and given.isdigit() and len(given) < TOO_LONG):
        raise BadRequest(CHANGED)
    return int(given)


def _checked(box: Field) -> str:
    if not box.question.allows(box.value):
        raise BadRequest(CHANGED)
    return box.value


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
            last_saved=last_saved(audit, page, row),
        ),
        status=409 if changed_elsewhere(fields) else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, number: str, slug: str, more: dict | None = None) -> HttpResponse:
    """A part that is not a domain: period, contact, family, overall, learning. `more` is shown beside its fields."""
    audit = own_audit(request, number, slug)
    page = _page_or_404(audit, slug)
    fields = fields_of(page, audit, None)
    if request.method == "POST" and save_page(request, audit, fields, None):
        return redirect("audits:audit-detail", number)
    content, terms = content_of(audit), terms_of(audit)
    asked = consistency(content, terms)
    shown = [box for box in top_fields(page, fields) if box.question.name not in BECAUSE or box.question.name in asked]
    return render(
        request,
        "audits/part.html",
        frame(
            audit,
            page=page,
            fields=shown,
            because=asked,
            domains=domain_parts(content) if slug == "overall" else [],
            barred=barred_grade(content, terms),
            owes_notice=slug == "overall" and bool(to_notify(audit)),
            ground_rules=audit.version.asks.ground_rules,
            changed_elsewhere=changed_elsewhere(fields),
            last_saved=last_saved(audit, page, None),
            can_write=allowed(check_can_write, request.user, audit),
            **(more or {}),
        ),
        status=409 if changed_elsewhere(fields) else 200,
    )


def _page_or_404(audit: Audit, slug: str) -> Page:
    try:
        return page_for(audit, slug)
    except KeyError:
        raise Http404("This programme has no such part.") from None


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
    question = domain_field(name) if slug else general_field(audit.version, name)
    if question is None:
        raise Http404("This programme does not ask this.")
    version, value = version_of(request.POST.get("version", "")), text_of(request.POST.get("value", ""))
    if not question.allows(value):
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
