"""Addresses of casefiles."""

app_name = "casefiles"
urlpatterns: list = []
