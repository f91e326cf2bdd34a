"""The inbox."""

from django.urls import path

from duties import views

app_name = "duties"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:pk>/open/", views.open_notice, name="notice-open"),
    path("read/", views.mark_all_read, name="inbox-read"),
]
