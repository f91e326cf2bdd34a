"""The pages of one case file: its people, corrections and history."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casefiles import corrections, history, involvements
from casefiles.case_forms import CorrectForm, DaysForm, InvolvementForm
from casefiles.models import CaseFile, Correction, Involvement
from casefiles.permissions import check_can_correct, check_can_keep_history
from casefiles.registry import sections_for
from people.permissions import allowed
from trail.once import once
from trail.writing import record_reading

Fact = Correction.Fact


def _posted(request: HttpRequest):
    """What was sent; none where the page is only asked for. An empty form that was sent is one with mistakes."""
    return request.POST if request.method == "POST" else None


def _visible_case(request: HttpRequest, **by) -> CaseFile:
    """The case file, if this person may see it; else 404."""
    files = CaseFile.objects.visible_to(request.user).with_people().select_related("team__manager")
    return get_object_or_404(files, **by)


@require_safe
def case_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One case file: facts, people with their phones, who worked on it before. The reading is recorded."""
    case_file = _visible_case(request, reference=reference)
    record_reading(target=case_file, by=request.user, page="case-file")
    lines = history.involvements_of(case_file)
    keeps_history = allowed(check_can_keep_history, request.user)
    made = list(case_file.corrections.with_names())
    corrected = corrections.still_open(made)
    return render(request, "casefiles/detail.html", {
        "case_file": case_file,
        "people": history.people_now(case_file, lines, corrected),
        "corrected": corrected,
        "involvements": [(line, history.how(line, made)) for line in lines],
        "timeline": history.timeline(case_file, lines, made),
        "siblings": CaseFile.objects.visible_to(request.user).siblings_of(case_file),
        "can_correct": allowed(check_can_correct, request.user, case_file),
        "can_keep_history": keeps_history,
        "barred": sorted({line.staff.name for line in lines}) if keeps_history else [],
        "answers_now": None if case_file.is_open else history.previous_team_manager(case_file),
        "sections": sections_for(request.user, case_file),
    })


def way_back(request: HttpRequest, case_file: CaseFile) -> str:
    """Where the person came from, if that is a page of ours; else the page of the case."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if is_ours else reverse("casefiles:case-detail", args=[case_file.reference])


@require_http_methods(["GET", "HEAD", "POST"])
@once
def correct(request: HttpRequest, pk: int, fact: str) -> HttpResponse:
    """Who is the worker of this case? One form for P&Q and for its auditor (B12)."""
    case_file = _visible_case(request, pk=pk)
    if fact not in Fact.values:
        raise Http404
    check_can_correct(request.user, case_file)
    form = CorrectForm(_posted(request), fact=fact, case_file=case_file, by=request.user)
    if form.is_valid() and _corrected(request, case_file, form):
        return redirect(way_back(request, case_file))
    return render(request, "casefiles/correct.html", {
        "case_file": case_file, "form": form, "fact": fact, "word": Fact(fact).label.lower(),
        "now": _named_now(case_file, fact), "correction": corrections.of_case(case_file).get(fact),
        "way_back": way_back(request, case_file),
    }, status=422 if form.errors else 200)


def _named_now(case_file: CaseFile, fact: str):
    return case_file.team_manager if fact == Fact.MANAGER else getattr(case_file, fact)


def _corrected(request: HttpRequest, case_file: CaseFile, form: CorrectForm) -> bool:
    """Whether it was put right, or stood so already; what stands in the way is said in the form."""
    try:
        made = corrections.correct(case_file=case_file, fact=form.fact, by=request.user, at=timezone.now(),
                                   **form.right())
    except corrections.CannotCorrect as problem:
        form.add_error("who", str(problem))
        return False
    word = Fact(form.fact).label.lower()
    if made:
        messages.success(request, f"The {word} of case {case_file.reference} is corrected.")
    else:
        messages.info(request, f"Nothing changed: that is the {word} already.")
    return True


@require_POST
def take_back(request: HttpRequest, pk: int, fact: str) -> HttpResponse:
    """The list was right after all."""
    case_file = _visible_case(request, pk=pk)
    check_can_correct(request.user, case_file)
    correction = corrections.of_case(case_file).get(fact)
    if correction:
        corrections.take_back(correction=correction, by=request.user, at=timezone.now())
        messages.success(request, "Taken back. What the list says counts again.")
    return redirect(way_back(request, case_file))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def history_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add somebody of whom no list told."""
    case_file = _visible_case(request, pk=pk)
    check_can_keep_history(request.user)
    form = InvolvementForm(_posted(request), by=request.user)
    if form.is_valid():
        data = form.cleaned_data
        given = {"capacity": data["capacity"], "from_on": data["from_on"], "until_on": data["until_on"]}
        if _written(request, form, involvements.add_involvement, case_file=case_file, staff=data["person"], **given):
            messages.success(request, f"{data['person'].name} is in the history now.")
            return redirect("casefiles:case-detail", case_file.reference)
    return _history_page(request, case_file, form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def history_change(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Change from when to when somebody worked on a case."""
    case_file, row = _line(request, pk, line)
    form = DaysForm(_posted(request), initial={"from_on": row.from_on, "until_on": row.until_on})
    if form.is_valid():
        if _written(request, form, involvements.change_involvement, involvement=row, **form.cleaned_data):
            messages.success(request, "The history is changed.")
            return redirect("casefiles:case-detail", case_file.reference)
    return _history_page(request, case_file, form, row)


@require_POST
def history_remove(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Take out a line that was written by hand by mistake."""
    case_file, row = _line(request, pk, line)
    try:
        involvements.remove_involvement(involvement=row, by=request.user, at=timezone.now())
        messages.success(request, f"{row.staff.name} is taken out of the history. The audit trail keeps it.")
    except involvements.NotPossible as problem:
        messages.warning(request, str(problem))
    return redirect("casefiles:case-detail", case_file.reference)


def _line(request: HttpRequest, pk: int, line: int) -> tuple[CaseFile, Involvement]:
    case_file = _visible_case(request, pk=pk)
    check_can_keep_history(request.user)
    return case_file, get_object_or_404(case_file.involvements.select_related("case_file", "staff"), pk=line)


def _written(request: HttpRequest, form: DaysForm, verb, **given) -> bool:
    """Whether the history could be written so; what stands in the way is said in the form."""
    try:
        verb(by=request.user, at=timezone.now(), **given)
    except involvements.NotPossible as problem:
        form.add_error(problem.field, str(problem))
        return False
    return True


def _history_page(request: HttpRequest, case_file: CaseFile, form, row: Involvement | None = None) -> HttpResponse:
    context = {"case_file": case_file, "form": form, "line": row}
    return render(request, "casefiles/involvement.html", context, status=422 if form.errors else 200)
