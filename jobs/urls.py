"""Long work: its progress page."""

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [path("<uuid:pk>/", views.progress, name="job-detail")]
