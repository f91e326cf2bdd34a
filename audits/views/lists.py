"""The list of audits one may see: four tabs, filters, sorting, paging, export of what is shown."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audits.filters import TABS, AuditFilter
from audits.models import Audit, Filing
from people.files import csv_file

A_PAGE = 25
COLUMNS = ("Audit", "Case", "Category", "Team", "Auditor", "State", "Due", "Grade")


@require_safe
def audits(request: HttpRequest) -> HttpResponse:
    """Audits by state; `export=csv` gives what is shown as a file."""
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "in-progress"
    seen = Audit.objects.visible_to(request.user)
    counts = counts_by_tab(seen)
    shown = seen.with_people().filter(status__in=TABS[tab][1])
    found = AuditFilter(request.GET, queryset=shown.order_by("due_at", "number"))
    if request.GET.get("export") == "csv":
        return as_csv(found.qs)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    tabs = [(slug, title, counts[slug], slug == tab) for slug, (title, _) in TABS.items()]
    return render(request, "audits/list.html", {
        "page": page, "filter": found, "tabs": tabs, "tab": tab, "now": timezone.now(),
        "to_file": Filing.objects.open().count() if request.user.hats().is_pq else None,
    })


def counts_by_tab(seen) -> dict[str, int]:
    """How many audits each tab holds. One query."""
    statuses = list(seen.values_list("status", flat=True))
    return {slug: sum(status in members for status in statuses) for slug, (_, members) in TABS.items()}


def as_csv(found) -> HttpResponse:
    """The list as a file; a grade only once it was shared; what was taken over from before the portal says so."""
    return csv_file("audits.csv", COLUMNS, (row_of(audit) for audit in found))


def row_of(audit: Audit) -> list[str]:
    """One audit as a line of the file."""
    return [
        audit.number,
        audit.case_file.reference,
        audit.case_file.get_category_display(),
        audit.team.name if audit.team else "",
        audit.auditor_name,
        f"{audit.get_status_display()}{', taken over' if audit.is_past else ''}{_handing(audit)}",
        f"{timezone.localtime(audit.due_at):%d/%m/%Y}",
        audit.grade.label if audit.grade and audit.first_shared_at else "",
    ]


def _handing(audit: Audit) -> str:
    """Asked to be exempt and not decided (B6), or without an auditor (S1-13)."""
    if audit.awaits_auditor_since:
        return ", waits for an auditor"
    return ", awaiting decision" if audit.awaits_decision else ""
