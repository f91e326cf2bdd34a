"""What every answer goes through: pages stay private, refused steps are said in words."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from workflows import InvalidTransition

Answer = Callable[[HttpRequest], HttpResponse]
SINCE = "signed_in_at"


def private_pages(answer: Answer) -> Answer:
    """No page is kept by a browser or proxy, and a session ends after twelve hours at the latest."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and _over(request):
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


class _RefusedSteps:
    """A step that the state does not allow leads back to the page, with a sentence."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, InvalidTransition) and request.method == "POST":
            messages.error(request, str(error))
            return redirect(request.headers.get("Referer") or "/")
        return None


def refused_steps(answer: Answer) -> Answer:
    """InvalidTransition, in one place: a message and the page again."""
    return _RefusedSteps(answer)
