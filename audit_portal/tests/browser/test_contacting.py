"""Contact by browser: two attempts, one click to the group manager, what came of it; with and without script."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit_portal.testing.factories import load_s1, make_audit, make_audit_on, make_cast, prepared_before
from audit_portal.tests.browser.test_exemptions import press_too_soon
from audit_portal.tests.browser.test_writing import enter
from audits.models import ContactAttempt, Escalation, Preparation
from calendars.rules import london_date, today_in_london

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def council(transactional_db):
    """An audit that Grace was given a few days ago."""
    version, cast = load_s1(), make_cast()
    given = timezone.now() - timedelta(days=3)
    return cast, make_audit(cast, version, at=given, month=london_date(given).replace(day=1)), version


def attempt(grace, day, how, answer):
    grace.follow("Record an attempt to reach Tomasz Nowak")
    grace.date("On which day?", day)
    grace.choose(how)
    grace.choose(answer)
    grace.press("Record this attempt")


@pytest.mark.req("S1-20", "S1-22")
@pytest.mark.parametrize("options", [{}, {"phone": True}, {"script": False}], ids=["desk", "phone", "no script"])
def test_nobody_answers_twice_and_the_group_manager_sees_to_it(options, council, person):
    cast, audit, _ = council
    grace, colin = person(**options), person(**options)
    today = today_in_london()
    enter(grace, cast.auditor, f"/audits/{audit.number}/")
    grace.follow("Contact and consultation")
    grace.sees("Tomasz Nowak, worker")
    attempt(grace, today - timedelta(days=1), "Phone", "No answer")
    grace.sees("after 1 more attempt without an answer, on another day")
    assert not grace.page.get_by_role("button", name="Escalate").count()
    attempt(grace, today, "E-mail", "I left a message")
    grace.press("Escalate to the group manager")
    grace.sees("Escalated. Colin Beckett is told")
    assert not grace.page.get_by_role("button", name="Escalate").count()
    enter(colin, cast.group_manager, "/")
    colin.follow("Somebody does not answer an auditor")
    colin.sees("What was tried")
    colin.fill("What came of it?", "Back on Monday, and rings you then")
    colin.press("Resolve this escalation")
    colin.sees("Back on Monday")
    assert Escalation.objects.get().status == "resolved"
    enter(grace, cast.auditor, Escalation.objects.get().get_absolute_url())
    grace.sees("Back on Monday")


def test_an_attempt_with_something_missing_says_what(council, person):
    cast, audit, _ = council
    grace = person()
    enter(grace, cast.auditor, f"/audits/{audit.number}/contact/attempt/")
    press_too_soon(grace, "Record this attempt")
    grace.sees("Choose a person")
    assert grace.page.title().startswith("Error:")
    assert not ContactAttempt.objects.exists()


@pytest.mark.req("S4-05")
def test_the_worker_confirms_before_the_audit_day(council, person):
    cast, _, version = council
    day = today_in_london() + timedelta(days=70)
    with prepared_before(version):
        make_audit_on(day, cast, version, "3071847", at=timezone.now())
        tomasz = person()
        enter(tomasz, cast.worker, "/")
        tomasz.follow("Confirm that the record is up to date for an audit")
        tomasz.press("Confirm that the record is up to date")
        tomasz.press("Confirm that I will be there")
        assert Preparation.objects.count() == 2
        assert not tomasz.page.get_by_role("button", name="Confirm").count()
