"""Addresses of casefiles. References may hold a slash, so theirs is the last."""

from django.urls import path

from casefiles import views

app_name = "casefiles"
urlpatterns = [
    path("", views.case_list, name="case-list"),
    path("import/", views.import_new, name="import-new"),
    path("import/<int:pk>/", views.import_detail, name="import-detail"),
    path("import/<int:pk>/confirm/", views.import_confirm, name="import-confirm"),
    path("import/<int:pk>/refused.csv", views.import_refused, name="import-refused"),
    path("<path:reference>/", views.case_detail, name="case-detail"),
]
