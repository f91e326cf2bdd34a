"""Looking after the portal: how it is, its e-mails."""

from django.urls import path

from duties import settings_views as views

app_name = "operations"
urlpatterns = [
    path("", views.index, name="settings"),
    path("status/", views.status_page, name="status"),
    path("e-mails/", views.emails, name="email-list"),
    path("e-mails/<uuid:pk>/send-again/", views.send_again, name="email-send-again"),
    path("e-mails/<uuid:pk>/give-up/", views.give_up, name="email-give-up"),
]
