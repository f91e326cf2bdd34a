"""The inbox: what I was told, newest first."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from duties.models import Notice

A_PAGE = 25


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Notices for me; `show=unread` leaves out the ones I opened."""
    notices = Notice.objects.inbox_of(request.user)
    unread_only = request.GET.get("show") == "unread"
    page = Paginator(notices.unread() if unread_only else notices, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "duties/inbox.html", {"page": page, "unread_only": unread_only})


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
