"""Calendars by their secret addresses."""

from django.urls import path

from duties import calendar_views as views

app_name = "calendar"
urlpatterns = [path("<str:token>.ics", views.feed, name="feed")]
