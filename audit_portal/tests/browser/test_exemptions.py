"""An exemption by browser: asked, agreed, given to another, seen from every role; one refused."""

import pytest
from django.utils import timezone

from audit_portal.testing.factories import (
    ask_exemption,
    line_manager_first,
    load_s1,
    make_audit,
    make_auditor,
    make_cast,
)
from audit_portal.tests.browser.test_writing import enter
from audits.models import Audit
from calendars.rules import today_in_london
from people.models import Auditor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONTH = today_in_london().replace(day=1)


@pytest.fixture
def council(transactional_db):
    """An audit of this month that Grace was given; Marcus and somebody of P&Q could take it over."""
    version, cast = load_s1(), make_cast()
    audit = make_audit(cast, version, at=timezone.now(), month=MONTH)
    marcus = make_auditor("Marcus Bell", cast.other_team)
    make_auditor("Quinn Quality", cast.quality)
    return cast, audit, marcus


def press_too_soon(person, name):
    """A form with something missing comes back as 422, which a browser writes to its console; the page is looked at."""
    person.page.get_by_role("main").get_by_role("button", name=name).click()
    person.page.locator(".govuk-error-summary").wait_for()
    person.problems.clear()
    person.look()


def ask(person, cast, audit):
    """From the audit's own page."""
    enter(person, cast.auditor, audit.get_absolute_url())
    person.follow("Ask for an exemption")
    press_too_soon(person, "Ask for an exemption")
    person.sees("Choose a reason")
    person.choose("Sickness")
    person.fill("Say a little more", "Off sick until the end of the month")
    person.press("Ask for an exemption")
    person.sees("Only the assistant director can agree it.")


def decides(person, cast, choice):
    """From the duty on My work."""
    enter(person, cast.assistant_director, "/")
    person.follow("Decide whether Grace Adeyemi is exempted")
    person.choose(choice)


@pytest.mark.req("S1-09", "S1-10", "S1-13", "A9")
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_asked_agreed_and_given_to_another_as_every_role_sees_it(script, council, person):
    cast, audit, marcus = council
    grace, simon, naomi, tomasz, mark = (person(script=script) for _ in range(5))
    ask(grace, cast, audit)
    grace.open("/")
    grace.sees("Awaiting decision")
    enter(naomi, cast.pq_lead, f"/rounds/{MONTH:%Y-%m}/progress/")
    naomi.sees("agreed; 1 awaits a decision")
    decides(simon, cast, "Agree: the audit goes to another auditor")
    simon.press("Record this decision")
    simon.sees("Agreed. Grace Adeyemi is told")
    grace.open("/")
    assert audit.number not in grace.page.inner_text("main")
    grace.open("/rounds/my-year/")
    grace.sees("Exempt")
    enter(tomasz, cast.worker, audit.get_absolute_url())
    tomasz.sees("Another auditor is being found")
    naomi.open("/")
    naomi.follow("audit to another auditor")
    naomi.sees("P&Q staff")
    press_too_soon(naomi, "Give the audit to this auditor")
    naomi.sees("Choose an auditor")
    naomi.page.get_by_label("Marcus Bell, Fostering").check()
    naomi.press("Give the audit to this auditor")
    naomi.sees("Marcus Bell audits this case now.")
    tomasz.open("/inbox/")
    tomasz.sees("A case of yours is now being audited by Marcus Bell")
    tomasz.open(audit.get_absolute_url())
    tomasz.sees("Marcus Bell audits this case")
    enter(mark, marcus, "/")
    mark.press("Open the audit")
    mark.sees("I have no connection with this child or family")
    assert grace.page.goto(grace.address + audit.get_absolute_url()).status == 404
    assert Audit.objects.get().auditor == marcus


@pytest.mark.req("S1-09", "S1-65")
def test_refused_the_audit_stays_and_the_auditor_reads_why(council, person):
    cast, audit, _ = council
    grace, simon, owen = person(), person(), person()
    ask(grace, cast, audit)
    enter(owen, cast.other_manager, "/rounds/exemptions/")
    owen.follow("Grace Adeyemi")
    owen.sees("Only the assistant director can agree it.")
    decides(simon, cast, "Refuse: the audit stays")
    press_too_soon(simon, "Record this decision")
    simon.sees("Say why it is refused: the auditor reads it")
    simon.page.get_by_label("What should the auditor know?").fill("Two weeks are left; your manager frees a day")
    simon.press("Record this decision")
    simon.sees("Refused. Grace Adeyemi is told, and the audit stays with them.")
    grace.open("/inbox/")
    grace.press("The exemption was refused")
    grace.sees("Two weeks are left; your manager frees a day")
    grace.open(audit.get_absolute_url())
    grace.sees("Open the audit")


@pytest.mark.req("B6", "S2-33")
def test_a_manager_asks_for_somebody_too_ill_and_the_line_manager_speaks_first(council, person):
    cast, audit, _ = council
    with line_manager_first(audit.version):
        naomi, owen = person(), person()
        enter(naomi, cast.pq_lead, "/rounds/exemptions/")
        naomi.follow("Ask for an exemption, for yourself or for somebody who cannot")
        naomi.page.get_by_label("Auditor or audit number").fill("adeyemi")
        naomi.page.get_by_role("main").get_by_role("button", name="Search").click()
        naomi.page.get_by_role("main").get_by_role("link", name="Ask for an exemption from").click()
        naomi.choose("Sickness")
        naomi.fill("Say a little more", "In hospital")
        naomi.press("Ask for an exemption")
        naomi.sees("The line manager speaks first.")
        enter(owen, cast.other_manager, "/")
        owen.follow("Speak with Grace Adeyemi about an exemption")
        owen.choose("Yes, they cannot do this audit")
        owen.press("Send on for decision")
        owen.sees("Owen Pritchard supports it")
        owen.sees("Only the assistant director can agree it.")


def test_the_pages_are_fit_for_a_phone(council, person):
    cast, audit, _ = council
    Auditor.objects.filter(staff=cast.auditor).update(capacity=2)
    exemption = ask_exemption(audit.allocation, at=timezone.now())
    simon, naomi, grace = person(phone=True), person(phone=True), person(phone=True)
    enter(simon, cast.assistant_director, exemption.get_absolute_url())
    enter(naomi, cast.pq_lead, "/rounds/exemptions/")
    for path in ("/rounds/exemptions/ask/", f"/audits/{audit.number}/reallocate/", "/audits/",
                 f"/rounds/{MONTH:%Y-%m}/progress/"):
        naomi.open(path)
    enter(grace, cast.auditor, audit.get_absolute_url())
    grace.open("/rounds/my-year/")
