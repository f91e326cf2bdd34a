"""One audit of nine domains, from "no connection" to final: by keyboard alone, without script, and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit_portal.testing.factories import load_s1, make_audit, make_cast
from audit_portal.tests.browser.hands import Finger, Keyboard
from audit_portal.tests.browser.test_writing import enter
from audits import workflow
from audits.models import Audit
from calendars.rules import today_in_london

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "Save and go to the list of parts"
WAYS = [{"hands": Keyboard}, {"script": False}, {"phone": True, "hands": Finger}]


@pytest.mark.req("S1-15", "S1-32", "S1-33", "S1-45")
@pytest.mark.parametrize("options", WAYS, ids=["keyboard alone", "no script", "phone"])
def test_an_audit_is_done_from_opening_it_to_making_it_final(options, transactional_db, person):
    version, cast = load_s1(), make_cast()
    audit = make_audit(cast, version, at=timezone.now(), month=today_in_london().replace(day=1))
    grace = person(**options)
    enter(grace, cast.auditor, "/")
    grace.follow(audit.number)
    open_it(grace)
    consult(grace)
    hear_the_child(grace)
    judge(grace, audit.version.domains.count())
    learn(grace)
    plan(grace)
    grace.press("Check and share")
    grace.press("Share with")
    grace.sees("Shared.")
    for response in audit.responses.all():
        workflow.respond(audit=audit, verdict="agrees", by=response.staff, at=timezone.now())
    grace.press("See the answers and make it final")
    grace.press("Make this audit final")
    grace.sees("The audit is final")
    assert_written(Audit.objects.get())


def open_it(grace):
    grace.choose("I have no connection with this child or family")
    grace.press("Open the audit")
    grace.press("Continue with period and documents")
    grace.choose("No")
    grace.press(LIST)


def consult(grace):
    grace.follow("Contact and consultation")
    meet(grace)
    grace.fill("What did the worker say?", "The summer was hard.")
    grace.choose("Yes", "Did you speak with the team manager?")
    grace.fill("What did the team manager say?", "She agrees.")
    grace.choose("It was not needed", "Did you speak with the reviewing officer?")
    grace.fill("Why not", "The reviews say it.")
    grace.press(LIST)


def meet(grace):
    """Twice, from the page of contact."""
    for purpose in ("We read the file together", "We went through the findings"):
        grace.follow("Record what you did together")
        grace.choose(purpose)
        grace.choose("In the same room")
        grace.choose("Tomasz Nowak, worker")
        grace.press("Record this")


def hear_the_child(grace):
    """From the list of parts and back."""
    grace.follow("Family views")
    grace.press("Record what you decided")
    grace.choose("The worker and the auditor")
    grace.fill("What did you consider?", "Twelve years old.")
    grace.choose("The child and the parents")
    grace.press("Record what you decided")
    grace.follow("Record a parent’s answer")
    grace.choose("Mother")
    grace.choose("Yes")
    grace.press("Record their answer")
    grace.press("Speak with somebody")
    grace.choose("The child or young person")
    grace.choose("For a child or young person")
    grace.choose("Visit")
    grace.choose("They know that what they say goes on the child’s file and to the worker and the manager")
    grace.choose("They agreed to take part")
    grace.fill("At what time did they agree?", "00:00")
    grace.press("Begin with the questions")
    grace.choose("They answered")
    grace.fill("What did they say?", "“Ask me first.”")
    grace.choose("In their own words")
    grace.press("Save and go to family views")
    grace.follow("Worker and manager were told")
    grace.press("Record that they were told")
    grace.follow("Audit A-")


def judge(grace, domains):
    grace.follow("1 Relationships and direct work")
    for number in range(1, domains + 1):
        grace.choose("Met")
        grace.fill("What does the record show?", f"Case note {number}.")
        grace.press("Save and go to")
    grace.choose("They are on the way")
    grace.choose("Good")
    grace.fill("What does the grade rest on?", "Help came in time.")
    grace.press(LIST)


def learn(grace):
    grace.follow("Strengths and learning")
    grace.fill("What are the strengths of this work?", "A steady relationship.")
    grace.fill("Which piece of practice should others know about?", "Life story work.")
    grace.choose("Direct work")
    grace.fill("What should the organisation learn?", "Health reports arrive late.")
    grace.choose("Recording and chronologies")
    grace.press(LIST)


def plan(grace):
    grace.follow("Improvement plan")
    for what in ("Write the health plan", "Visit the grandmother"):
        grace.press("Add an action")
        grace.fill("What has to be done?", what)
        grace.fill("Who does it?", "Tomasz Nowak")
        grace.date("By when?", today_in_london() + timedelta(days=14))
        grace.fill("How will we know that it is done?", "It is on the record.")
        grace.fill("What changes for the child?", "They know what happens next.")
        grace.press("Save this action")
    grace.press("Move up action 2")
    grace.follow("Back to the list of parts")


def assert_written(audit):
    """What was typed, chosen, ticked and moved is what stands."""
    assert audit.status == Audit.Status.QUALITY_CHECK
    answers = dict(audit.answers.filter(domain=None).values_list("field", "value"))
    assert answers["learning_themes"] and answers["good_practice_tags"] and answers["grade"] == "good"
    assert [row.value for row in audit.answers.filter(field="evidence").order_by("domain__position")] == [
        f"Case note {number}." for number in range(1, 10)
    ]
    assert [row.what for row in audit.proposed_actions.filter(removed_at=None)] == [
        "Visit the grandmother", "Write the health plan"]
