"""The progress of a round, under /rounds/: a page that shows audits belongs here, not to allocations."""

from django.urls import path

from allocations import months  # noqa: F401  the converters
from audits.views import rounds

app_name = "rounds"
urlpatterns = [
    path("<round:key>/progress/", rounds.progress, name="round-progress"),
]
