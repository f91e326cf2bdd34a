"""A wrong worker put right in two clicks: by P&Q from the case, by the auditor from the audit (B12)."""

import pytest
from playwright.sync_api import expect

from audit_portal.testing.factories import load_s1, make_audit_at, make_cast
from audit_portal.tests.browser.test_writing import enter
from audits.models import Audit, Response

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shared(transactional_db):
    """An audit whose worker is to answer, and its people."""
    version, cast = load_s1(), make_cast()
    audit = make_audit_at("shared", cast, version)
    Audit.objects.update(respond_by=audit.respond_by.replace(year=2199))  # there is time, whatever day it is
    return audit, cast


def correct_the_worker(visitor, name):
    """Click, type, click."""
    visitor.follow("Correct the worker")
    visitor.fill("Name of the worker", name)
    visitor.page.get_by_role("button", name="Correct the worker").click()
    visitor.page.wait_for_load_state()


def refused(visitor):
    """The form came back with its mistakes, which the browser's console calls an error as well."""
    assert visitor.problems and all("422" in problem for problem in visitor.problems)
    visitor.problems.clear()
    visitor.look()


def finds_it_in_my_work(visitor, staff):
    enter(visitor, staff, "/")
    visitor.sees("Read an audit and answer it")


def test_pq_correct_a_wrong_worker_from_the_case(shared, person):
    audit, cast = shared
    naomi = person()
    enter(naomi, cast.pq_lead, f"/cases/{audit.case_file.reference}/")
    correct_the_worker(naomi, "Amy")
    refused(naomi)
    naomi.sees("Give one of these in full: Amy Lowther, Fostering Team (amy.lowther)")
    assert naomi.page.title().startswith("Error: Correct the worker")
    naomi.fill("Name of the worker", "Lowther, Amy")
    naomi.press("Correct the worker")
    naomi.sees("The list still says Tomasz Nowak.")
    amy = person(phone=True)
    finds_it_in_my_work(amy, cast.other_worker)
    amy.follow("Read an audit and answer it")
    assert Response.objects.get(audit=audit, capacity="worker").staff == cast.other_worker
    naomi.press("Take back the correction of the worker")
    naomi.sees("What the list says counts again")
    assert Response.objects.get(audit=audit, capacity="worker").staff == cast.worker


def test_pq_do_it_without_script_and_on_a_small_screen(shared, person):
    audit, cast = shared
    naomi = person(phone=True, script=False)
    enter(naomi, cast.pq_lead, f"/cases/{audit.case_file.reference}/")
    correct_the_worker(naomi, "amy lowther")
    naomi.sees("The list still says Tomasz Nowak.")
    finds_it_in_my_work(person(), cast.other_worker)


def test_the_auditor_does_it_from_the_audit_and_comes_back(shared, person):
    audit, cast = shared
    grace = person()
    enter(grace, cast.auditor, f"/audits/{audit.number}/")
    grace.follow("Correct the worker")
    grace.fill("Name of the worker", "Amy Lowther")
    grace.press("Correct the worker")
    assert grace.page.url.endswith(f"/audits/{audit.number}/")
    panel = grace.page.locator(".portal-panel", has_text="People on this case")
    expect(panel).to_contain_text("Amy Lowther")
    expect(panel).not_to_contain_text("Tomasz Nowak")
    grace.sees("Worker: Amy Lowther instead of Tomasz Nowak")
    finds_it_in_my_work(person(), cast.other_worker)


def test_pq_write_by_hand_who_once_worked_on_a_case(shared, person):
    audit, cast = shared
    naomi = person(phone=True)
    enter(naomi, cast.pq_lead, f"/cases/{audit.case_file.reference}/")
    naomi.press("Add somebody to the history")
    naomi.page.get_by_role("button", name="Add to the history").click()
    naomi.page.wait_for_load_state()
    refused(naomi)
    naomi.sees("Give the first day")
    naomi.fill("Who worked on this case?", "Lee Leaver")
    naomi.choose("Worker")
    naomi.date("From", audit.allocated_at.date().replace(year=2024))
    naomi.press("Add to the history")
    naomi.sees("Lee Leaver is in the history now")
    naomi.follow("Change Lee Leaver")
    naomi.press("Take this line out")
    naomi.sees("Lee Leaver is taken out of the history")
