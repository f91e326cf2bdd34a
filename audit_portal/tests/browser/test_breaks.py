"""Breaks by browser: one asks, the next waits, a withdrawal moves them up; with script and without."""

import pytest
from django.utils import timezone

from allocations.months import month_name
from allocations.tests.break_pools import ask, make_pool
from audit_portal.testing.factories import load_s1, make_cast, plan_round
from audit_portal.tests.browser.test_writing import enter
from calendars.rules import add_months_clamped, audit_year, today_in_london

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEXT = add_months_clamped(today_in_london().replace(day=1), 1)
MONTH = month_name(NEXT)
IS_NEXT_YEAR = audit_year(NEXT) != audit_year(today_in_london())


@pytest.fixture
def council(transactional_db):
    """Twenty-five auditors, so five places, of which four are taken."""
    version, cast = load_s1(), make_cast()
    people = make_pool(25, cast.other_team)
    plan_round(cast, version, NEXT)
    others = [each for each in people if each != cast.auditor]
    for each in others[:4]:
        ask(each, NEXT, timezone.now())
    return cast, others[4]


def to_my_year(person, staff):
    """From My work: the first of two presses."""
    enter(person, staff, "/")
    person.follow("Your year and your breaks")
    if IS_NEXT_YEAR:
        person.follow("The next audit year")


@pytest.mark.req("S1-05", "S1-07", "A7")
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_break_is_asked_for_waited_for_and_handed_on(script, council, person):
    cast, sixth = council
    grace, last, naomi = (person(script=script) for _ in range(3))
    to_my_year(grace, cast.auditor)
    grace.press(f"Ask for a break in {MONTH}")
    grace.sees(f"You have a break in {MONTH}.")
    to_my_year(last, sixth)
    last.press(f"Ask for a break in {MONTH}")
    last.sees("you are number 1 in the waiting list")
    enter(naomi, cast.pq_lead, f"/rounds/{NEXT:%Y-%m}/breaks/")
    naomi.sees("The limit is reached: 5 of 5 places are taken.")
    to_my_year(grace, cast.auditor)
    grace.press(f"Withdraw the break in {MONTH}")
    grace.sees(f"Your break in {MONTH} is withdrawn.")
    enter(last, sixth, "/inbox/")
    last.sees(f"You have a break in {MONTH}: no audit in that month")
    to_my_year(last, sixth)
    last.sees("Granted")
    naomi.follow("See the whole year")
    naomi.sees("Break")


def test_the_pages_of_breaks_are_fit_for_a_phone(council, person):
    cast, sixth = council
    for each in (cast.auditor, sixth):
        ask(each, NEXT, timezone.now())
    naomi, grace = person(phone=True), person(phone=True)
    enter(naomi, cast.pq_lead, f"/rounds/{NEXT:%Y-%m}/breaks/")
    naomi.open(f"/rounds/year/{audit_year(NEXT)}/")
    enter(grace, cast.auditor, "/rounds/my-year/")
    grace.open("/rounds/my-year/?year=next")
