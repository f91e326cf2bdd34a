"""All addresses. Words and ids; an address without a row in the access table fails the suite."""

from django.urls import path

from audit_portal import views

urlpatterns = [
    path("", views.my_work, name="my-work"),
]
