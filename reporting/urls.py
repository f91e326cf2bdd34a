"""Addresses of the reports: the month, then what is wanted of it."""

from django.urls import path

from allocations import months  # noqa: F401  the converter `month`
from reporting import not_completed_views, views

app_name = "reporting"
urlpatterns = [
    path("", views.index, name="report-index"),
    path("not-completed/", not_completed_views.not_completed, name="not-completed"),
    path("not-completed/chart.svg", not_completed_views.chart, name="chart-not-completed"),
    path("<month:month>/", views.month, name="dashboard"),
    path("<month:month>/figures.csv", views.figures_csv, name="dashboard-csv"),
    path("<month:month>/charts/grades.svg", views.grades_chart, name="chart-grades"),
]
