"""A leaver's work is handed on: one page, one press, with a script and without; the leaver is signed out at once."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from audit_portal.testing.factories import START, load_s1, make_audit_at, make_case, make_cast
from audit_portal.tests.access.world import BACKEND
from audit_portal.tests.browser.test_writing import enter
from calendars.rules import today_in_london
from casefiles.involvements import keep_history
from casefiles.models import CaseFile
from duties.models import Duty
from people.models import Absence, Auditor, Staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRESS = "Hand everything on: Tomasz Nowak leaves"


@pytest.fixture
def council(transactional_db):
    """A worker with an audited case that waits for their answer, and two more cases."""
    version, cast = load_s1(), make_cast()
    audit = make_audit_at("shared", cast, version)
    for reference in ("4000001", "4000002"):
        make_case(reference, cast.team, cast.worker)
    keep_history(START.date())
    return audit, cast


def handed_on(audit, cast):
    """What must be true afterwards, whichever way it was pressed."""
    workers = dict(CaseFile.objects.values_list("reference", "worker__name"))
    assert workers == {audit.case_file.reference: "Amy Lowther", "4000001": "Owen Pritchard", "4000002": "Amy Lowther"}
    assert not Duty.objects.open().filter(holder=cast.worker).exists()
    assert not Staff.objects.get(pk=cast.worker.pk).is_active
    assert cast.worker.involvements.filter(until_on=None).count() == 0
    assert cast.worker.involvements.count() == 3


def fill_in(person):
    person.page.get_by_label("Who takes over as worker?").fill("Amy Lowther (amy.lowther)")
    person.page.get_by_text("Choose for single case files").click()
    person.page.get_by_label("Case 4000001").fill("owen pritchard")


def test_a_leavers_cases_are_handed_on_with_one_press(council, person):
    audit, cast = council
    tomasz, naomi = person(), person()
    enter(tomasz, cast.worker, "/")
    enter(naomi, cast.pq_lead, "/people/")
    naomi.follow("Tomasz Nowak")
    naomi.sees("Answer a shared audit: 1")
    naomi.press("Tomasz Nowak leaves")
    naomi.sees("Worker of 3 open case files")
    fill_in(naomi)
    naomi.page.get_by_label("Who takes over as worker?").fill("Amy Nobody")
    naomi.press(PRESS)
    assert naomi.page.title().startswith("Error:")
    naomi.page.get_by_role("link", name="Nobody who works here is called “Amy Nobody”").click()
    assert naomi.page.evaluate("document.activeElement.id") == "id_all-worker"
    naomi.page.get_by_label("Who takes over as worker?").fill("Amy Lowther")
    naomi.press(PRESS)
    naomi.sees("Tomasz Nowak has left. All that they held is handed on.")
    handed_on(audit, cast)
    tomasz.page.goto(tomasz.address + "/")
    assert "/sign-in/" in tomasz.page.url
    naomi.press("Let Tomasz Nowak come back")
    naomi.sees("Tomasz Nowak can sign in again.")


def test_a_leavers_cases_are_handed_on_without_a_script(council, person, browser):
    audit, cast = council
    naomi = person()
    context = browser.new_context(java_script_enabled=False)
    client = Client()
    client.force_login(cast.pq_lead, backend=BACKEND)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "path": "/",
              "domain": urlsplit(naomi.address).hostname}
    context.add_cookies([cookie])
    naomi.page = context.new_page()
    naomi.page.goto(f"{naomi.address}/people/{cast.worker.pk}/leave/")
    fill_in(naomi)
    naomi.page.get_by_role("button", name=PRESS).click()
    naomi.sees("Tomasz Nowak has left. All that they held is handed on.")
    handed_on(audit, cast)
    context.close()


def test_the_pages_of_people_are_fit_for_a_phone(council, person):
    _, cast = council
    today = today_in_london()
    Absence.objects.create(staff=cast.worker, starts_on=today, ends_on=today + timedelta(days=3),
                           cover=cast.other_worker, recorded_by=cast.worker)
    Auditor.objects.create(staff=cast.iro, basis="volunteer")
    naomi, team, worker = person(phone=True), cast.team, cast.worker.pk
    enter(naomi, cast.pq_lead, "/people/")
    for path in ("add/", f"{worker}/", f"{worker}/change/", f"{worker}/roles/", f"{worker}/absences/",
                 f"{worker}/absences/{cast.worker.absences.get().pk}/", f"{worker}/leave/", f"{worker}/auditor/",
                 f"{cast.iro.pk}/auditor/", f"{cast.leaver.pk}/",
                 f"{worker}/roles/{cast.worker.role_grants.get().pk}/end/",
                 "units/", "units/add/", f"units/{team.pk}/", "auditors/", "auditors/by-role/"):
        naomi.open(f"/people/{path}")
    tomasz = person(phone=True)
    enter(tomasz, cast.worker, f"/people/{worker}/")
    tomasz.open(f"/people/{worker}/volunteer/")
    tomasz.open(f"/people/{cast.pq_lead.pk}/")
