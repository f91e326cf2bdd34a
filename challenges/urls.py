"""Addresses of reading and answering a shared audit, and of its challenges."""

from django.urls import path

from challenges import views

app_name = "challenges"
urlpatterns = [
    path("<slug:number>/read/", views.read, name="read"),
    path("<slug:number>/challenges/<int:pk>/", views.challenge, name="challenge-detail"),
    path("<slug:number>/challenges/<int:pk>/withdraw/", views.withdraw, name="challenge-withdraw"),
]
