"""Repeated posts: every form that creates something carries a submission id, which counts once."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from trail.models import Submission

FIELD = "submission"
ATTEMPTS = 3
DEADLOCK = "40P01"


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run a POST view in one transaction and only once for its submission id.

    A repeat is sent to where the first post led. A page shown again (the form had mistakes)
    leaves no trace, so the corrected form counts.
    """

    @wraps(view)
    def received(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        for _ in range(ATTEMPTS - 1):
            with suppress(Ring), transaction.atomic():
                return _receive_or_ring(view, request, *args, **kwargs)
        with transaction.atomic():
            return _receive(view, request, *args, **kwargs)

    return received


class Ring(Exception):
    """Two posts waited for each other, and the database let this one go: nothing of it is written, so it may begin
    again.
    """


def _receive_or_ring(view, request: HttpRequest, *args, **kwargs) -> HttpResponse:
    try:
        return _receive(view, request, *args, **kwargs)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == DEADLOCK:
            raise Ring from error
        raise


def _receive(view, request, *args, **kwargs) -> HttpResponse:
    number = submission_id(request)
    _, created = Submission.objects.get_or_create(
        id=number, defaults={"actor_id": request.user.pk, "address": request.path[:200]}
    )
    if not created:
        row = Submission.objects.get(id=number)
        own = row.actor_id == request.user.pk and row.address == request.path[:200]
        return redirect(row.outcome if own and row.outcome else "/")
    response = view(request, *args, **kwargs)
    if isinstance(response, HttpResponseRedirect):
        Submission.objects.filter(id=number).update(outcome=response.url[:300])
    else:
        Submission.objects.filter(id=number).delete()
    return response


def submission_id(request: HttpRequest) -> uuid.UUID:
    """The id in the form; a new one where a client sent none or nonsense."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return uuid.uuid4()
