"""Settings of the programmes."""

from django.urls import path

from programmes import views

app_name = "programmes"
urlpatterns = [
    path("ladders/", views.ladder_list, name="ladder-list"),
    path("ladders/<int:pk>/", views.ladder_detail, name="ladder-detail"),
]
