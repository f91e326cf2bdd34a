"""P&Q's board of all that waits, and what senior leaders are told of it."""

from django.urls import path

from calendars import months  # noqa: F401  the converter `month`
from duties import digest_views
from duties import outstanding_views as views

app_name = "outstanding"
urlpatterns = [
    path("", views.board, name="board"),
    path("remind/", views.remind, name="remind"),
    path("hand-over/", views.hand_over, name="hand-over"),
    path("digests/", digest_views.digests, name="digest-list"),
    path("digests/<month:month>/", digest_views.digest, name="digest-detail"),
]
