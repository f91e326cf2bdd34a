"""Addresses of challenges."""

app_name = "challenges"
urlpatterns: list = []
