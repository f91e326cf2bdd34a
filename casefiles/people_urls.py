"""The address of leaving, under those of people: it shows case files too."""

from django.urls import path

from casefiles import people_views as views

app_name = "leaving"
urlpatterns = [path("<int:pk>/leave/", views.leave, name="staff-leave")]
