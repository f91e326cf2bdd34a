"""The lists of people: for those who keep them only, and as quick for many as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_portal.testing.factories import make_auditor, make_staff, make_unit
from people.models import Unit
from people.views.lists import tree_of

pytestmark = pytest.mark.django_db
PAGES = ["/people/", "/people/units/", "/people/auditors/"]


@pytest.fixture
def sign_in(client):
    """The test client, signed in as somebody."""

    def signed_in(person):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


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


@pytest.mark.parametrize("address", PAGES)
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
    assert count() == before
