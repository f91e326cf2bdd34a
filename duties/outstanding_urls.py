"""P&Q's board of all that waits."""

from django.urls import path

from duties import outstanding_views as views

app_name = "outstanding"
urlpatterns = [
    path("", views.board, name="board"),
    path("remind/", views.remind, name="remind"),
    path("hand-over/", views.hand_over, name="hand-over"),
]
