"""One's own preferences."""

from django.urls import path

from duties import preference_views as views

app_name = "preferences"
urlpatterns = [
    path("", views.preferences, name="preferences"),
    path("calendar/make/", views.make_address, name="address-make"),
    path("calendar/revoke/", views.revoke_address, name="address-revoke"),
]
