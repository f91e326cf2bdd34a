"""Case files: the list of them, and importing lists. The pages of one case are in case_views."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casefiles import shown, workflow
from casefiles.filters import CaseFileFilter
from casefiles.forms import ImportForm
from casefiles.models import CaseFile, Import
from casefiles.permissions import check_can_import_something, kinds_for
from casefiles.reading.results import BadFile
from jobs.files import csv_file
from trail.once import once
from trail.writing import record

A_PAGE = 25


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The case files one may see; `export=csv` gives all that the filter finds."""
    files = CaseFile.objects.visible_to(request.user).with_people()
    found = CaseFileFilter(request.GET, files, request=request)
    if request.GET.get("export") == "csv":
        return _export(request, found.qs)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    context = {"filter": found, "page": page, "can_import": bool(kinds_for(request.user))}
    return render(request, "casefiles/list.html", context)


@transaction.atomic
def _export(request: HttpRequest, files) -> HttpResponse:
    rows = [[file.reference, file.get_category_display(), file.team or file.team_as_given,
             file.worker or file.worker_as_given, file.age_band, file.opened_on, file.closed_on or ""]
            for file in files]
    record("casefiles.exported", target=request.user, by=request.user, at=timezone.now(), changes={"rows": len(rows)})
    return csv_file("case-files.csv", ("Reference", "Category", "Team", "Worker", "Age", "Opened", "Closed"), rows)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose a list; a small one leads to its preview, a large one to the progress of its job."""
    check_can_import_something(request.user)
    kinds = kinds_for(request.user)
    initial = {"kind": kind} if (kind := request.GET.get("kind")) in kinds else {}
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*given, kinds=kinds, initial=initial)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            asked = workflow.take_in(kind=form.cleaned_data["kind"], file_name=file.name, content=file.read(),
                                     by=request.user, at=timezone.now())
            return _follow(asked)
        except BadFile as bad:
            form.add_error("file", str(bad))
    imports = Import.objects.visible_to(request.user).recent()
    page = Paginator(imports, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "casefiles/import_new.html", {"form": form, "page": page})


def _follow(asked: workflow.Asked) -> HttpResponse:
    if asked.job is not None:
        return redirect("jobs:job-detail", asked.job.pk)
    return redirect("casefiles:import-detail", asked.imported.pk)


def _visible_import(request: HttpRequest, pk: int) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.user).with_people(), pk=pk)


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import would change, or changed: figures, refused rows, lines worth checking."""
    imported = _visible_import(request, pk)
    return render(request, "casefiles/import_detail.html", {
        "imported": imported, "counts": imported.counts, "tiles": shown.tiles(imported),
        "amounts": shown.amounts(imported), "parts": shown.parts(imported), "share": shown.closing_share(imported),
        "refused": imported.refused[:shown.SHOWN],
        "followed": imported.follows,
    })


@require_POST
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Import all of a preview, or say why not."""
    imported = _visible_import(request, pk)
    was_open = imported.is_open
    asked = workflow.ask_to_confirm(imported=imported, by=request.user, at=timezone.now())
    if asked.imported and asked.imported.status == Import.Status.STALE:
        messages.warning(request, "Nothing was imported: another import came in between. Load the list again.")
    elif asked.imported and was_open:
        messages.success(request, f"Imported: {shown.amounts(asked.imported)}.")
    elif asked.imported:
        messages.info(request, "This list is imported already. Nothing was done twice.")
    return _follow(asked)


@require_safe
def import_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as a file."""
    imported = _visible_import(request, pk)
    columns = ("Sheet", "Row", "Reference", "Column", "What is wrong", "What to do")
    keys = ("sheet", "row", "reference", "column", "reason", "todo")
    rows = ([row[key] for key in keys] for row in imported.refused)
    return csv_file(f"refused-rows-{imported.pk}.csv", columns, rows)
