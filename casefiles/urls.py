"""Addresses of casefiles. References may hold a slash, so theirs is the last."""

from django.urls import path

from casefiles import case_views, views

app_name = "casefiles"
urlpatterns = [
    path("", views.case_list, name="case-list"),
    path("import/", views.import_new, name="import-new"),
    path("import/<int:pk>/", views.import_detail, name="import-detail"),
    path("import/<int:pk>/confirm/", views.import_confirm, name="import-confirm"),
    path("import/<int:pk>/refused.csv", views.import_refused, name="import-refused"),
    path("people/<int:pk>/<slug:fact>/", case_views.correct, name="case-correct"),
    path("people/<int:pk>/<slug:fact>/take-back/", case_views.take_back, name="case-take-back"),
    path("history/<int:pk>/add/", case_views.history_add, name="history-add"),
    path("history/<int:pk>/<int:line>/", case_views.history_change, name="history-change"),
    path("history/<int:pk>/<int:line>/remove/", case_views.history_remove, name="history-remove"),
    path("<path:reference>/", case_views.case_detail, name="case-detail"),
]
