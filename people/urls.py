"""Addresses of people. A person stands there by our own number: a staff number may hold a slash or be a word."""

from django.urls import path

from people.views import absences, lists, register, roles, staff, units

app_name = "people"
urlpatterns = [
    path("", lists.staff_list, name="staff-list"),
    path("add/", staff.add, name="staff-add"),
    path("me/", staff.me, name="me"),
    path("<int:pk>/", staff.detail, name="staff-detail"),
    path("<int:pk>/change/", staff.change, name="staff-change"),
    path("<int:pk>/come-back/", staff.come_back, name="staff-come-back"),
    path("<int:pk>/roles/", roles.give, name="role-give"),
    path("<int:pk>/roles/<int:grant>/end/", roles.end, name="role-end"),
    path("<int:pk>/absences/", absences.add, name="absence-add"),
    path("<int:pk>/absences/<int:absence>/", absences.change, name="absence-change"),
    path("<int:pk>/absences/<int:absence>/remove/", absences.remove, name="absence-remove"),
    path("<int:pk>/auditor/", register.entry, name="auditor-detail"),
    path("units/", lists.unit_list, name="unit-list"),
    path("units/add/", units.add, name="unit-add"),
    path("units/<int:pk>/", units.change, name="unit-detail"),
    path("units/<int:pk>/close/", units.close, name="unit-close"),
    path("auditors/", register.auditor_list, name="auditor-list"),
    path("auditors/by-role/", register.by_role, name="auditor-by-role"),
]
