"""Preferences by browser: when one is e-mailed, the address of one's calendar made, read without a session, revoked."""

from urllib.parse import urlsplit

import icalendar
import pytest

from audit_portal.testing.factories import load_s1, make_audit, make_cast
from audit_portal.tests.browser.test_writing import enter
from duties.models import FeedAddress, Preference
from duties.preferences import how

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "Copy it now: it is shown this once"


@pytest.fixture
def council(transactional_db):
    """Grace has an audit to do."""
    version, cast = load_s1(), make_cast()
    return cast, make_audit(cast, version)


def address_shown(person):
    """The path of the address on the page; the host is that of the real portal."""
    return urlsplit(person.page.get_by_label(ADDRESS).input_value()).path


def read(browser, person, path):
    """Status and events of a calendar, as a program without a session gets them."""
    context = browser.new_context()
    answer = context.request.get(person.address + path)
    events = icalendar.Calendar.from_ical(answer.body()).events if answer.ok else []
    context.close()
    return answer.status, [str(event["SUMMARY"]) for event in events]


def to_preferences(person, staff):
    """From the menu at one's name."""
    enter(person, staff, "/")
    person.page.locator(".portal-menu summary").click()
    person.follow("Preferences and calendar")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_chosen_made_read_without_a_session_and_revoked(script, council, person, browser):
    cast, audit = council
    grace = person(script=script)
    to_preferences(grace, cast.auditor)
    grace.sees("Always at once. This cannot be changed.")
    grace.page.get_by_role("group", name="Audits I do").get_by_label("Once a day, soon after 8am").check()
    grace.press("Save these choices")
    grace.sees("Your preferences are saved.")
    assert grace.page.get_by_role("group", name="Audits I do").get_by_label("Once a day, soon after 8am").is_checked()
    assert how(cast.auditor, "audit.complete") == Preference.How.DAILY

    grace.sees("You have no address yet.")
    grace.press("Make an address")
    first = address_shown(grace)
    events = [f"{what} {audit.number}" for what in ("Contact the people of a case", "Complete an audit")]
    assert read(browser, grace, first) == (200, events)
    grace.press("Make a new address")
    second = address_shown(grace)
    assert read(browser, grace, first)[0] == 404
    assert read(browser, grace, second)[0] == 200
    grace.open("/preferences/")
    assert grace.page.get_by_label(ADDRESS).count() == 0
    grace.press("Revoke the address")
    grace.sees("The address of your calendar opens nothing any more.")
    grace.sees("You have no address yet.")
    assert read(browser, grace, second)[0] == 404
    assert not FeedAddress.objects.in_use().exists()


def test_by_keyboard_alone_a_choice_is_made_and_saved(council, person):
    cast, _ = council
    grace = person()
    enter(grace, cast.auditor, "/preferences/")
    grace.page.get_by_role("group", name="Actions and Part B").get_by_label("At once").focus()
    grace.page.keyboard.press("ArrowRight")
    save = grace.page.get_by_role("button", name="Save these choices")
    for _ in range(10):
        if save.evaluate("button => button === document.activeElement"):
            break
        grace.page.keyboard.press("Tab")
    grace.page.keyboard.press("Enter")
    grace.page.get_by_text("Your preferences are saved.").wait_for()
    assert how(cast.auditor, "followup.action") == Preference.How.DAILY


def test_the_page_is_fit_for_a_phone_also_with_an_address_on_it(council, person):
    cast, _ = council
    naomi = person(phone=True)
    to_preferences(naomi, cast.pq_lead)
    naomi.sees("Checks and disputes")
    naomi.press("Make an address")
    naomi.press("Make a new address")
    assert address_shown(naomi).endswith(".ics")
