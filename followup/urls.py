"""Addresses of follow-up: Part B by the number of its audit."""

from django.urls import path

from followup import views

app_name = "followup"
urlpatterns = [
    path("", views.part_bs, name="part-b-list"),
    path("<slug:number>/", views.part_b, name="part-b-detail"),
    path("<slug:number>/supervision/", views.record_supervision, name="supervision-record"),
    path("<slug:number>/actions/<int:pk>/confirm/", views.confirm, name="action-confirm"),
    path("<slug:number>/actions/<int:pk>/give-up/", views.give_up, name="action-give-up"),
    path("<slug:number>/return/", views.return_to_pq, name="part-b-return"),
]
