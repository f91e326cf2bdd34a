"""The inbox: what one was told, filtered by the address."""

import pytest
from django.utils import timezone

from audit_portal.testing.factories import make_audit
from duties.models import Notice
from duties.workflow import close_all
from trail.models import Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def inbox(client, cast, s1):
    """The auditor's inbox, with the audit that was given to them."""
    make_audit(cast, s1)
    client.force_login(cast.auditor, backend=BACKEND)
    return lambda query="": client.get(f"/inbox/{query}").content.decode()


def rows(answer):
    return answer.count("/open/")


@pytest.mark.parametrize(("query", "expected"), [
    ("", 1), ("?show=unread", 1), ("?show=todo", 1), ("?event=duty.opened", 1), ("?event=audit.cancelled", 0),
    ("?sort=told", 1), ("?show=nonsense", 1), ("?page=99", 1),
])
def test_the_address_filters(query, expected, inbox):
    assert rows(inbox(query)) == expected


def test_what_is_read_is_not_new_any_more_and_leads_to_what_it_is_about(inbox, client, cast):
    assert "1 is not read." in inbox()
    notice = Notice.objects.get(recipient=cast.auditor, channel="inbox")
    assert client.post(f"/inbox/{notice.pk}/open/").url == notice.url
    assert "You have read everything." in inbox()
    assert rows(inbox("?show=unread")) == 0


def test_what_is_done_says_so(inbox, cast):
    from duties.registry import kind

    audit = kind("audit.complete").model.objects.get()
    assert "Still to do" in inbox()
    close_all(audit, by=cast.pq_lead, at=timezone.now(), outcome="done")
    answer = inbox()
    assert 'govuk-tag--green">Done' in answer and 'govuk-tag--grey">Still to do' not in answer
    assert rows(inbox("?show=todo")) == 0


def test_nobody_reads_what_somebody_else_was_told(inbox, client, cast):
    notice = Notice.objects.get(recipient=cast.auditor, channel="inbox")
    client.force_login(cast.worker, backend=BACKEND)
    assert client.post(f"/inbox/{notice.pk}/open/").status_code == 404


def test_the_file_has_what_is_shown(inbox, client):
    said = client.get("/inbox/?export=csv").content.decode()
    assert "Finish and share your November audit" in said
    assert Event.objects.filter(verb="inbox.exported").count() == 1
