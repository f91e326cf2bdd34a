"""Settings: how the portal is, and the e-mails that it sends. No case content; subjects name audits by number."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from calendars.words import clock
from duties import failed_emails as verbs
from duties import status
from duties.email_filters import EmailFilter
from duties.models import Delivery, Sweep
from duties.permissions import check_can_look_after_emails, check_can_see_status
from duties.registry import label_of
from people.files import csv_file
from people.models import Staff
from people.permissions import allowed
from trail.writing import record

A_PAGE = 25
SHOWN_DEAD, SHOWN_SWEEPS, SHOWN_DETAILS = 10, 7, 20
HIGHEST, FLOOR = 110, 135  # of the chart
COLUMNS = ("Recipient", "Address", "Subject", "State", "Written", "Attempts", "Sent", "Last error")
SETTINGS = [("Settings", "/settings/")]
FOUND = {"missing": "opened", "surplus": "closed", "holder": "given to another holder"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What somebody may look after."""
    sees_status = allowed(check_can_see_status, request.user)
    if not (sees_status or allowed(check_can_look_after_emails, request.user)):
        raise PermissionDenied("Settings are for Performance and Quality and administrators.")
    return render(request, "settings/index.html", {"sees_status": sees_status})


@require_safe
def status_page(request: HttpRequest) -> HttpResponse:
    """Who lives, what waits, what could not be sent, what the nightly check found."""
    check_can_see_status(request.user)
    now = timezone.now()
    return render(request, "settings/status.html", {
        "crumbs": SETTINGS, "signs": status.signs(now), "oldest": status.oldest_unsent(now),
        "waiting": status.waiting_emails(now), "duties": status.open_duties(now), **sent(now), **dead(request.user),
        "sweeps": sweeps(request.user),
    })


def sent(now: datetime) -> dict[str, Any]:
    """The last 24 hours as rows of a table and as bars of a chart."""
    hours = status.sent_by_hour(now)
    most = max(max(count for _, count in hours), 4)
    bars = [bar(place, count, most, "" if place % 3 else clock(hour)) for place, (hour, count) in enumerate(hours)]
    return {"hours": hours, "bars": bars, "sent": sum(count for _, count in hours)}


def bar(place: int, count: int, most: int, hour: str) -> dict[str, Any]:
    """One bar of the chart, with its number above it and every third with its hour below."""
    height = HIGHEST * count // most
    top = FLOOR - height
    return {"x": 47 * place, "middle": 47 * place + 19, "y": top, "above": top - 6, "height": height, "count": count,
            "hour": hour}


def dead(staff: Staff) -> dict[str, Any]:
    """The first of those that could not be sent, and how many there are."""
    found = Delivery.objects.visible_to(staff).dead()
    return {"dead": found.count(), "emails": found.select_related("recipient").order_by("created_at")[:SHOWN_DEAD]}


def sweeps(staff: Staff) -> list[Sweep]:
    """The last nightly checks, each with what it put right in words."""
    found = list(Sweep.objects.visible_to(staff)[:SHOWN_SWEEPS])
    for sweep in found:
        sweep.said = [f"{label_of(row['kind'])}: {FOUND[row['what']]} (record {row['subject_id']})"
                      for row in sweep.details[:SHOWN_DETAILS]]
    return found


@require_safe
def emails(request: HttpRequest) -> HttpResponse:
    """E-mails by state; `export=csv` gives what the filter finds."""
    check_can_look_after_emails(request.user)
    seen = Delivery.objects.visible_to(request.user).select_related("recipient").defer("body")
    found = EmailFilter(request.GET, seen)
    if request.GET.get("export") == "csv":
        return as_csv(request, found.qs)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "settings/emails.html", {"crumbs": SETTINGS, "filter": found, "page": page})


@transaction.atomic
def as_csv(request: HttpRequest, found) -> HttpResponse:
    """The list as a file; that it was taken is recorded."""
    rows = [row_of(email) for email in found]
    record("emails.exported", target=request.user, by=request.user, at=timezone.now(), changes={"rows": len(rows)})
    return csv_file("e-mails.csv", COLUMNS, rows)


def row_of(email: Delivery) -> list[Any]:
    """One e-mail as a line of the file."""
    sent_at = f"{timezone.localtime(email.sent_at):%d/%m/%Y %H:%M}" if email.sent_at else ""
    return [email.recipient.name, email.address, email.subject, email.get_state_display(),
            f"{timezone.localtime(email.created_at):%d/%m/%Y %H:%M}", email.attempts, sent_at, email.last_error]


@require_POST
def send_again(request: HttpRequest, pk) -> HttpResponse:
    """Back among those that wait."""
    email = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    email = verbs.send_again(delivery=email, by=request.user, at=timezone.now())
    messages.success(request, f"The e-mail to {email.recipient} goes out again within a minute.")
    return redirect(_place(request))


@require_POST
def give_up(request: HttpRequest, pk) -> HttpResponse:
    """It is not sent."""
    email = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    email = verbs.give_up(delivery=email, by=request.user, at=timezone.now())
    messages.success(request, f"The e-mail to {email.recipient} is given up. It is in the inbox all the same.")
    return redirect(_place(request))


def _place(request: HttpRequest) -> str:
    """The list with its filter, or the status page: where the button was."""
    page = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else "operations:email-list"
