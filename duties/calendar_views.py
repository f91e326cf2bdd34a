"""The calendar of whoever holds a secret address. A calendar program signs in nowhere: the address is the key."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from calendars.rules import london_date
from duties.feed import feed_of
from duties.feed_addresses import reader_of


@require_safe
@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar; an unknown address, a revoked one and that of a leaver get the same answer."""
    now = timezone.now()
    staff = reader_of(token, at=now, on=london_date(now))
    if staff is None:
        raise Http404
    answer = HttpResponse(feed_of(staff, at=now), content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
