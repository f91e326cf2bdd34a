"""The status page and the e-mails: by links and buttons, with a script and without, on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit_portal.testing.factories import load_s1, make_audit_at, make_cast, make_email
from audit_portal.tests.browser.test_writing import enter
from duties.models import Delivery, Duty, Heartbeat
from duties.sweep import begin, carry_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STATES = Delivery.State


@pytest.fixture
def cast(transactional_db):
    """A portal whose workers live and whose clock is silent, with e-mails of each state, and one night's check."""
    version, cast = load_s1(), make_cast()
    now = timezone.now()
    audit = make_audit_at("closed", cast, version)
    Duty.objects.of(audit, "audit.complete").update(closed_at=None, closed_by=None, outcome="")
    carry_on(begin(at=now)[0], at=now)
    for name in ("worker", "redis", "worker:celery@one", "worker:celery@two"):
        Heartbeat.objects.create(name=name, beat_at=now + timedelta(minutes=5))
    Heartbeat.objects.create(name="tick", beat_at=now - timedelta(days=1))
    for hours in range(20):
        make_email(cast.worker, STATES.SENT, now - timedelta(hours=hours))
    make_email(cast.auditor, STATES.DEAD, now - timedelta(days=2), subject="Audit Portal: read an audit and answer it")
    make_email(cast.iro, STATES.DEAD, now - timedelta(days=3), subject="Audit Portal: due today: answer an audit")
    make_email(cast.iro, STATES.PENDING, now)
    return cast


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_lead_sees_what_is_silent_and_sends_again_what_failed(script, cast, person):
    naomi = person(script=script)
    enter(naomi, cast.pq_lead, "/")
    naomi.follow("Settings")
    naomi.follow("Status")
    for text in ("2 workers", "Silent since", "2 e-mails", "Complete an audit: closed", "SMTPRecipientsRefused"):
        naomi.sees(text)
    naomi.press("Send it again to Maureen Doyle")
    naomi.sees("The e-mail to Maureen Doyle goes out again within a minute.")
    assert naomi.page.url.endswith("/settings/status/")
    naomi.follow("All e-mails")
    naomi.page.get_by_label("State").select_option("dead")
    naomi.press("Show")
    naomi.sees("1 e-mail")
    naomi.press("Give it up for Grace Adeyemi")
    naomi.sees("The e-mail to Grace Adeyemi is given up.")
    naomi.sees("No e-mail here.")
    assert "state=dead" in naomi.page.url
    assert Delivery.objects.get(recipient=cast.auditor).state == STATES.GIVEN_UP


def test_the_pages_are_fit_for_a_phone(cast, person):
    ada = person(phone=True)
    enter(ada, cast.administrator, "/settings/")
    ada.open("/settings/status/")
    ada.page.get_by_text("View as table").click()
    ada.look()
    ada.open("/settings/e-mails/")
    olga = person(phone=True)
    enter(olga, cast.pq_officer, "/settings/")
    olga.follow("E-mails")
