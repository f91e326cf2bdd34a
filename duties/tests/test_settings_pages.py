"""Settings: the status page and the list of e-mails, for those who look after the portal."""

import csv
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit_portal.testing.factories import make_audit_at, make_email
from duties.models import Delivery, Duty, Heartbeat, Sweep
from duties.sweep import begin, carry_on
from trail.models import Event

pytestmark = pytest.mark.django_db
STATES = Delivery.State
LIST, STATUS = "/settings/e-mails/", "/settings/status/"


def shown(response):
    """The subjects on a page of the list."""
    return [email.subject for email in response.context["page"]]


@pytest.fixture
def emails(cast):
    """One in each state, each with a subject of its own."""
    now = timezone.now()
    return {
        state: make_email(person, state, now - timedelta(hours=age), subject=state)
        for age, (state, person) in enumerate([
            (STATES.SENT, cast.worker), (STATES.PENDING, cast.iro), (STATES.LEASED, cast.director),
            (STATES.DEAD, cast.auditor), (STATES.GIVEN_UP, cast.team_manager),
        ])
    }


@pytest.mark.parametrize(("query", "found"), [
    ({}, ["sent", "pending", "leased", "dead", "given_up"]),
    ({"state": "dead"}, ["dead"]), ({"state": "waiting"}, ["pending", "leased"]), ({"state": "sent"}, ["sent"]),
    ({"state": "given_up"}, ["given_up"]), ({"name": "ADEYEMI"}, ["dead"]), ({"name": "nowak"}, ["sent"]),
    ({"sort": "created"}, ["given_up", "dead", "leased", "pending", "sent"]),
    ({"sort": "recipient", "state": "waiting"}, ["leased", "pending"]),
    ({"sort": "-attempts", "state": "dead"}, ["dead"]), ({"name": "nobody"}, []),
])
def test_emails_are_found_by_state_and_recipient_and_sorted(query, found, emails, cast, sign_in):
    assert shown(sign_in(cast.pq_officer).get(LIST, query)) == found


def test_the_list_downloads_as_it_is_filtered_and_that_is_recorded(emails, cast, sign_in):
    response = sign_in(cast.administrator).get(LIST, {"export": "csv", "state": "dead"})
    heading, row = csv.reader(response.content.decode("utf-8-sig").splitlines())
    assert heading[:3] == ["Recipient", "Address", "Subject"]
    assert row[:4] == [cast.auditor.name, cast.auditor.email, "dead", "Could not be sent"]
    assert row[-1] == "SMTPRecipientsRefused"
    assert Event.objects.get(verb="emails.exported").detail.content["changes"] == {"rows": 1}


def test_more_than_a_page_of_emails_is_paged(cast, sign_in):
    for _ in range(26):
        make_email(cast.worker, STATES.SENT)
    client = sign_in(cast.pq_lead)
    assert len(shown(client.get(LIST))) == 25 and len(shown(client.get(LIST, {"page": 2}))) == 1


def test_an_empty_list_says_what_will_be_here(cast, sign_in):
    assert "What the portal sends shows here" in sign_in(cast.pq_lead).get(LIST).content.decode()


@pytest.mark.parametrize(("page", "state"), [("send-again", STATES.PENDING), ("give-up", STATES.GIVEN_UP)])
def test_a_press_decides_and_leads_back_to_where_it_was(page, state, emails, cast, sign_in):
    dead, back = emails[STATES.DEAD], f"{LIST}?state=dead"
    answer = sign_in(cast.pq_lead).post(f"{LIST}{dead.pk}/{page}/", {"next": back})
    assert (answer.status_code, answer.url) == (302, back)
    dead.refresh_from_db()
    assert dead.state == state


def test_a_press_leads_nowhere_but_to_the_portal(emails, cast, sign_in):
    dead = emails[STATES.DEAD]
    answer = sign_in(cast.pq_lead).post(f"{LIST}{dead.pk}/give-up/", {"next": "https://elsewhere.example/"})
    assert answer.url == LIST


def test_a_second_press_is_refused_with_a_sentence(emails, cast, sign_in):
    client, address = sign_in(cast.pq_lead), f"{LIST}{emails[STATES.DEAD].pk}/give-up/"
    client.post(address)
    answer = client.post(address, follow=True, headers={"referer": f"http://testserver{LIST}"})
    assert "not one that failed any more: given up" in answer.content.decode()


def test_the_status_page_says_what_works_and_what_is_silent(cast, sign_in):
    now = timezone.now()
    page = sign_in(cast.administrator).get(STATUS).content.decode()
    assert page.count("Not heard of yet") == 3 and "Nothing is sent until a worker runs" in page
    for name in ("worker", "tick", "redis", "worker:celery@one"):
        Heartbeat.objects.create(name=name, beat_at=now)
    page = sign_in(cast.pq_lead).get(STATUS).content.decode()
    assert "Not heard of yet" not in page and "1 worker" in page


def test_the_status_page_shows_what_could_not_be_sent_and_the_chart_with_its_table(emails, cast, sign_in):
    page = sign_in(cast.administrator).get(STATUS)
    text = page.content.decode()
    assert "SMTPRecipientsRefused" in text and "Send it again" in text and "1 e-mail sent in the last 24 hours" in text
    assert page.context["sent"] == 1 and len(page.context["bars"]) == len(page.context["hours"]) == 24
    assert max(bar["height"] for bar in page.context["bars"]) <= 110


def test_the_status_page_shows_what_the_nightly_check_put_right(cast, s1, sign_in):
    client, now = sign_in(cast.pq_lead), timezone.now()
    assert "The first check runs tonight" in client.get(STATUS).content.decode()
    audit = make_audit_at("closed", cast, s1)
    Duty.objects.of(audit, "audit.complete").update(closed_at=None, closed_by=None, outcome="")
    carry_on(begin(at=now)[0], at=now)
    text = client.get(STATUS).content.decode()
    assert "Put right" in text and f"Complete an audit: closed (record {audit.pk})" in text
    Sweep.objects.create(started_at=now)
    assert "Not finished" in client.get(STATUS).content.decode()


@pytest.mark.parametrize("address", [STATUS, LIST])
def test_a_page_costs_the_same_for_one_email_and_for_twenty(address, cast, sign_in):
    client, costs = sign_in(cast.pq_lead), []
    for _ in range(2):
        for person in (cast.worker, cast.iro, cast.auditor) * (7 if costs else 1):
            make_email(person, STATES.DEAD, timezone.now())
            make_email(person, STATES.SENT, timezone.now())
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 25


def test_an_officer_finds_the_emails_and_not_the_status(cast, sign_in):
    page = sign_in(cast.pq_officer).get("/settings/").content.decode()
    assert LIST in page and STATUS not in page
    page = sign_in(cast.administrator).get("/settings/").content.decode()
    assert LIST in page and STATUS in page
