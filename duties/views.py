"""The inbox: what I was told, newest first."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from calendars.words import clock, long_date
from duties.inbox_filters import NoticeFilter
from duties.models import Notice
from people.files import csv_file
from trail.writing import record

A_PAGE = 25


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Notices for me, as the filter finds them."""
    notices = Notice.objects.inbox_of(request.user).select_related("duty")
    found = NoticeFilter(request.GET, notices, request=request)
    if request.GET.get("export") == "csv":
        return _export(request, found.qs)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "duties/inbox.html", {"page": page, "filter": found})


@transaction.atomic
def _export(request: HttpRequest, notices) -> HttpResponse:
    rows = [[long_date(row.created_at), clock(row.created_at), row.title, row.meta, "yes" if row.read_at else "no"]
            for row in notices]
    record("inbox.exported", target=request.user, by=request.user, at=timezone.now(), changes={"rows": len(rows)})
    return csv_file("inbox.csv", ("Day", "Time", "What", "About", "Read"), rows)


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go to what it is about."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    notice.read_at = notice.read_at or timezone.now()
    notice.save(update_fields=["read_at"])
    return redirect(notice.url)


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark everything in my inbox as read."""
    Notice.objects.inbox_of(request.user).unread().update(read_at=timezone.now())
    return redirect("duties:inbox")
