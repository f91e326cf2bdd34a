"""Papers: a template as a PDF that a screen reader can follow (PDF/UA). Nothing is fetched while it is made."""

import uuid
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string

KEPT = 60 * 60  # seconds


def pdf_of(template: str, context: dict[str, Any]) -> bytes:
    """The PDF of a template that extends documents/base.html: tagged, fonts of the system, no network, no files."""
    from weasyprint import HTML  # takes half a second to load, which only those who want a paper should wait for
    from weasyprint.urls import URLFetcher

    shown = {"council": settings.COUNCIL_NAME, "demo": settings.DEMO_LOGINS, **context}
    page = HTML(string=render_to_string(template, shown), url_fetcher=URLFetcher(allowed_protocols=()))
    return page.write_pdf(pdf_variant="pdf/ua-1")


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF to look at in the browser."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def keep(content: bytes, about: str) -> str:
    """Keep what a job made for an hour; gives the token that finds it again, for the same matter only."""
    token = uuid.uuid4().hex
    cache.set(f"document:{about}:{token}", content, KEPT)
    return token


def kept(about: str, token: str) -> bytes | None:
    """What a job made, if it is still there."""
    return cache.get(f"document:{about}:{token}") if token.isalnum() and len(token) == 32 else None
