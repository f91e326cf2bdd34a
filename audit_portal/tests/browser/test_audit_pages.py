"""The pages of an audit that only some audits have, each looked at by axe: on a desk and on a phone."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from audit_portal.testing.factories import (
    MONTH,
    START,
    fill_in,
    load_programme,
    load_s1,
    load_s2,
    make_audit_at,
    make_auditor,
    make_cast,
)
from audit_portal.tests.browser.test_exemptions import press_too_soon
from audit_portal.tests.browser.test_writing import enter
from audits import workflow
from calendars.rules import today_in_london
from people.models import Auditor, Staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = START + timedelta(days=2)
SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


def answer(audit, field, value, domain=None):
    standing = audit.answers.filter(field=field, domain=domain).first()
    workflow.save_answer(audit=audit, field=field, value=value, version=standing.version if standing else 0,
                         by=audit.auditor, at=AT, domain=domain)


@pytest.fixture
def council(transactional_db):
    """One audit by each of three programmes, written by the same auditor, and what stands beside them."""
    load_s1()
    cast = make_cast()
    Staff.objects.filter(pk=cast.team_manager.pk).update(phone="01632 960 117")
    managers, pairs = load_s2(), load_programme("s4")
    doubtful = make_audit_at("in_progress", cast, managers, reference="3000001")
    fill_in(doubtful, AT)
    for field, value in (("grade", "good"), ("outcomes", "not"), ("safe_now", "no"), ("strengths", "Other words")):
        answer(doubtful, field, value)
    answer(doubtful, "judgement", "not_met", doubtful.version.domains.first())
    workflow.add_action(audit=doubtful, by=cast.auditor, at=AT, what="Ensure that visits are appropriate")
    inadequate = make_audit_at("in_progress", cast, managers, reference="3000002", month=MONTH.replace(month=10))
    fill_in(inadequate, AT, grade="inadequate")
    paired = make_audit_at("in_progress", cast, pairs, reference="3000003", month=MONTH.replace(month=9))
    second = make_auditor("Marcus Bell", cast.other_team)
    Auditor.objects.filter(staff=second).update(joined_on=START.date())
    return SimpleNamespace(cast=cast, doubtful=doubtful, inadequate=inadequate, paired=paired)


@SIZES
def test_the_pages_of_a_managers_audit(phone, council, person):
    audit, grace = council.doubtful, person(phone=phone)
    enter(grace, council.cast.auditor, f"/audits/{audit.number}/timescales/")
    grace.choose("Not kept", group=audit.version.asks.timescales_for(audit.category, False)[0].expected)
    grace.press("Save and go to the list of parts")
    grace.follow("Overall judgement")
    grace.sees("cannot be given while the outcomes are neither met nor on the way")
    grace.sees("How do they go together?")
    grace.open(f"/audits/{audit.number}/plan/")
    grace.sees("“Ensure” names no step")
    grace.sees("Needs an owner")
    grace.follow("Change action 2")
    grace.fill("What has to be done?", "Continue to monitor")
    grace.page.wait_for_selector("[data-advice]:has-text('“Continue” changes nothing')")
    grace.look()
    grace.open(f"/audits/{audit.number}/answers/{audit.answers.get(field='strengths').pk}/")
    grace.sees("Stands now")
    for place in ("", "contact/", "family/", "learning/", "check/", "timeline/", "domains/assessment/"):
        grace.open(f"/audits/{audit.number}/{place}")


@SIZES
def test_a_provisional_notice(phone, council, person):
    audit, grace, farah = council.inadequate, person(phone=phone), person(phone=phone)
    enter(grace, council.cast.auditor, f"/audits/{audit.number}/overall/")
    grace.follow("Notify that this audit is inadequate")
    grace.sees("The grade is provisional until the audit is final")
    grace.date("When did you tell the worker?", today_in_london())
    grace.press("Notify")
    grace.open(f"/audits/{audit.number}/inadequate/")
    grace.sees("In force, provisional")
    enter(farah, council.cast.team_manager, f"/audits/{audit.number}/inadequate/")
    farah.sees("I have read this and act on it")


@SIZES
def test_a_concern_and_its_calls(phone, council, person):
    audit, grace, naomi = council.doubtful, person(phone=phone), person(phone=phone)
    concern = workflow.raise_concern(audit=audit, text="Nobody saw the child today.", by=council.cast.auditor,
                                     at=timezone.now())
    enter(grace, council.cast.auditor, f"/audits/{audit.number}/concerns/{concern.pk}/")
    press_too_soon(grace, "Record this call")
    grace.choose("Farah Siddiqui")
    grace.choose("No answer")
    grace.press("Record this call")
    grace.sees("no answer")
    enter(naomi, council.cast.pq_lead, "/audits/concerns/")
    naomi.follow(audit.number)
    naomi.sees("Nobody saw the child today.")
    workflow.acknowledge_concern(concern=concern, by=council.cast.team_manager, at=timezone.now())
    farah = person(phone=phone)
    enter(farah, council.cast.team_manager, f"/audits/{audit.number}/concerns/{concern.pk}/")
    press_too_soon(farah, "Confirm that this is dealt with")


@SIZES
def test_the_pages_of_a_pairs_audit(phone, council, person):
    audit, grace, naomi = council.paired, person(phone=phone), person(phone=phone)
    enter(grace, council.cast.auditor, f"/audits/{audit.number}/enquiry/")
    grace.sees("Ground rules")
    grace.open(f"/audits/{audit.number}/overall/")
    grace.sees("There is no grade")
    assert "If you choose" not in grace.page.inner_text("main")
    enter(naomi, council.cast.pq_lead, f"/audits/{audit.number}/co-auditor/")
    press_too_soon(naomi, "Name the second auditor")
    naomi.choose("Marcus Bell")
    naomi.press("Name the second auditor")
    naomi.open(f"/audits/{audit.number}/co-auditor/")
    naomi.sees("audit this case together")
