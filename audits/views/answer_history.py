"""The history of one answer: every text that stood in it or was kept beside it, and the way back to each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audits import workflow
from audits.answer_history import entries_of, found, texts_of
from audits.family import view_of, view_page
from audits.models import Answer, Audit
from audits.permissions import check_can_write
from audits.questions import PLAN_FIELD, Page, Question, domain_page, pages_of
from audits.views.loading import frame, own_audit
from audits.views.plan import NO_ACTION
from audits.views.writing import number_of
from people.permissions import allowed

A_PAGE = 10


@require_safe
def history(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The texts of one answer, newest first, with what changed; `show=every` names each saving."""
    audit = own_audit(request, number, "answer-history")
    answer = _answer(audit, pk)
    every = request.GET.get("show") == "every"
    page = Paginator(entries_of(answer, every=every), A_PAGE).get_page(request.GET.get("page"))
    part, question, place = _place(audit, answer)
    return render(request, "audits/answer_history.html", frame(
        audit, answer=answer, question=question, part=part, page=page, texts=texts_of(answer, page), every=every,
        can_write=allowed(check_can_write, request.user, audit),
        part_url=f"{audit.get_absolute_url()}{place}",
    ))


@require_POST
def put_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """An earlier text stands again."""
    audit = own_audit(request, number, "answer-history")
    answer = _answer(audit, pk)
    text = found(answer, request.POST.get("text", ""))
    if text is None:
        raise Http404
    try:
        workflow.put_back(text=text, version=number_of(request.POST.get("version", "")), by=request.user,
                          at=timezone.now())
    except workflow.NotSeen:
        messages.error(request, "This answer was changed in the meantime. Look at it, then choose again.")
    else:
        messages.success(request, "The text stands again. What stood before is in the list.")
    return redirect("audits:answer-history", number, pk)


def _answer(audit: Audit, pk: int) -> Answer:
    return get_object_or_404(audit.answers.select_related("domain"), pk=pk)


def _place(audit: Audit, answer: Answer) -> tuple[Page, Question, str]:
    """The page and the question of an answer, and the address of the page below that of the audit."""
    places = {question.name: (page, question, place)
              for page, place in _pages(audit, answer) for question in page.all_fields()}
    if answer.field not in places:
        raise Http404("This programme does not ask this any more.")
    return places[answer.field]


def _pages(audit: Audit, answer: Answer) -> list[tuple[Page, str]]:
    if answer.domain:
        return [(domain_page(audit.version, answer.domain), f"domains/{answer.domain.slug}/")]
    if answer.field == PLAN_FIELD:
        return [(NO_ACTION, "plan/")]
    if view := view_of(audit, answer.field):
        return [(view_page(view, audit.version), f"family/views/{view.pk}/")]
    return [(page, f"{page.slug}/") for page in pages_of(audit)]
