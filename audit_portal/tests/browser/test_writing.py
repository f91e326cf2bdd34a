"""Writing evidence: nothing that was typed is lost, whatever happens to the page, the line or the other window."""

import os
import signal
import subprocess
import time
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from audit_portal.testing.factories import load_s1, make_audit_at, make_cast
from audit_portal.tests.access.world import BACKEND
from audit_portal.tests.browser.conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOX = "What does the record show?"
PROCESSES = ["ps", "-axww", "-o", "pid=", "-o", "args="]
A_KEY, KEYS, MOST_LOST = 0.1, 67, 30  # ten keys a second, so thirty are three seconds
SAVED = "[data-saved]:has-text('Saved at')"


@pytest.fixture
def written(transactional_db):
    """An audit that is being written, and its people."""
    version, cast = load_s1(), make_cast()
    return make_audit_at("in_progress", cast, version), cast


def enter(person, staff, path):
    """Open a page as somebody, by the session's cookie."""
    client = Client()
    client.force_login(staff, backend=BACKEND)
    host = urlsplit(person.address).hostname
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": host, "path": "/"}
    person.page.context.add_cookies([cookie])
    person.open(path)


def domain_path(audit):
    return f"/audits/{audit.number}/domains/{audit.version.domains.get(position=5).slug}/"


def warns_on_leaving(person):
    """Whether the page asks before it is left, as the browser would put it to the person."""
    return person.page.evaluate("!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")


def evidence(audit):
    answer = audit.answers.filter(field="evidence").first()
    return answer.value if answer else ""


@pytest.mark.req("T-R9")
def test_what_was_typed_is_there_after_the_page_was_closed(written, person):
    audit, cast = written
    grace = person()
    enter(grace, cast.auditor, domain_path(audit))
    grace.fill(BOX, "Seen alone on 14 October.")
    grace.page.wait_for_selector(SAVED)
    grace.page.close()
    grace.page = grace.page.context.new_page()
    grace.open(domain_path(audit))
    assert grace.page.get_by_role("textbox", name=BOX).input_value() == "Seen alone on 14 October."


@pytest.mark.req("T-R9")
def test_the_last_words_are_sent_when_one_leaves_at_once(written, person):
    audit, cast = written
    grace = person()
    enter(grace, cast.auditor, domain_path(audit))
    grace.page.get_by_label(BOX).press_sequentially("Left at once.")
    grace.open("/")
    grace.open(domain_path(audit))
    assert grace.page.get_by_role("textbox", name=BOX).input_value() == "Left at once."


@pytest.mark.req("T-R9")
def test_two_windows_show_both_texts(written, person):
    audit, cast = written
    here, there = person(), person()
    enter(here, cast.auditor, domain_path(audit))
    enter(there, cast.auditor, domain_path(audit))
    there.fill(BOX, "From the other window.")
    there.choose("Met")
    there.press("Save and go to domain 6")
    here.fill(BOX, "From this window.")
    here.choose("Not met")
    here.page.get_by_role("heading", name="was changed somewhere else").nth(1).wait_for()
    here.problems.clear()  # a refused saving is an error on the console, and said on the page
    here.look()
    here.sees("your text is kept too")
    assert here.page.get_by_role("textbox", name=BOX).input_value() == "From this window."
    for text in ("From the other window.", "Not met"):
        here.sees(text)
    assert "not_met" not in here.page.inner_text("main")
    here.page.locator("[data-conflict=evidence]").get_by_role("button", name="Put both in the box").click()
    here.page.get_by_text("Both texts stay under").wait_for()
    here.problems.clear()  # the judgement still waits for a choice, so the answer is 409
    here.look()
    assert here.page.title().startswith("Error:")
    assert here.page.get_by_role("textbox", name=BOX).input_value() == evidence(audit)
    assert evidence(audit) == "From the other window.\n\nFrom this window."


@pytest.mark.req("T-R9")
def test_a_conflict_waits_on_every_device_until_somebody_chooses(written, person):
    audit, cast = written
    here, there = person(), person()
    enter(here, cast.auditor, domain_path(audit))
    enter(there, cast.auditor, domain_path(audit))
    there.fill(BOX, "From the laptop.")
    there.page.wait_for_selector(SAVED)
    here.fill(BOX, "From the phone.")
    here.page.get_by_role("heading", name="was changed somewhere else").wait_for()
    here.page.close()
    third = person()
    enter(third, cast.auditor, domain_path(audit))
    third.sees("From the laptop.")
    assert "laptop" in third.page.locator("[data-conflict] del").inner_text()
    assert "phone" in third.page.locator("[data-conflict] ins").inner_text()
    third.press("Keep the other text")
    assert third.page.get_by_role("textbox", name=BOX).input_value() == evidence(audit) == "From the phone."
    third.follow("Earlier texts of this answer")
    third.sees("Stands now")
    third.press("Put this text back")
    third.sees("The text stands again")
    assert evidence(audit) == "From the laptop."


