"""The progress of a round, under /rounds/: a page that shows audits belongs here, not to allocations."""

from django.urls import path

from allocations import months  # noqa: F401  the converter `month`
from audits.views import rounds

app_name = "rounds"
urlpatterns = [
    path("<month:month>/progress/", rounds.progress, name="round-progress"),
]
