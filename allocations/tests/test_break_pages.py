"""The pages of breaks: one's own year, the round's first tab, the year at a glance; what each costs."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allocations.breaks import year
from allocations.breaks.pool import rules_for
from allocations.models import Allocation, Break
from allocations.months import month_name
from allocations.tests.break_pools import ask, make_pool
from audit_portal.testing.factories import MONTH, START, ended, make_audit_at, make_case, plan_round
from calendars.rules import add_months_clamped, audit_year, today_in_london
from people.models import Auditor

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NEXT = add_months_clamped(today_in_london().replace(day=1), 1)
MINE, TAB, YEAR = "/rounds/my-year/", f"/rounds/{NEXT:%Y-%m}/breaks/", f"/rounds/year/{audit_year(NEXT)}/"
MOST = 15


@pytest.fixture
def signed_in(client):
    def sign_in(person):
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


def post_ask(client, month=NEXT):
    return client.post(f"{MINE}ask/", {"month": f"{month:%Y-%m}"}, follow=True)


def own_year(client):
    return client.get(MINE + ("" if audit_year(NEXT) == audit_year(today_in_london()) else "?year=next"))


@pytest.mark.req("S1-05", "S1-04")
def test_an_auditor_asks_and_withdraws_with_one_press_each(cast, signed_in):
    make_pool(5)
    client = signed_in(cast.auditor)
    assert f"Ask for a break in {month_name(NEXT)}" in own_year(client).text
    assert f"You have a break in {month_name(NEXT)}. Your head of service" in post_ask(client).text
    wish = Break.objects.get()
    assert f"Withdraw the break in {month_name(NEXT)}" in own_year(client).text
    answer = client.post(f"/rounds/breaks/{wish.pk}/withdraw/", follow=True)
    assert f"Your break in {month_name(NEXT)} is withdrawn." in answer.text
    assert f"Ask for a break in {month_name(NEXT)}" in own_year(client).text


@pytest.mark.req("S1-07")
def test_who_is_too_late_in_line_reads_their_place(cast, signed_in):
    people = make_pool(5, cast.other_team)
    ask(people[0], NEXT, timezone.now())
    assert "you are number 1 in the waiting list" in post_ask(signed_in(people[1])).text


@pytest.mark.req("S1-06")
@pytest.mark.parametrize("month", ["this", "", "next", "2026-13"])
def test_a_late_or_senseless_month_is_refused_in_words(month, cast, signed_in):
    make_pool(5)
    given = f"{today_in_london():%Y-%m}" if month == "this" else month
    answer = signed_in(cast.auditor).post(f"{MINE}ask/", {"month": given}, follow=True, HTTP_REFERER="http://testserver/")
    assert ("It is an exemption now" if month == "this" else "Choose a month for the break.") in answer.text
    assert not Break.objects.exists()


def test_only_auditors_have_a_year_of_their_own(cast, signed_in):
    assert signed_in(cast.worker).get(MINE).status_code == 404
    assert post_ask(signed_in(cast.worker)).status_code == 404


@pytest.mark.req("S1-08", "A7")
def test_the_first_tab_shows_places_and_lets_pq_reorder(cast, s1, signed_in):
    people = make_pool(7, cast.other_team)
    plan_round(cast, s1, NEXT)
    wishes = [ask(person, NEXT, timezone.now()) for person in people[:3]]
    client = signed_in(cast.pq_officer)
    text = client.get(TAB).text
    assert "The limit is reached: 1 of 1 place is taken." in text
    assert '<progress class="portal-bar" max="1" value="1"' in text
    assert "3 asked, 1 granted, 2 waiting" in text
    assert "All heads of service were told" in text
    move = {"wish": wishes[2].pk, "place": 1}
    refused = client.post("/rounds/breaks/move/", move)
    assert refused.status_code == 422
    assert "Say why the order changes" in refused.text
    moved = client.post("/rounds/breaks/move/", move | {"reason": "A bereavement"}, follow=True)
    assert f"{people[2]} is number 1 in the waiting list." in moved.text
    assert list(Break.objects.in_line()) == [wishes[2], wishes[1]]
    assert client.post("/rounds/breaks/move/", {"wish": "x"}).status_code == 404


@pytest.mark.req("A5")
def test_the_lead_grants_in_a_small_pool_with_a_reason(cast, s1, signed_in):
    plan_round(cast, s1, NEXT)
    wish = ask(cast.auditor, NEXT, timezone.now())
    address = f"/rounds/breaks/{wish.pk}/grant/"
    assert "Grant Grace Adeyemi the break" not in signed_in(cast.pq_officer).get(TAB).text
    client = signed_in(cast.pq_lead)
    text = client.get(TAB).text
    assert "Fewer than five auditors are in the pool" in text
    assert "Grant Grace Adeyemi the break" in text
    assert client.post(address, {"reason": ""}).status_code == 422
    assert "above the limit." in client.post(address, {"reason": "Surgery"}, follow=True).text
    assert "Above the limit: “Surgery”" in client.get(TAB).text


@pytest.mark.req("B7")
def test_an_overrun_through_leavers_is_shown(cast, s1, signed_in):
    people = make_pool(10)
    plan_round(cast, s1, NEXT)
    for person in people[:2]:
        ask(person, NEXT, timezone.now())
    connection.check_constraints()  # as a commit would
    Auditor.objects.filter(staff__in=people[7:]).update(left_on=today_in_london())
    client = signed_in(cast.pq_lead)
    assert "1 more is on a break than the pool as it is now allows" in client.get(TAB).text
    assert "2 granted for 1 place of the pool as it is now" in client.get(YEAR).text


def test_verbs_are_posted_and_pages_read(cast, s1, signed_in):
    wish = ask(cast.auditor, NEXT, timezone.now())
    plan_round(cast, s1, NEXT)
    client = signed_in(cast.pq_lead)
    for path in (f"{MINE}ask/", "/rounds/breaks/move/", f"/rounds/breaks/{wish.pk}/withdraw/",
                 f"/rounds/breaks/{wish.pk}/grant/"):
        assert client.get(path).status_code == 405
    assert {client.post(path).status_code for path in (MINE, TAB, YEAR)} == {405}
    assert client.get("/rounds/year/1999/").status_code == 404


# The year at a glance


NOW = START + timedelta(days=16)  # 18 November 2026


def words(cast, now=NOW):
    facts = year.facts_of(2026, now, rules_for(MONTH), cast.auditor)
    return year.row_of(cast.auditor, facts)


def kinds(row):
    return [cell.kind for cell in row.cells]


def give(cast, version, month, status="allocated"):
    round = plan_round(cast, version, month)
    return Allocation.objects.create(
        round=round, case_file=make_case(f"E{month:%m}", cast.team), auditor=cast.auditor, status=status, position=1,
        stratum="in_need", number=f"A-{month:%Y-%m}-0001", due_at=round.due_at, allocated_at=START,
        allocated_by=cast.pq_lead, **(ended(cast.pq_lead) if status != "allocated" else {}))


@pytest.mark.req("S1-03", "A4")
def test_each_month_has_its_word(cast, s1):
    make_audit_at("shared", cast, s1, month=date(2026, 11, 1))
    give(cast, s1, date(2026, 6, 1))
    give(cast, s1, date(2026, 7, 1), status="exempted")
    give(cast, s1, date(2026, 12, 1))
    make_pool(5)
    ask(cast.auditor, date(2027, 1, 1), NOW)
    row = words(cast)
    assert [cell.word for cell in row.cells] == [
        "None", "None", "Late", "Exempt", "None", "None", "None", "Done", "Now", "Break", "Audit", "Audit"]
    assert (row.used, row.breaks, row.forced) == (3, 1, 0)


@pytest.mark.req("A4", "S1-03")
def test_who_reaches_ten_has_the_rest_of_the_year_forced_and_apart_from_breaks(cast, s1):
    for number in range(4, 12):
        give(cast, s1, date(2026, number, 1))
    row = words(cast)
    assert kinds(row)[8:] == ["open", "open", "cap", "cap"]
    assert (row.used, row.breaks, row.forced, row.months_left) == (8, 0, 2, 4)
    make_pool(5)
    ask(cast.auditor, date(2026, 12, 1), NOW)
    row = words(cast)
    assert kinds(row)[8:] == ["break", "open", "open", "cap"]
    assert (row.breaks, row.forced) == (1, 1)


@pytest.mark.req("A4")
def test_who_must_take_breaks_and_has_no_month_to_spare_is_named(cast, s1):
    for number in range(4, 13):
        give(cast, s1, date(2026, number, 1))
    january = NOW + timedelta(days=60)
    row = words(cast, january)
    assert (row.used, row.months_left) == (9, 2)
    assert year.needs_break_soon(row, 10)
    assert not year.needs_break_soon(words(cast), 10)


@pytest.mark.req("A4")
@pytest.mark.parametrize(("size", "small"), [(1, True), (4, True), (5, False), (6, False), (9, True), (10, False)])
def test_a_pool_too_small_for_both_rules_is_said_in_words(size, small, cast, signed_in):
    make_pool(size)
    text = signed_in(cast.pq_lead).get(YEAR).text
    assert ("the two rules cannot both hold" in text) == small


@pytest.mark.req("S1-01")
def test_the_year_can_be_narrowed(cast, signed_in):
    make_pool(6, cast.team)
    client = signed_in(cast.pq_lead)
    assert "Grace Adeyemi" in client.get(f"{YEAR}?service=Fostering").text
    assert "Grace Adeyemi" not in client.get(f"{YEAR}?service=Children+in+Need").text
    assert "No auditor to show" in client.get(f"{YEAR}?show=soon").text
    assert client.get("/rounds/year/2035/").status_code == 200


# What they cost


def queries(client, address):
    client.get("/help/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(("address", "most"), [(YEAR, MOST), (TAB, 25)])
def test_a_page_costs_the_same_for_one_auditor_and_for_twenty(address, most, cast, s1, signed_in):
    plan_round(cast, s1, NEXT)
    ask(cast.auditor, NEXT, timezone.now())
    client, costs = signed_in(cast.pq_lead), []
    for size in (1, 20):
        with transaction.atomic():
            for person in make_pool(size, cast.other_team)[:-1]:
                ask(person, NEXT, timezone.now())
            costs.append(queries(client, address))
            transaction.set_rollback(True)
    assert costs[0] == costs[1] <= most


def test_ones_own_year_is_cheap(cast, signed_in):
    assert queries(signed_in(cast.auditor), MINE) <= MOST
