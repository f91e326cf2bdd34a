"""Addresses that no page offers, and where a refused step leads."""

import pytest

from audit_portal.testing.factories import make_audit_at

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.parametrize("address", ["/search/?q=%00", "/follow-up/?team=a%00b", "/cases/%00/", "/audits/?auditor=%00"])
def test_an_address_with_the_nul_sign_is_a_mistake_of_the_sender(address, cast, client):
    client.force_login(cast.pq_lead, backend=BACKEND)
    assert client.get(address).status_code == 400


def test_nobody_is_signed_in_by_a_name_that_no_text_can_be(db, client):
    assert client.post("/demo/sign-in/", {"person": "\0"}).status_code == 404


PLACES = [
    ("http://testserver/audits/", "http://testserver/audits/"),
    ("https://elsewhere.example/audits/", "/"),
    ("//elsewhere.example/", "/"),
    ("javascript:alert(1)", "/"),
    ("", "/"),
]


@pytest.mark.parametrize(("referer", "wanted"), PLACES)
def test_a_refused_step_leads_back_to_a_page_of_ours(referer, wanted, cast, s1, client):
    audit = make_audit_at("closed", cast, s1)
    client.force_login(cast.auditor, backend=BACKEND)
    answer = client.post(f"/audits/{audit.number}/open/", {"no_connection": "yes"}, headers={"referer": referer})
    assert answer.status_code == 302 and answer.url == wanted
