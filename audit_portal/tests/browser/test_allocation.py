"""From who can audit to the list that is out: the year, and one month from its breaks, as every role meets them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allocations.months import month_name
from allocations.tests.break_pools import ask, make_pool
from audit_portal.testing.factories import load_s1, make_case, make_cast
from audit_portal.tests.browser.test_writing import enter
from audits.models import Audit
from calendars.rules import add_months_clamped, audit_year, break_deadline, today_in_london

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THIS = today_in_london().replace(day=1)
NEXT = add_months_clamped(THIS, 1)
YEAR = f"/rounds/year/{audit_year(NEXT)}/"
IS_NEXT_YEAR = audit_year(NEXT) != audit_year(THIS)


@pytest.fixture
def cast(transactional_db):
    """Eight auditors, of whom two breaks each do not fit into the fifth of twelve months; six open cases."""
    load_s1()
    cast = make_cast()
    make_pool(8, cast.other_team)
    for number in range(6):
        make_case(f"307000{number}", cast.team, cast.worker, iro=cast.iro)
    return cast


@pytest.mark.req("S1-03", "S1-04", "S1-05", "S1-08", "A4")
def test_the_year_is_planned_and_each_sees_their_part(cast, person):
    naomi, grace, other, ruth, owen = (person() for _ in range(5))
    enter(naomi, cast.pq_lead, "/rounds/")
    naomi.press(f"Plan {month_name(NEXT)}")
    naomi.open(YEAR)
    naomi.sees("With 8 auditors in the pool the two rules cannot both hold")
    resting = next(each for each in make_pool(8) if each != cast.auditor)
    ask_for_next_month(grace, cast.auditor)
    grace.sees(f"You have a break in {month_name(NEXT)}.")
    ask_for_next_month(other, resting)
    other.sees("you are number 1 in the waiting list")
    naomi.open(YEAR)
    row = naomi.page.get_by_role("row", name=cast.auditor.name)
    assert "Break" in row.inner_text() and "Waiting" in naomi.page.get_by_role("row", name=resting.name).inner_text()
    naomi.open(f"/rounds/{NEXT:%Y-%m}/breaks/")
    naomi.sees("The limit is reached: 1 of 1 place is taken.")
    enter(ruth, cast.head_of_service, "/inbox/")
    ruth.sees(f"Breaks in {month_name(NEXT)}: the limit is reached")
    enter(owen, cast.other_manager, "/")
    assert owen.page.request.get(owen.address + YEAR).status == 403
    enter(owen, cast.assistant_director, "/inbox/")
    owen.sees(f"{cast.auditor} asked for a break in {month_name(NEXT)}: granted")


def ask_for_next_month(somebody, staff):
    enter(somebody, staff, f"/rounds/my-year/{'?year=next' if IS_NEXT_YEAR else ''}")
    somebody.press(f"Ask for a break in {month_name(NEXT)}")


@pytest.mark.req("S1-01", "S1-02", "S1-07", "S2-04", "A6")
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_month_from_its_breaks_to_the_list_as_every_role_sees_it(script, cast, person):
    before = break_deadline(THIS.year, THIS.month) - timedelta(hours=1)
    ask(cast.auditor, THIS, before)
    naomi = person(script=script)
    enter(naomi, cast.pq_lead, "/rounds/")
    naomi.press(f"Plan {month_name(THIS)}")
    naomi.sees(cast.auditor.name)
    naomi.sees("On a break")
    naomi.follow("1 Breaks")
    naomi.sees("1 of 1 place")
    draw_the_list(naomi, THIS)
    naomi.press("Publish: 6 audits, 6 auditors")
    audits = list(Audit.objects.select_related("auditor"))
    assert len(audits) == 6 and cast.auditor not in {audit.auditor for audit in audits}
    naomi.open(f"/rounds/{THIS:%Y-%m}/publish/")
    naomi.sees("Open the distribution list (PDF)")
    for name in ("list.csv", "list.pdf", "certificate.json"):
        assert naomi.page.request.get(f"{naomi.address}/rounds/{THIS:%Y-%m}/{name}").status == 200
    audit = audits[0]
    told = f"A case of yours is being audited by {audit.auditor}"
    for staff in (cast.worker, cast.team_manager, cast.iro):
        reader = person(script=script)
        enter(reader, staff, "/inbox/")
        reader.sees(told)
        reader.open(audit.get_absolute_url())
        reader.sees(f"{audit.auditor} audits this case")
    auditor, resting = person(script=script), person(script=script)
    enter(auditor, audit.auditor, "/")
    auditor.sees(audit.number)
    enter(resting, cast.auditor, "/rounds/my-year/")
    resting.sees("Granted")
    assert resting.page.request.get(resting.address + audit.get_absolute_url()).status == 404


@pytest.mark.req("A6", "S1-02")
def test_next_months_list_is_prepared_and_stays_a_draft(cast, person):
    naomi = person()
    enter(naomi, cast.pq_officer, "/rounds/")
    naomi.press(f"Plan {month_name(NEXT)}")
    draw_the_list(naomi, NEXT)
    naomi.sees("stays a draft while breaks")
    assert not naomi.page.get_by_role("button", name="Publish: ").count() and not Audit.objects.exists()
    assert timezone.now() <= break_deadline(NEXT.year, NEXT.month)


def draw_the_list(naomi, month):
    """Freeze, draw, look."""
    naomi.open(f"/rounds/{month:%Y-%m}/frame/")
    naomi.press("Freeze the frame and commit the seed")
    naomi.press("Draw the list")
    naomi.press("I have looked at this list")
