"""Reading the trail: the timeline of one record."""

from django.db import models

from trail.models import Event


def events_of(subject: models.Model) -> models.QuerySet[Event]:
    """Everything recorded about `subject`, newest first, with the detail in words."""
    return (
        Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        .select_related("detail")
        .order_by("-at", "-id")
    )
