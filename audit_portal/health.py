"""/healthz: is the database there, do the workers live, does anything wait too long."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from duties.models import Heartbeat, Notice

SILENT_AFTER = timedelta(minutes=3)


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; the rest is said, so that a dead worker does not stop the pages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    now = timezone.now()
    beats = {beat.name: beat.beat_at for beat in Heartbeat.objects.all()}
    oldest = Notice.objects.pending_email().values_list("created_at", flat=True).first()
    return JsonResponse(
        {
            "database": "ok",
            "worker": _alive(beats.get("worker"), now),
            "tick": _alive(beats.get("tick"), now),
            "oldest_waiting_notice_seconds": int((now - oldest).total_seconds()) if oldest else 0,
        }
    )


def _alive(beat, now) -> str:
    return "ok" if beat and now - beat < SILENT_AFTER else "silent"
