"""The whole month as six people, from a case list and a staff CSV to the leaders' dashboard."""

from datetime import timedelta

import pytest

from audit_portal.tests.browser.test_whole_audit import hear_the_child, meet
from calendars.rules import today_in_london
from casefiles.tests.workbook import row, workbook
from people.models import Staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long enough password"
COLUMNS = (
    "kind,reference,name,parent,manager,email,job_title,phone,unit,line_manager,roles,auditor,trained_on,"
    "out_of_hours_phone,quality\n"
)
FIRST = COLUMNS + """\
directorate,improvement,Improvement,,,,,,,,,,,,yes
service,quality,Performance and Quality,improvement,P1,,,,,,,,,,yes
person,P1,Naomi Clarke,,,naomi@northbrook.example,Performance and Quality lead,01632 960 140,quality,,qa_lead,,,,
"""
TRAINED = today_in_london() - timedelta(days=90)
STAFF = FIRST + f"""directorate,care,Social Care,,P2,,,,,,,,,,
service,cin,Children in Need,care,,,,,,,,,,,
group,cin-east,Children in Need East,cin,,,,,,,,,,,
team,cin-east-2,Children in Need East 2,cin-east,P3,,,,,,,,,01632 960 199,
service,fostering,Fostering,care,,,,,,,,,,,
group,fostering-group,Fostering Group,fostering,,,,,,,,,,,
team,fostering-team,Fostering Team,fostering-group,P5,,,,,,,,,,
person,P2,Simon Hartley,,,simon@northbrook.example,Assistant director,01632 960 101,care,,,,,,
person,P3,Farah Siddiqui,,,farah@northbrook.example,Team manager,01632 960 117,cin-east-2,,,,,,
person,P4,Tomasz Nowak,,,tomasz@northbrook.example,Social worker,01632 960 112,cin-east-2,,worker,,,,
person,P5,Grace Adeyemi,,,grace@northbrook.example,Team manager,01632 960 133,fostering-team,,,yes,{TRAINED},,
person,P6,Chidi Eze,,,chidi@northbrook.example,Performance and Quality officer,01632 960 141,quality,,qa_officer,,,,
"""
DOMAINS = 9


@pytest.fixture
def people(live_server, tmp_path, transactional_db):
    """One lead, imported by command as on a new installation; everybody gets a password when they are there."""
    from django.core.management import call_command

    from audit_portal.testing.factories import load_s1

    load_s1()
    first = tmp_path / "first.csv"
    first.write_text(FIRST)
    call_command("import_people", str(first), confirm=True)
    give_passwords()
    return tmp_path


def give_passwords():
    for staff in Staff.objects.working():
        if staff.has_usable_password() and staff.password:
            continue
        staff.set_password(PASSWORD)
        staff.save(update_fields=["password"])


def test_a_month_from_the_case_list_to_the_dashboard(people, person):
    lead = person()
    lead.sign_in("naomi@northbrook.example", PASSWORD)
    import_lists(lead, people)
    give_passwords()
    number = draw_and_publish(lead)
    audit(person(), number)
    answer(person(), "tomasz@northbrook.example", number, challenge=True)
    answer(person(), "farah@northbrook.example", number)
    settle_and_finalise(person(), number)
    checker = person()
    return_once(checker, number)
    amend(person(), number)
    accept(checker, number)
    complete_part_b(person(), number)
    see_dashboard(person())


def import_lists(lead, folder):
    (folder / "staff.csv").write_text(STAFF)
    upload(lead, folder / "staff.csv", "Units and staff")
    cases = workbook({6: [row(6, 3071846), row(6, 3071847)], 7: [row(7, 3071848)]})
    (folder / "annex-a.xlsx").write_bytes(cases)
    upload(lead, folder / "annex-a.xlsx", "Case files")
    lead.open("/cases/")
    lead.sees("3071846")


def upload(lead, path, kind):
    lead.open("/cases/import/")
    lead.choose(kind)
    lead.page.set_input_files("input[type=file]", str(path))
    lead.press("Read the list and show what would change")
    lead.sees("Nothing changed yet")
    lead.press("Import:")
    lead.sees("Imported")


def draw_and_publish(lead):
    lead.open("/rounds/")
    lead.press("Plan ")
    lead.open(f"/rounds/{today_in_london():%Y-%m}/frame/")
    lead.press("Freeze the frame and commit the seed")
    lead.open(f"/rounds/{today_in_london():%Y-%m}/draw/")
    lead.press("Draw the list")
    lead.press("I have looked at this list")
    lead.press("Publish")
    lead.open("/audits/")
    return lead.page.get_by_role("rowheader").first.inner_text()


