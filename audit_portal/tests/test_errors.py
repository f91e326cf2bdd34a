"""Error pages: each in the portal's look, with a sentence that says what to do; a lost database says so."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from audit_portal import views

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so(cast, client):
    client.force_login(cast.auditor, backend=BACKEND)
    answer = client.get("/audits/A-2020-01-0001/")
    assert answer.status_code == 404 and "Page not found" in answer.text


@pytest.mark.django_db
def test_a_refusal_says_who_may(cast, client):
    client.force_login(cast.worker, backend=BACKEND)
    answer = client.get("/rounds/")
    assert answer.status_code == 403 and "Only Performance and Quality" in answer.text


@pytest.mark.parametrize(("view", "status"), [(views.server_error, 500), (lambda r: views.bad_request(r, None), 400)])
def test_a_fault_of_ours_needs_no_database_for_its_page(view, status):
    answer = view(RequestFactory().get("/"))
    assert answer.status_code == status and "Audit Portal" in answer.text


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_said_and_no_text_thrown_away(cast):
    client = Client(raise_request_exception=False)
    client.force_login(cast.auditor, backend=BACKEND)
    connection.close()
    kept, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nowhere"
    try:
        answer = client.post("/audits/A-2026-11-0001/answers/", {"field": "strengths", "value": "Typed"})
    finally:
        connection.settings_dict["HOST"] = kept
    assert answer.status_code == 503 and "Nothing that was saved is lost" in answer.text
