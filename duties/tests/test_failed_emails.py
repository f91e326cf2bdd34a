"""E-mails that could not be sent: sent again as the same e-mail, or given up; who did it is in the trail."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START, make_audit, make_email
from duties import delivery, failed_emails
from duties.models import Delivery
from people.models import Staff
from people.refusals import Refused
from trail.models import Event

pytestmark = pytest.mark.django_db
NOW = START + timedelta(days=2)
STATES = Delivery.State
LOOKS_AFTER = {"pq_lead", "pq_officer", "administrator"}


@pytest.fixture
def dead(cast, s1):
    """What the auditor is told of an audit: packed, and tried in vain for a day. All others have theirs."""
    make_audit(cast, s1)
    delivery.pack(START)
    Delivery.objects.exclude(recipient=cast.auditor).update(state=STATES.SENT, sent_at=START)
    Delivery.objects.filter(recipient=cast.auditor).update(state=STATES.DEAD, attempts=13, last_error="SMTPException")
    return Delivery.objects.get(recipient=cast.auditor)


def trail(verb):
    """Who did it and when."""
    return list(Event.objects.filter(verb=verb).values_list("actor_id", "target_id", "at"))


def test_it_goes_out_again_as_the_same_email(dead, cast, mailoutbox):
    failed_emails.send_again(delivery=dead, by=cast.administrator, at=NOW)
    assert delivery.drain(NOW) == 1
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<{dead.pk}@audit-portal>"
    dead.refresh_from_db()
    assert (dead.state, dead.sent_at, dead.attempts, dead.last_error) == (STATES.SENT, NOW, 14, "")
    assert trail("email.sent_again") == [(cast.administrator.pk, str(dead.pk), NOW)]


def test_it_goes_to_the_address_that_the_person_has_now(dead, cast, mailoutbox):
    Staff.objects.filter(pk=cast.auditor.pk).update(email="grace.new@northbrook.example")
    failed_emails.send_again(delivery=dead, by=cast.pq_lead, at=NOW)
    delivery.drain(NOW)
    assert mailoutbox[0].to == ["grace.new@northbrook.example"]


def test_given_up_it_is_never_sent_unless_somebody_thinks_better_of_it(dead, cast, mailoutbox):
    failed_emails.give_up(delivery=dead, by=cast.pq_officer, at=NOW)
    assert delivery.drain(NOW + timedelta(days=3)) == 0
    assert trail("email.given_up") == [(cast.pq_officer.pk, str(dead.pk), NOW)]
    failed_emails.send_again(delivery=dead, by=cast.pq_officer, at=NOW)
    assert delivery.drain(NOW) == 1


@pytest.mark.parametrize("verb", [failed_emails.send_again, failed_emails.give_up])
@pytest.mark.parametrize("state", [STATES.PENDING, STATES.LEASED, STATES.SENT])
def test_only_what_failed_is_anybodys_to_decide_on(verb, state, cast):
    email = make_email(cast.auditor, state)
    with pytest.raises(Refused, match=email.get_state_display().lower()):
        verb(delivery=email, by=cast.pq_lead, at=NOW)


def test_what_is_given_up_is_not_given_up_again(dead, cast):
    failed_emails.give_up(delivery=dead, by=cast.pq_lead, at=NOW)
    with pytest.raises(Refused, match="given up"):
        failed_emails.give_up(delivery=dead, by=cast.pq_lead, at=NOW)
    assert len(trail("email.given_up")) == 1


@pytest.mark.parametrize("verb", [failed_emails.send_again, failed_emails.give_up])
def test_who_may_decide(verb, cast):
    for name, person in cast.everyone().items():
        email = make_email(cast.auditor, STATES.DEAD)
        if name in LOOKS_AFTER:
            verb(delivery=email, by=person, at=NOW)
        else:
            with pytest.raises(PermissionDenied, match="Performance and Quality or an administrator"):
                verb(delivery=email, by=person, at=NOW)


def test_who_sees_the_emails(dead, cast):
    """All or nothing: they are not case content."""
    for name, person in cast.everyone().items():
        assert Delivery.objects.visible_to(person).exists() == (name in LOOKS_AFTER), name
