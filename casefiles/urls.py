"""Addresses of casefiles. References may hold a slash, so theirs is the last."""

from django.urls import path, re_path

from casefiles import case_views, import_views, views

app_name = "casefiles"
urlpatterns = [
    path("", views.case_list, name="case-list"),
    path("import/", import_views.import_new, name="import-new"),
    path("import/remembered/", import_views.learned, name="learned"),
    re_path(r"^import/remembered/(?P<what>list|word)/(?P<pk>[0-9]{1,9})/forget/$", import_views.learned_forget,
            name="learned-forget"),
    path("import/<int:pk>/", import_views.import_detail, name="import-detail"),
    path("import/<int:pk>/columns/", import_views.import_columns, name="import-columns"),
    path("import/<int:pk>/words/", import_views.import_words, name="import-words"),
    path("import/<int:pk>/confirm/", import_views.import_confirm, name="import-confirm"),
    path("import/<int:pk>/again/", import_views.import_rework, name="import-rework"),
    path("import/<int:pk>/throw-away/", import_views.import_discard, name="import-discard"),
    path("import/<int:pk>/refused.csv", import_views.import_refused, name="import-refused"),
    path("people/<int:pk>/<slug:fact>/", case_views.correct, name="case-correct"),
    path("people/<int:pk>/<slug:fact>/take-back/", case_views.take_back, name="case-take-back"),
    path("history/<int:pk>/add/", case_views.history_add, name="history-add"),
    path("history/<int:pk>/<int:line>/", case_views.history_change, name="history-change"),
    path("history/<int:pk>/<int:line>/remove/", case_views.history_remove, name="history-remove"),
    path("<path:reference>/", case_views.case_detail, name="case-detail"),
]
