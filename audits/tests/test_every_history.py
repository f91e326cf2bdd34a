"""Every answer of an audit has its history, wherever in the audit it stands."""

import pytest

from audit_portal.testing.factories import START, fill_in, load_programme, make_audit_at

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.parametrize("slug", ["s1", "s2", "s4"])
def test_the_earlier_texts_of_every_answer_are_shown(slug, cast, client):
    audit = make_audit_at("in_progress", cast, load_programme(slug))
    fill_in(audit, START)
    client.force_login(cast.auditor, backend=BACKEND)
    asked = 0
    for answer in audit.answers.all():
        page = client.get(f"/audits/{audit.number}/answers/{answer.pk}/")
        if page.status_code == 404:  # the programme does not ask it
            continue
        asked += 1
        assert "Earlier texts of this answer" in page.text and "Back to" in page.text, answer.field
    assert asked >= 25
    fields = set(audit.answers.values_list("field", flat=True))
    assert "worker_said" in fields and any(field.startswith("view-") for field in fields)
