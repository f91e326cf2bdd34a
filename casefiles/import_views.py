"""Pages of imports: choose a list, name its columns, match its words, look at the preview, import or throw away."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calendars.rules import today_in_london
from casefiles import refused, shown, workflow
from casefiles.columns import forget, remember_columns, remember_words
from casefiles.forms import ColumnsForm, ImportForm, WordsForm
from casefiles.models import Import, KnownWord, Source
from casefiles.names import Directory
from casefiles.permissions import check_can_import_something, check_is_pq_for_lists, kinds_for
from casefiles.reading.results import BadFile
from casefiles.typed import label_of
from people.files import csv_file
from trail.once import once

A_PAGE = 25
WORDS_AT_ONCE = 20
FORM = ["GET", "HEAD", "POST"]
Status = Import.Status


@require_http_methods(FORM)
@once
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose a list; a small one leads to its preview, a large one to the progress of its job."""
    check_can_import_something(request.user)
    kinds = kinds_for(request.user)
    initial = {"kind": kind} if (kind := request.GET.get("kind")) in kinds else {}
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*given, kinds=kinds, initial=initial)
    if form.is_valid():
        try:
            return _follow(_take_in(request, form.cleaned_data))
        except BadFile as bad:
            form.add_error("file", str(bad))
    page = Paginator(Import.objects.visible_to(request.user).recent(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "casefiles/import_new.html", {"form": form, "page": page, "kinds": kinds})


def _take_in(request: HttpRequest, data: dict) -> workflow.Asked:
    return workflow.take_in(kind=data["kind"], file_name=data["file"].name, content=data["file"].read(),
                            by=request.user, at=timezone.now(), asks=data.get("asks", False))


def _follow(asked: workflow.Asked) -> HttpResponse:
    if asked.job is not None:
        return redirect("jobs:job-detail", asked.job.pk)
    page = "import-columns" if asked.imported.status == Status.COLUMNS else "import-detail"
    return redirect(f"casefiles:{page}", asked.imported.pk)


def given(request: HttpRequest) -> QueryDict | None:
    """What was sent; an empty form is sent too."""
    return request.POST if request.method == "POST" else None


def _visible_import(request: HttpRequest, pk: int) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.user).with_people(), pk=pk)


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import would change, or changed: figures, refused rows, lines worth checking."""
    imported = _visible_import(request, pk)
    if imported.status == Status.COLUMNS:
        return redirect("casefiles:import-columns", pk)
    return render(request, "casefiles/import_detail.html", {
        "imported": imported, "counts": imported.counts, "tiles": shown.tiles(imported),
        "amounts": shown.amounts(imported), "parts": imported.plan.get("parts", []),
        "share": shown.closing_share(imported), "closes_many": shown.closes_many(imported),
        "refused": imported.refused[:shown.SHOWN],
        "followed": imported.follows, "words": len(imported.counts.get("words", [])),
    })


@require_http_methods(FORM)
@once
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is which: asked once, then remembered for all lists with the same headings."""
    imported = _visible_import(request, pk)
    if imported.status != Status.COLUMNS:
        return redirect("casefiles:import-detail", pk)
    initial = {"list_name": imported.file_name.rsplit(".", 1)[0][:80]}
    form = ColumnsForm(given(request), headings=imported.headings, initial=initial)
    if form.is_valid():
        now = timezone.now()
        remember_columns(imported=imported, columns=form.columns(), by=request.user, at=now)
        try:
            return _follow(workflow.ask_to_read_waiting(imported=imported, by=request.user, at=now))
        except BadFile as bad:
            form.add_error(None, str(bad))
    return render(request, "casefiles/import_columns.html", {"imported": imported, "form": form})


@require_http_methods(FORM)
@once
def import_words(request: HttpRequest, pk: int) -> HttpResponse:
    """What words that matched nothing mean: asked once, the most frequent first, then remembered."""
    imported = _visible_import(request, pk)
    asked = imported.counts.get("words", [])
    if not asked or imported.status not in {Status.PREVIEWED, Status.STALE}:
        return redirect("casefiles:import-detail", pk)
    form = WordsForm(given(request), words=asked[:WORDS_AT_ONCE], by=request.user,
                     directory=Directory(today_in_london()))
    if form.is_valid():
        now = timezone.now()
        known = remember_words(meanings=form.meanings(), by=request.user, at=now)
        messages.success(request, f"Remembered: {known} word{'' if known == 1 else 's'}.")
        return _follow(workflow.ask_to_rework(imported=imported, by=request.user, at=now))
    return render(request, "casefiles/import_words.html", {
        "imported": imported, "form": form, "more": max(0, len(asked) - WORDS_AT_ONCE),
        "teams": [label_of(team) for team in form.offered_teams],
        "staff": [label_of(person) for person in form.offered_staff],
    })


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Import all of a preview, or say why not."""
    imported = _visible_import(request, pk)
    was_open = imported.is_open
    if was_open and shown.closes_many(imported) and "closes" not in request.POST:
        messages.warning(request, "Nothing was imported: tick that the list is complete, because it closes "
                                  f"{imported.counts['closed']:,} cases. If it is not, choose another file.")
        return redirect("casefiles:import-detail", pk)
    asked = workflow.ask_to_confirm(imported=imported, by=request.user, at=timezone.now())
    if asked.imported and asked.imported.status == Status.STALE:
        messages.warning(request, "Nothing was imported: what the list would change has changed in between.")
    elif asked.imported and was_open:
        messages.success(request, f"Imported: {shown.amounts(asked.imported)}.")
    elif asked.imported:
        messages.info(request, "This list is imported already. Nothing was done twice.")
    return _follow(asked)


@require_POST
def import_rework(request: HttpRequest, pk: int) -> HttpResponse:
    """Work an overtaken preview out again; the file is not needed for it."""
    return _follow(workflow.ask_to_rework(imported=_visible_import(request, pk), by=request.user, at=timezone.now()))


@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a list away that is not imported."""
    imported = workflow.discard(imported=_visible_import(request, pk), by=request.user, at=timezone.now())
    messages.success(request, f"Thrown away: {imported.file_name}. Nothing of it was imported.")
    return redirect("casefiles:import-new")


@require_safe
def import_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as a list that can be corrected and loaded again."""
    imported = _visible_import(request, pk)
    return csv_file(f"refused-rows-{imported.pk}.csv", *refused.as_list(imported))


@require_safe
def learned(request: HttpRequest) -> HttpResponse:
    """Which lists and words are remembered."""
    check_is_pq_for_lists(request.user)
    words = KnownWord.objects.visible_to(request.user).select_related("unit", "staff", "learned_by")
    page = Paginator(words, A_PAGE).get_page(request.GET.get("page"))
    sources = Source.objects.visible_to(request.user).select_related("learned_by")
    return render(request, "casefiles/learned.html", {"sources": sources, "page": page})


FORGET = {"list": Source, "word": KnownWord}


@require_POST
def learned_forget(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Ask again the next time."""
    known = get_object_or_404(FORGET[what].objects.visible_to(request.user), pk=pk)
    forget(learned=known, by=request.user, at=timezone.now())
    messages.success(request, "Forgotten. You are asked again the next time it comes.")
    return redirect("casefiles:learned")
