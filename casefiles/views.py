"""The list of case files. The pages of one case are in case_views, those of imports in import_views."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from casefiles.filters import CaseFileFilter
from casefiles.models import CaseFile
from casefiles.permissions import kinds_for
from people.files import csv_file
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
