"""Addresses of volunteering, under those of people."""

from django.urls import path

from duties import people_views as views

app_name = "volunteering"
urlpatterns = [
    path("<int:pk>/volunteer/", views.volunteer, name="volunteer"),
    path("<int:pk>/volunteer/answer/", views.answer, name="answer"),
]
