"""What every answer goes through: pages stay private, refused steps are said in words."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from audit_portal.sessions import SINCE
from calendars.rules import today_in_london
from people.refusals import Refused
from workflows import InvalidTransition

Answer = Callable[[HttpRequest], HttpResponse]


def private_pages(answer: Answer) -> Answer:
    """No page is kept by a browser or proxy; a session ends after twelve hours at the latest, and with the
    last day of a leaver or an external auditor (S3-05).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and (_over(request) or request.user.is_over(today_in_london())):
            logout(request)
            return redirect(settings.LOGIN_URL)
        response = answer(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


def _over(request: HttpRequest) -> bool:
    now = timezone.now()
    since = request.session.setdefault(SINCE, now.isoformat())
    return now - datetime.fromisoformat(since) > settings.SESSION_LIFETIME


def readable_addresses(answer: Answer) -> Answer:
    """An address with the NUL sign, which no text of the database can hold, is refused (400), not searched for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "%00" in query or "\0" in query:
            raise BadRequest("The address holds a sign that no text has.")
        return answer(request)

    return middleware


class _RefusedSteps:
    """A step that the state, or what is there, does not allow leads back to the page, with a sentence."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, InvalidTransition | Refused) and request.method == "POST":
            messages.error(request, str(error))
            return redirect(_page_before(request))
        return None


def _page_before(request: HttpRequest) -> str:
    """The page of ours from which the step was asked for; My work where the browser names none, or another site."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else "/"


def refused_steps(answer: Answer) -> Answer:
    """InvalidTransition and Refused, in one place: a message and the page again."""
    return _RefusedSteps(answer)
