"""/healthz: is the database there, do Redis and the workers live, does anything wait too long.

A view of our own and not django-health-check: its checks open Redis from a web request, which no page of ours does.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from duties import status


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; what is silent is said, so that a dead worker does not stop the pages."""
    now = timezone.now()
    signs, oldest = status.signs(now), status.oldest_unsent(now)
    words = {"redis": signs.redis.word, "worker": signs.work.word, "tick": signs.tick.word}
    return JsonResponse(
        {
            "database": "ok",
            **words,
            "silent": [name for name, word in words.items() if word == "silent"],
            "workers": signs.workers,
            "last_tick": signs.tick.seen_at,
            "oldest_unsent_email_seconds": max(int((now - oldest).total_seconds()), 0) if oldest else 0,
            "dead_emails": status.dead_emails(),
        }
    )