@pytest.mark.req("T-R9")
def test_typing_without_a_line_is_sent_when_it_is_back(written, person):
    audit, cast = written
    grace = person(phone=True)
    enter(grace, cast.auditor, domain_path(audit))
    grace.page.context.set_offline(True)
    grace.fill(BOX, "Typed in the lift.")
    grace.page.get_by_text("Not saved: no connection").wait_for()
    grace.page.get_by_role("button", name="Save and go to domain 6").click()
    assert grace.page.get_by_role("textbox", name=BOX).input_value() == "Typed in the lift."
    grace.page.get_by_role("textbox", name=BOX).press_sequentially(" And on.")
    assert warns_on_leaving(grace)
    grace.page.context.set_offline(False)
    grace.page.wait_for_selector(SAVED)
    assert not warns_on_leaving(grace)
    assert evidence(audit).endswith(" And on.") and "Typed in the lift." in evidence(audit)
    assert grace.page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.req("T-R9")
def test_signing_in_again_in_another_window_sends_what_waits(written, person):
    audit, cast = written
    grace = person()
    enter(grace, cast.auditor, domain_path(audit))
    grace.page.context.clear_cookies()
    grace.fill(BOX, "Typed after lunch.")
    grace.page.get_by_text("you are signed out").wait_for()
    grace.problems.clear()  # the refused saving is an error on the console, and said on the page
    first, grace.page = grace.page, grace.page.context.new_page()
    enter(grace, cast.auditor, "/")
    first.wait_for_selector(SAVED)
    assert evidence(audit) == "Typed after lunch."


@pytest.fixture
def mortal(browser_type, browser_type_launch_args):
    """A browser of its own, by a mark among its arguments that finds its processes and nobody else's."""
    mark = f"--portal-test={uuid4()}"
    args = browser_type_launch_args | {"args": [*browser_type_launch_args["args"], mark]}
    browser = browser_type.launch(**args)
    yield browser, mark
    browser.close()


def kill(mark):
    """kill -9."""
    found = subprocess.run(PROCESSES, capture_output=True, text=True, check=True).stdout.splitlines()
    pids = [int(line.split(maxsplit=1)[0]) for line in found if mark in line]
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.req("T-R9")
def test_killing_the_browser_loses_at_most_three_seconds_of_steady_typing(written, mortal, live_server):
    audit, cast = written
    browser, mark = mortal
    grace = Person(browser.new_page(), live_server.url)
    enter(grace, cast.auditor, domain_path(audit))
    grace.page.get_by_role("textbox", name=BOX).focus()
    typed = ""
    for number in range(KEYS):
        grace.page.keyboard.type(key := str(number % 10))
        typed += key
        time.sleep(A_KEY)
    kill(mark)
    kept = evidence(audit)
    print(f"typed {len(typed)}, kept {len(kept)}")
    assert typed.startswith(kept) and len(typed) - len(kept) <= MOST_LOST


def test_without_scripts_the_button_saves(written, person, browser):
    audit, cast = written
    grace = person()
    context = browser.new_context(java_script_enabled=False)
    grace.page = context.new_page()
    client = Client()
    client.force_login(cast.auditor, backend=BACKEND)
    host = urlsplit(grace.address).hostname
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": host, "path": "/"}
    context.add_cookies([cookie])
    grace.page.goto(grace.address + domain_path(audit))
    grace.fill(BOX, "Saved by the button.")
    grace.choose("Partially met")
    grace.page.get_by_role("button", name="Save and go to domain 6").click()
    assert "Domain 6" in grace.page.title()
    assert evidence(audit) == "Saved by the button."
    context.close()


def test_a_domain_is_written_with_the_keyboard_alone(written, person):
    audit, cast = written
    grace = person()
    enter(grace, cast.auditor, domain_path(audit))
    keys = grace.page.keyboard
    grace.page.get_by_label(BOX).focus()
    keys.type("Case note of 3 June.")
    keys.press("Tab")
    keys.press("Space")
    assert grace.page.get_by_label("Met", exact=True).is_checked()
    keys.press("Tab")
    keys.press("Enter")
    grace.page.get_by_role("heading", name="Assessment").wait_for()
    assert evidence(audit) == "Case note of 3 June."
    assert audit.answers.get(field="judgement").value == "met"


def test_opening_without_the_tick_leads_to_it(transactional_db, person):
    version, cast = load_s1(), make_cast()
    audit = make_audit_at("allocated", cast, version)
    grace = person()
    enter(grace, cast.auditor, f"/audits/{audit.number}/")
    grace.page.get_by_role("button", name="Open the audit").click()
    grace.page.wait_for_load_state()
    grace.problems.clear()
    grace.look()
    assert grace.page.title().startswith("Error:")
    grace.page.get_by_role("link", name="Say that you have no connection").click()
    assert grace.page.evaluate("document.activeElement.id") == "no-connection"
