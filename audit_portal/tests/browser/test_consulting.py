"""An audit done together by browser: a meeting, an appointment, the family; with script, without, and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit_portal.testing.factories import load_s1, make_audit, make_cast
from audit_portal.tests.browser.test_exemptions import press_too_soon
from audit_portal.tests.browser.test_writing import enter
from audits import workflow
from audits.models import Answer, Appointment, FamilyView, Session
from calendars.rules import today_in_london

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MODES = pytest.mark.parametrize("options", [{}, {"phone": True}, {"script": False}],
                                ids=["desk", "phone", "no script"])


@pytest.fixture
def council(transactional_db):
    """An audit of a child on a protection plan that Grace opened a moment ago."""
    version, cast = load_s1(), make_cast()
    at = timezone.now()
    audit = make_audit(cast, version, at=at, month=today_in_london().replace(day=1))
    return cast, workflow.open_audit(audit=audit, by=cast.auditor, at=at)


@pytest.mark.req("S1-20", "S1-23", "S2-06")
@MODES
def test_auditor_and_worker_agree_on_a_time_and_read_the_file_together(options, council, person):
    cast, audit = council
    grace, tomasz = person(**options), person(**options)
    enter(grace, cast.auditor, f"/audits/{audit.number}/contact/")
    grace.follow("Make an appointment")
    grace.choose("Tomasz Nowak, worker")
    grace.date("On which day?", today_in_london() + timedelta(days=3))
    grace.fill("At what time?", "10:30am")
    grace.choose("In the same room")
    grace.press("Make this appointment")
    grace.sees("The appointment is made, and the invited are told.")
    enter(tomasz, cast.worker, "/inbox/")
    tomasz.sees("Grace Adeyemi would like to meet you")
    tomasz.open(Appointment.objects.get().get_absolute_url())
    tomasz.sees("10:30am to 11:30am")
    enter(grace, cast.auditor, f"/audits/{audit.number}/contact/")
    grace.follow("Record what you did together")
    press_too_soon(grace, "Record this")
    grace.sees("Say what you did")
    grace.choose("We read the file together")
    grace.choose("In the same room")
    grace.choose("Tomasz Nowak, worker")
    grace.press("Record this")
    grace.sees("we read the file together. With Tomasz Nowak (worker)")
    grace.fill("What did the worker say?", "The summer was hard.")
    grace.press("Save and go to the list of parts")
    assert Session.objects.count() == 1
    assert Answer.objects.get(field="worker_said").value == "The summer was hard."


@pytest.mark.req("S2-08", "S2-09", "S2-15", "S2-17")
@MODES
def test_a_child_is_heard_after_the_decision_a_parents_consent_and_their_own(options, council, person):
    cast, audit = council
    grace = person(**options)
    enter(grace, cast.auditor, f"/audits/{audit.number}/family/")
    grace.press("Record what you decided")
    grace.choose("The worker and the auditor")
    grace.fill("What did you consider?", "Twelve years old, and can say no.")
    grace.choose("The child and the parents")
    grace.press("Record what you decided")
    grace.sees("Not asked yet")
    grace.press("Speak with somebody")
    grace.sees("No parent has agreed yet")
    fill_beginning(grace)
    press_too_soon(grace, "Begin with the questions")
    grace.sees("No parent has agreed yet")
    assert grace.page.title().startswith("Error:") and not FamilyView.objects.exists()
    grace.follow("Back", exact=True)
    grace.follow("Record a parent’s answer")
    grace.choose("Mother")
    grace.choose("Yes")
    grace.press("Record their answer")
    grace.press("Speak with somebody")
    fill_beginning(grace)
    grace.press("Begin with the questions")
    grace.sees("How did you write it down?")
    grace.choose("They answered")
    if options.get("script", True):
        grace.page.get_by_label("What did they say?").fill("“Ask me first.”")
    else:
        grace.page.locator("textarea[id$=done_differently]").fill("“Ask me first.”")
    grace.choose("In their own words")
    grace.press("Save and go to family views")
    grace.sees("Not passed on yet")
    grace.follow("Worker and manager were told")
    grace.press("Record that they were told")
    grace.sees("Worker and manager were told on")
    assert Answer.objects.get(field__endswith="done_differently").value == "“Ask me first.”"


def fill_beginning(grace):
    grace.choose("The child or young person")
    grace.choose("For a child or young person")
    grace.choose("Visit")
    grace.choose("They know that what they say goes on the child’s file and to the worker and the manager")
    grace.choose("They agreed to take part")
    grace.fill("At what time did they agree?", "00:00")


def test_what_is_typed_in_a_conversation_is_kept_without_a_button(council, person):
    cast, audit = council
    at = timezone.now()
    workflow.decide_family(audit=audit, decided_on=today_in_london(), decided_with="worker", outcome="all",
                           understanding="Old enough", by=cast.auditor, at=at)
    view = workflow.hear(audit=audit, who="mother", question_set="adult", method="phone", spoken_on=today_in_london(),
                         consent_at=at, told_of_sharing=True, by=cast.auditor, at=at)
    grace = person()
    enter(grace, cast.auditor, view.get_absolute_url())
    grace.page.get_by_label("Is there anything else").fill("“Thank you.”")
    grace.page.get_by_text("Saved at").wait_for()
    assert Answer.objects.get(field=f"view-{view.pk}-anything_else").value == "“Thank you.”"


@pytest.mark.parametrize("place", ["contact/without-worker/", "contact/appointment/", "family/decision/",
                                   "family/questions/easy_read/"])
@pytest.mark.parametrize("options", [{}, {"phone": True}], ids=["desk", "phone"])
def test_each_page_is_fit_for_everybody(place, options, council, person):
    cast, audit = council
    grace = person(**options)
    enter(grace, cast.auditor, f"/audits/{audit.number}/{place}")
