"""An immediate concern is raised while a form is half filled, in a tab of its own: nothing of the form is lost."""

import pytest

from audit_portal.testing.factories import START, agree, decide, hear, load_s1, make_audit_at, make_cast
from audit_portal.tests.browser.test_writing import domain_path, enter
from audits.models import Concern

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOXES = "main form :is(textarea, input:not([type=hidden]))"
# The state of the audit, who has the form before them, and where it is.
FORMS = {
    "a domain": ("in_progress", "auditor", domain_path),
    "an action": ("in_progress", "auditor", lambda audit: f"/audits/{audit.number}/plan/add/"),
    "an attempt": ("in_progress", "auditor", lambda audit: f"/audits/{audit.number}/contact/attempt/"),
    "what a mother says": ("in_progress", "auditor", lambda audit: conversation(audit).get_absolute_url()),
    "an answer": ("shared", "worker", lambda audit: f"/audits/{audit.number}/read/"),
    "Part B": ("with_team_manager", "team_manager", lambda audit: f"/follow-up/{audit.number}/"),
}


def conversation(audit):
    decide(audit, START)
    agree(audit, START)
    return hear(audit, START)


def half_fill(page):
    """Every second box that is in sight gets words or a choice."""
    boxes = [box for box in page.locator(BOXES).all() if box.is_visible()]
    for number, box in enumerate(boxes[::2]):
        if box.get_attribute("type") in {"radio", "checkbox"}:
            box.check()
        else:
            box.fill(str(number + 1))


def filled(page):
    """What stands in each box of the page, and which are chosen."""
    boxes = page.locator(BOXES).all()
    return [box.is_checked() if box.get_attribute("type") in {"radio", "checkbox"} else box.input_value()
            for box in boxes]


@pytest.mark.req("B3", "S1-26")
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("form", FORMS)
def test_a_concern_is_raised_and_the_half_filled_form_is_as_it_was(form, script, transactional_db, person):
    state, who, path = FORMS[form]
    version, cast = load_s1(), make_cast()
    audit = make_audit_at(state, cast, version)
    somebody = person(script=script)
    enter(somebody, getattr(cast, who), path(audit))
    first = somebody.page
    half_fill(first)
    before = filled(first)
    assert any(before)
    with first.context.expect_page() as opened:
        first.get_by_role("button", name="Raise an immediate concern").click()
    somebody.page = opened.value
    somebody.fill("What are you worried about?", "Nobody saw the child today.")
    somebody.press("Raise this concern now")
    somebody.sees("Ring the team manager now")
    assert Concern.objects.get().audit == audit
    somebody.page.close()
    assert filled(first) == before


def test_a_form_goes_on_after_the_concern(transactional_db, person):
    version, cast = load_s1(), make_cast()
    audit = make_audit_at("shared", cast, version)
    tomasz = person()
    enter(tomasz, cast.worker, f"/audits/{audit.number}/read/")
    tomasz.fill("Anything else? (optional)", "It was a long summer.")
    first = tomasz.page
    with first.context.expect_page() as opened:
        first.get_by_role("button", name="Raise an immediate concern").click()
    tomasz.page = opened.value
    tomasz.fill("What are you worried about?", "Nobody saw the child today.")
    tomasz.press("Raise this concern now")
    tomasz.page = first
    tomasz.choose("I agree")
    tomasz.press("Send my answer to Grace Adeyemi")
    assert audit.responses.get(staff=cast.worker).text == "It was a long summer."
