"""Addresses of people."""

from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("", views.staff_list, name="staff-list"),
    path("units/", views.unit_list, name="unit-list"),
    path("auditors/", views.auditor_list, name="auditor-list"),
]
