"""Duties by browser: inbox, my work, a team's, the outstanding board with reminders and handing over, a ladder."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit_portal.testing.factories import load_s1, make_audit, make_audit_at, make_cast, make_staff
from audit_portal.tests.browser.test_writing import enter
from calendars.rules import today_in_london
from casefiles.leaving import hand_over
from duties import volunteering
from duties.models import Duty, Ladder, Notice
from people.roles import Role
from people.workflow import add_absence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONTH = today_in_london().replace(day=1)
SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


@pytest.fixture
def council(transactional_db):
    """An audit of this month to be done by Grace, one with the team manager, two volunteers who wait for an answer."""
    version, cast = load_s1(), make_cast()
    audit = make_audit(cast, version, at=timezone.now(), month=MONTH)
    long_ago = timezone.now() - timedelta(days=20)
    for person in (cast.other_worker, cast.worker):
        volunteering.volunteer(staff=person, expertise="", experience="new", at=long_ago)
    make_staff("Petra Second", cast.quality, roles=(Role.QA_LEAD,))
    return cast, audit


@SCRIPTS
@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_what_one_is_told_is_read_and_leads_to_what_it_is_about(script, phone, council, person):
    cast, audit = council
    grace = person(script=script, phone=phone)
    enter(grace, cast.auditor, "/inbox/")
    grace.sees("1 is not read.")
    grace.page.get_by_label("Show", exact=True).select_option(label="Still to do")
    grace.press("Show", exact=True)
    grace.press("Finish and share")
    assert grace.page.url.endswith(f"/audits/{audit.number}/")
    grace.open("/inbox/")
    grace.sees("You have read everything.")
    grace.sees("Still to do")


def test_my_work_says_what_happens_next_and_whom_one_covers_for(council, person):
    cast, audit = council
    today = today_in_london()
    add_absence(staff=cast.pq_lead, starts_on=today, ends_on=today + timedelta(days=4), cover=cast.pq_officer,
                by=cast.pq_lead, at=timezone.now())
    grace = person()
    enter(grace, cast.auditor, "/")
    grace.sees("Finish and share your")
    grace.sees("Performance and Quality are told")
    chidi = person(phone=True)
    enter(chidi, cast.pq_officer, "/")
    chidi.sees("You cover for Naomi Clarke until")


def test_a_manager_sees_what_waits_for_the_team_and_takes_it_along(council, person):
    cast, audit = council
    owen = person()
    enter(owen, cast.other_manager, "/")
    owen.follow("My team (2 open)")
    owen.sees("Grace Adeyemi")
    owen.sees("Complete an audit")
    owen.page.get_by_label("Who has it").fill("nobody")
    owen.press("Show", exact=True)
    owen.sees("Nobody in your team has anything to do in the portal that fits.")
    owen.open("/team/")
    with owen.page.expect_download() as taken:
        owen.page.get_by_role("link", name="Download as CSV").click()
    assert "Grace Adeyemi" in taken.value.path().read_text(encoding="utf-8-sig")


@SCRIPTS
@pytest.mark.req("S4-21")
def test_reminders_are_sent_to_those_who_were_ticked(script, council, person):
    cast, audit = council
    naomi = person(script=script)
    enter(naomi, cast.pq_lead, "/")
    naomi.follow("Outstanding", exact=True)
    naomi.sees("are overdue")
    naomi.follow("Answer a volunteer")
    naomi.sees("2 things")
    naomi.press("Send a reminder about what is ticked")
    naomi.sees("Nothing was chosen.")
    for box in naomi.page.get_by_role("checkbox").all():
        box.check()
    naomi.press("Send a reminder to 1 person" if script else "Send a reminder about what is ticked")
    naomi.sees("1 person reminded of 2 things")
    assert Notice.objects.filter(event="duty.nudge", channel="email").count() == 2
    assert naomi.page.get_by_label("What", exact=True).input_value() == "auditor.answer", "the list kept its place"


@SCRIPTS
def test_what_was_ticked_is_handed_over(script, council, person):
    cast, audit = council
    naomi = person(script=script)
    enter(naomi, cast.pq_lead, "/outstanding/?kind=auditor.answer")
    for box in naomi.page.get_by_role("checkbox").all():
        box.check()
    naomi.press("Hand over 2 things" if script else "Hand over what is ticked")
    naomi.press("Hand over 2 things")
    naomi.sees("Name the person who takes it over")
    naomi.page.get_by_label("Who takes it over?").fill("Amy Lowther")
    naomi.page.get_by_label("Why?").fill("Away until January")
    naomi.press("Hand over 2 things")
    naomi.sees("Amy Lowther cannot do this")
    naomi.page.get_by_label("Who takes it over?").fill("Petra Second")
    naomi.press("Hand over 2 things")
    naomi.sees("Petra Second has 2 things more now, and was told.")
    assert set(Duty.objects.filter(kind="auditor.answer").values_list("holder__name", flat=True)) == {"Petra Second"}


def test_the_board_on_a_phone_and_by_service(council, person):
    cast, audit = council
    chidi = person(phone=True)
    enter(chidi, cast.pq_officer, "/outstanding/")
    chidi.follow("By service", exact=True)
    chidi.sees("Performance and Quality")


@SCRIPTS
def test_a_ladder_shows_what_would_be_sent(script, council, person):
    cast, audit = council
    chidi = person(script=script)
    enter(chidi, cast.pq_officer, "/settings/ladders/")
    chidi.follow("Complete an audit")
    chidi.sees("ask for an exemption now")
    box = chidi.page.get_by_role("group", name="For something due on")
    for label, value in (("Day", "31"), ("Month", "3"), ("Year", "2027")):
        box.get_by_label(label).fill(value)
    chidi.press("Show what would be sent")
    chidi.sees("Monday 15 March 2027, 8am")
    chidi.sees("For something due Wednesday 31 March 2027, while nobody does it.")
    assert Ladder.objects.newest("s1", "audit.complete").version == 1


def test_who_left_leaves_nothing_behind(transactional_db, person):
    """What was a leaver's is on the board of Performance and Quality, marked as without an owner."""
    version, cast = load_s1(), make_cast()
    make_audit_at("with_team_manager", cast, version)
    for manager in (cast.team_manager, cast.group_manager, cast.head_of_service, cast.assistant_director):
        hand_over(staff=manager, on=today_in_london(), by=cast.pq_lead, at=timezone.now())
    naomi = person()
    enter(naomi, cast.pq_lead, "/outstanding/")
    naomi.follow("of their own")
    naomi.sees("No owner of its own")
