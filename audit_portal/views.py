"""The home page "My work"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def my_work(request: HttpRequest) -> HttpResponse:
    """All that waits for me."""
    return render(request, "home/my_work.html", {})
