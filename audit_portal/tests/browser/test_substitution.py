"""A case substituted, and an audit not completed, as everybody concerned sees it."""

from datetime import time

import pytest
from django.utils import timezone

from audit_portal.testing.factories import (
    load_s1,
    make_audit,
    make_case,
    make_cast,
    make_staff,
    publish_round,
)
from audit_portal.tests.browser.test_writing import enter
from audits import tasks
from audits.models import Audit
from calendars.rules import add_months_clamped, at_london, today_in_london

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KNOWN = "I have a connection with this child or family"


@pytest.fixture
def council(transactional_db):
    """One audit of this month; three reserves, each with a worker of its own."""
    version, cast = load_s1(), make_cast()
    for number in range(4):
        make_case(f"800000{number}", cast.team, make_staff(f"Worker Number{number}", cast.team), iro=cast.iro)
    publish_round(cast, version, today_in_london().replace(day=1), timezone.now())
    return cast


@pytest.mark.req("B4", "S1-66")
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_auditor_with_a_connection_gets_another_case(script, council, person):
    cast, old = council, Audit.objects.get()
    grace, naomi, before, after = (person(script=script) for _ in range(4))
    enter(grace, cast.auditor, "/")
    grace.follow(old.number)
    grace.follow(KNOWN)
    grace.fill("What is your connection?", "Our children are in the same class.")
    grace.press("Tell Performance and Quality")
    grace.sees("You do not audit this case")
    new = take_the_next(naomi, cast, old)
    enter(before, old.case_file.worker, "/inbox/")
    before.sees("A case of yours is not audited any more")
    before.open(f"/audits/{old.number}/")
    before.sees("This case is not audited any more: another case was taken instead.")
    enter(after, new.case_file.worker, "/inbox/")
    after.sees(f"A case of yours is being audited by {cast.auditor}")
    grace.open("/")
    grace.follow(new.number)
    grace.choose("I have no connection with this child or family")
    grace.press("Open the audit")
    grace.sees("0 of ")


def take_the_next(naomi, cast, old):
    """P&Q see the reserve that comes next and take it; the certificate says so."""
    enter(naomi, cast.pq_lead, old.get_absolute_url())
    naomi.open(f"/rounds/{old.month:%Y-%m}/progress/")
    naomi.sees("The auditor has a connection")
    naomi.open("/")
    naomi.follow(f"Give {cast.auditor} another case")
    naomi.sees("Our children are in the same class.")
    naomi.press("Substitute this case")
    naomi.sees("takes the place of")
    new = Audit.objects.get(status="allocated")
    naomi.open(f"/rounds/{old.month:%Y-%m}/draw/")
    naomi.sees("Substituted")
    return new


@pytest.mark.req("S1-66")
def test_cancelling_is_offered_only_to_whom_it_is_given(council, person):
    cast, audit = council, Audit.objects.get()
    naomi, simon = person(), person(phone=True)
    enter(naomi, cast.pq_lead, audit.get_absolute_url())
    assert naomi.page.get_by_role("link", name="Cancel this audit").count() == 0
    enter(simon, cast.assistant_director, audit.get_absolute_url())
    simon.follow("Cancel this audit")
    simon.fill("Why is this audit cancelled?", "The family moved to another council.")
    simon.press("Cancel this audit")
    simon.sees("This audit is cancelled.")


@pytest.mark.req("S1-63", "S1-65", "S2-31")
def test_an_audit_not_completed_is_told_and_seen(transactional_db, person):
    version, cast = load_s1(), make_cast()
    month = add_months_clamped(today_in_london().replace(day=1), -1)
    audit = make_audit(cast, version, at=at_london(month, time(9)), month=month)
    tasks.tell_of_missed()
    owen, naomi, leo = person(), person(phone=True), person()
    enter(owen, cast.other_manager, "/inbox/")
    owen.press(f"{cast.auditor} did not complete an audit in time")
    owen.sees("Not completed")
    owen.sees(audit.number)
    enter(naomi, cast.pq_lead, "/reports/not-completed/")
    naomi.sees(cast.auditor.name)
    naomi.follow(audit.number)
    enter(leo, cast.leader, "/reports/not-completed/")
    leo.sees("Names are for Performance and Quality")
    assert cast.auditor.name not in leo.page.inner_text("main")


def test_the_pages_of_a_substitution_are_fit_for_a_phone(council, person):
    cast, audit = council, Audit.objects.get()
    grace, naomi = person(phone=True), person(phone=True)
    enter(grace, cast.auditor, f"/audits/{audit.number}/connection/")
    enter(naomi, cast.pq_lead, f"/audits/{audit.number}/substitute/")
    naomi.sees("What comes next")