def audit(grace, number):
    grace.sign_in("grace@northbrook.example", PASSWORD)
    grace.follow(number)
    grace.choose("I have no connection with this child or family")
    grace.press("Open the audit")
    grace.follow("1 Relationships and direct work")
    for _ in range(DOMAINS):
        grace.fill("What does the record show?", "Case note of 14 October: seen alone, and it changed the plan.")
        grace.choose("Met")
        grace.press("Save and go to")
    choose_grade(grace)
    write_parts(grace, number)
    write_plan(grace, number)
    grace.open(f"/audits/{number}/check/")
    grace.press("Share with")
    grace.sees("Shared.")


def choose_grade(grace):
    grace.choose("They are on the way")
    grace.choose("Good")
    grace.fill("What does the grade rest on?", "Help came in time and the child is safer.")
    grace.press("Save and go to the list of parts")


def write_parts(grace, number):
    grace.open(f"/audits/{number}/period/")
    grace.choose("No")
    grace.press("Save and go to the list of parts")
    grace.open(f"/audits/{number}/contact/")
    meet(grace)
    grace.fill("What did the worker say?", "The visits are recorded late because of the rota.")
    grace.choose("Yes")
    grace.fill("What did the team manager say?", "Agrees, and looks into the rota.")
    grace.press("Save and go to the list of parts")
    hear_the_child(grace)
    grace.open(f"/audits/{number}/learning/")
    grace.fill("What are the strengths of this work?", "A steady relationship.")
    grace.fill("Which piece of practice should others know about?", "Life story work.")
    grace.fill("What should the organisation learn?", "Health reports arrive late.")
    grace.press("Save and go to the list of parts")


def write_plan(grace, number):
    grace.open(f"/audits/{number}/plan/")
    grace.press("Add an action")
    grace.fill("What has to be done?", "Give each step of the plan a date and a name")
    grace.fill("Who does it?", "Tomasz Nowak")
    grace.date("By when?", today_in_london() + timedelta(days=14))
    grace.fill("How will we know that it is done?", "The plan has six dates")
    grace.fill("What changes for the child?", "The child knows what happens next")
    grace.press("Save this action")
    grace.sees("Action 1")


def answer(reader, email, number, challenge=False):
    reader.sign_in(email, PASSWORD)
    reader.open(f"/audits/{number}/read/")
    if challenge:
        reader.page.get_by_text("Comment or challenge: 2 Communication").first.click()
        reader.page.locator("[id='say-domain:communication']").fill("The words are in the note of 17 September.")
        reader.choose("I challenge the points I marked")
    else:
        reader.choose("I agree")
    reader.press("Send my answer to Grace Adeyemi")
    reader.sees("Your answer was sent")


def settle_and_finalise(grace, number):
    grace.sign_in("grace@northbrook.example", PASSWORD)
    grace.follow("Talk with Tomasz Nowak about a challenge")
    grace.choose("The audit stays as it is, and both agree")
    grace.fill("What do you answer?", "We read the note together; it was in my evidence.")
    grace.press("Settle this challenge")
    grace.open(f"/audits/{number}/check/")
    grace.press("Make this audit final")
    grace.sees("The audit is final")


def return_once(chidi, number):
    chidi.sign_in("chidi@northbrook.example", PASSWORD)
    chidi.open(f"/audits/{number}/quality-check/")
    chidi.fill("What has to be amended?", "Say where health reports are missing.")
    chidi.press("Return to the auditor")


def amend(grace, number):
    grace.sign_in("grace@northbrook.example", PASSWORD)
    grace.follow("Amend your")
    grace.sees("Say where health reports are missing.")
    grace.open(f"/audits/{number}/learning/")
    grace.fill("What should the organisation learn?", "Health reports of the last two reviews are missing.")
    grace.press("Save and go to the list of parts")
    grace.press("Check and send back")
    grace.press("Send this audit back")
    grace.sees("Sent back to Performance and Quality")


def accept(chidi, number):
    chidi.open(f"/audits/{number}/quality-check/")
    for box in chidi.page.get_by_role("checkbox").all():
        box.check()
    chidi.press("Accept this audit")
    chidi.sees("is accepted")


def complete_part_b(farah, number):
    farah.sign_in("farah@northbrook.example", PASSWORD)
    farah.open(f"/follow-up/{number}/")
    farah.fill("What shows that it is done?", "Plan of today, six dates")
    farah.date("When was it done?", today_in_london())
    farah.press("Confirm action 1 is done")
    farah.date("Date of the supervision", today_in_london())
    farah.fill("What did you discuss?", "We read the audit together.")
    farah.press("Save the supervision record")
    farah.press("Confirm and return to Performance and Quality")
    farah.sees("is confirmed and returned")


def see_dashboard(simon):
    simon.sign_in("simon@northbrook.example", PASSWORD)
    simon.follow("Reports")
    simon.sees("1 of 1")
