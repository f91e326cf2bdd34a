"""The lists of people: for those who keep them only, and as quick for many as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_portal.testing.factories import make_auditor, make_staff, make_unit
from people.models import Unit
from people.views.lists import tree_of
from trail.models import Event

pytestmark = pytest.mark.django_db
PAGES = ["/people/", "/people/units/", "/people/auditors/"]


def names(response):
    return [person.name for person in response.context["page"]]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("persona, status", [
    ("pq_lead", 200), ("administrator", 200), ("pq_officer", 403), ("team_manager", 403), ("director", 403),
    ("worker", 403), ("board_viewer", 403),
])
def test_only_who_keeps_people_sees_the_lists(address, persona, status, cast, sign_in):
    assert sign_in(cast.everyone()[persona]).get(address).status_code == status


@pytest.mark.parametrize("address", PAGES)
def test_the_lists_are_for_reading(address, cast, sign_in):
    assert sign_in(cast.pq_lead).post(address).status_code == 405


@pytest.mark.parametrize("query, found", [
    ({"name": "NOWAK, Tomasz"}, ["Tomasz Nowak"]), ({"name": "tomasz.nowak"}, ["Tomasz Nowak"]),
    ({"role": "iro"}, ["Maureen Doyle"]), ({"role": "head_of_service"}, ["Naomi Clarke", "Ruth Okafor"]),
    ({"state": "left"}, ["Lee Leaver"]), ({"name": "nobody"}, []),
])
def test_staff_are_found_by_name_role_and_state(query, found, cast, sign_in):
    assert names(sign_in(cast.pq_lead).get("/people/", query)) == found


def test_staff_are_found_by_unit_with_all_below(cast, sign_in):
    assert names(sign_in(cast.pq_lead).get("/people/", {"unit": cast.service.pk})) == [
        "Colin Beckett", "Farah Siddiqui", "Ruth Okafor", "Tomasz Nowak"]


def test_leavers_show_only_when_asked_for(cast, sign_in):
    client = sign_in(cast.pq_lead)
    assert "Lee Leaver" not in client.get("/people/").content.decode()
    assert "Lee Leaver" in client.get("/people/?state=all&name=lee").content.decode()


def test_roles_come_from_grants_and_units(cast, sign_in):
    page = sign_in(cast.pq_lead).get("/people/", {"name": "Naomi"}).content.decode()
    assert "Head of service, Performance and Quality lead" in page


@pytest.mark.parametrize("sort, first", [("name", "Ada Admin"), ("-name", "Tomasz Nowak"), ("number", "Ada Admin")])
def test_staff_are_sorted_as_asked(sort, first, cast, sign_in):
    assert names(sign_in(cast.pq_lead).get("/people/", {"sort": sort}))[0] == first


def test_the_download_of_staff_has_no_more_than_the_filter_shows(cast, sign_in):
    answer = sign_in(cast.administrator).get("/people/", {"name": "naomi", "export": "csv"})
    lines = answer.content.decode().splitlines()
    assert len(lines) == 2 and "Head of service, Performance and Quality lead" in lines[1]
    assert Event.objects.filter(verb="staff.exported", actor_id=cast.administrator.pk).count() == 1


def test_a_name_never_becomes_a_formula(cast, sign_in):
    make_staff("=cmd()", cast.team)
    assert "'=cmd()" in sign_in(cast.pq_lead).get("/people/?export=csv&name=cmd").content.decode()


def test_the_download_of_units_goes_from_the_top_down(cast, sign_in):
    lines = sign_in(cast.pq_lead).get("/people/units/?export=csv").content.decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:5]] == [
        "Improvement", "Performance and Quality", "Social Care", "Children in Need"]


def test_units_stand_in_a_tree(cast):
    branches = tree_of(list(Unit.objects.select_related("manager").order_by("folded_name")))
    care = next(branch for branch in branches if branch.unit == cast.care)
    assert [branch.unit.name for branch in care.branches] == ["Children in Need", "Fostering"]
    assert care.branches[0].branches[0].branches[0].unit == cast.team


def test_the_register_tells_the_pool_from_the_others(cast, sign_in):
    auditor = make_auditor("Old Auditor", cast.team)
    auditor.auditor.left_on = auditor.auditor.joined_on
    auditor.auditor.save()
    page = sign_in(cast.pq_lead).get("/people/auditors/").content.decode()
    assert page.count("In the pool</strong>") == 1 and page.count("Not in the pool</strong>") == 1


@pytest.mark.parametrize("address", [*PAGES, *(f"{page}?export=csv" for page in PAGES)])
def test_the_lists_ask_as_often_for_twenty_as_for_one(address, cast, sign_in):
    client = sign_in(cast.pq_lead)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    count()
    before = count()
    for number in range(20):
        team = make_unit(f"Team {number}", "team", cast.group, manager=cast.team_manager)
        make_auditor(f"Person {number}", team, line_manager=cast.team_manager)
    make_staff("One More", cast.team, roles=("iro", "worker"))
    assert count() == before <= 25
