"""To file, by browser: choose, download, confirm; the check as a list; an addition. With and without script."""

import pytest

from audit_portal.testing.factories import load_s1, make_audit_at, make_cast
from audit_portal.tests.browser.test_exemptions import press_too_soon
from audit_portal.tests.browser.test_writing import enter
from audits.models import Addendum, Filing, QualityCheck
from audits.quality import ITEMS
from calendars.rules import today_in_london
from jobs.tasks import run_waiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAYS = pytest.mark.parametrize("options", [{}, {"phone": True}, {"script": False}], ids=["desk", "phone", "no script"])


@pytest.fixture
def council(transactional_db):
    return load_s1(), make_cast()


@pytest.mark.req("B14", "A28")
@WAYS
def test_what_is_copied_is_chosen_downloaded_and_confirmed(options, council, person):
    version, cast = council
    audit = make_audit_at("closed", cast, version)
    chidi = person(**options)
    enter(chidi, cast.pq_officer, "/audits/")
    chidi.follow("To file on children’s records")
    chidi.sees("Answer to the audit (Part B)")
    for box in chidi.page.get_by_role("checkbox").all():
        box.check()
    if options.get("script", True):
        chidi.sees("2 chosen")
    with chidi.page.expect_navigation():
        chidi.page.get_by_role("button", name="as a ZIP").click()
    chidi.sees("Waiting to begin")
    run_waiting()
    enter(chidi, cast.pq_officer, "/audits/to-file/")
    for box in chidi.page.get_by_role("checkbox").all():
        box.check()
    chidi.fill("Where on the record (optional)", "Documents, Audits")
    chidi.press("Confirm that what is ticked is copied")
    chidi.sees("Nothing waits.")
    chidi.follow("Copied to the child’s record")
    chidi.sees("Documents, Audits")
    assert Filing.objects.filter(audit=audit, filed_by=cast.pq_officer, filed_on=today_in_london()).count() == 2


@pytest.mark.req("S1-47")
@WAYS
def test_the_check_names_what_is_left_open_and_accepts_with_a_note(options, council, person):
    version, cast = council
    audit = make_audit_at("quality_check", cast, version)
    chidi = person(**options)
    enter(chidi, cast.pq_officer, f"/audits/{audit.number}/quality-check/")
    for item in ITEMS[:-1]:
        chidi.page.get_by_label(item.title, exact=True).check()
    press_too_soon(chidi, "Accept this audit")
    chidi.sees("or say why you accept the audit without it")
    chidi.fill(f"Note: {ITEMS[-1].title}", "The auditor writes it anew in the addendum")
    chidi.press("Accept this audit")
    assert QualityCheck.objects.get().items[-1]["note"] == "The auditor writes it anew in the addendum"


@pytest.mark.req("S1-17")
@WAYS
def test_the_auditor_adds_something_to_a_final_audit(options, council, person):
    version, cast = council
    audit = make_audit_at("closed", cast, version)
    grace = person(**options)
    enter(grace, cast.auditor, f"/audits/{audit.number}/record/")
    grace.follow("Add or correct something")
    press_too_soon(grace, "Add this to the audit")
    grace.sees("Say what is to be added or corrected")
    grace.page.get_by_label("Which part is it about?").select_option("Family views")
    grace.fill("What is to be added or corrected?", "The call was on 5 November")
    grace.press("Add this to the audit")
    grace.sees("The call was on 5 November")
    assert Addendum.objects.count() == 1
